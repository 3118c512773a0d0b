// Above the canvas: as a diagram or a list, and how the diagram is drawn.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../../engine/run.js";
import type { Looks } from "../../engine/view-state.js";

/** The messages as a picture, or as the list of all events. */
export type Twin = "diagram" | "list";

export function tools(run: Run, shown: Twin, show: (twin: Twin) => void): TemplateResult {
  const { looks } = run.view;
  const choice = <K extends keyof Looks>(name: string, key: K, options: readonly (readonly [Looks[K], string, string])[]): TemplateResult =>
    html`<div class="segmented" role="group" aria-label=${name}>
      ${options.map(
        ([value, words, title]) => html`<button aria-pressed=${looks[key] === value} title=${title} @click=${() => run.view.setLooks({ [key]: value })}>${words}</button>`,
      )}
    </div>`;
  return html`
    <h2>Messages</h2>
    <div class="segmented" role="group" aria-label="As a diagram or a list">
      ${(["diagram", "list"] as const).map(
        (twin) => html`<button aria-pressed=${shown === twin} @click=${() => show(twin)}>${twin === "diagram" ? "Diagram" : "List"}</button>`,
      )}
    </div>
    ${shown === "list"
      ? nothing
      : html`${choice("Direction of time", "direction", [
            ["down", "Time ↓", "A column for each process"],
            ["right", "Time →", "A row for each process"],
          ])}
          ${choice("Spacing", "spacing", [
            ["true", "True", "Distances are virtual time"],
            ["causal", "Causal", "Evenly spaced: each event one step after what caused it"],
          ])}
          <button
            id="heartbeats"
            class="quiet"
            aria-pressed=${looks.heartbeats === "shown"}
            title="Show or fold heartbeats"
            @click=${() => run.view.setLooks({ heartbeats: looks.heartbeats === "folded" ? "shown" : "folded" })}
          ></button>
          <span id="range" class="mono soft"></span>`}
  `;
}
