// How the diagram is drawn, and whether there is a list in its place: the row above the canvas where it stands alone.
// On the whole page these tools stand in the rail (view-tools.ts).

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { shortcuts } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import type { Run } from "../../engine/run.js";
import type { Looks } from "../../engine/view-state.js";

/** The messages as a picture, or as the list of all events. */
export type Twin = "diagram" | "list";

function choice<K extends keyof Looks>(run: Run, name: string, key: K, options: readonly (readonly [Looks[K], string, string])[]): TemplateResult {
  const { looks } = run.view;
  return html`<div class="segmented" role="group" aria-label=${name}>
    ${options.map(
      ([value, words, title]) => html`<button aria-pressed=${looks[key] === value} title=${title} @click=${() => run.view.setLooks({ [key]: value })}>${words}</button>`,
    )}
  </div>`;
}

export function direction(run: Run): TemplateResult {
  return choice(run, "Direction of time", "direction", [
    ["down", "Time ↓", "A column for each process"],
    ["right", "Time →", "A row for each process"],
  ]);
}

export function spacing(run: Run): TemplateResult {
  return choice(run, "Spacing", "spacing", [
    ["true", "True", "Distances are virtual time"],
    ["causal", "Causal", "Evenly spaced: each event one step after what caused it"],
  ]);
}

/** How many there are, the diagram says once it has counted them. */
export function heartbeats(run: Run, words = ""): TemplateResult {
  const isShown = run.view.looks.heartbeats === "shown";
  const toggle = (): void => run.view.setLooks({ heartbeats: isShown ? "folded" : "shown" });
  return html`<button id="heartbeats" class="quiet" aria-pressed=${isShown} title="Show or fold heartbeats" @click=${toggle}>${words}</button>`;
}

export function tools(run: Run, shown: Twin, show: (twin: Twin) => void): TemplateResult {
  return html`
    <h2>Messages</h2>
    <div class="segmented" role="group" aria-label="As a diagram or a list">
      ${(["diagram", "list"] as const).map(
        (twin) => html`<button aria-pressed=${shown === twin} @click=${() => show(twin)}>${twin === "diagram" ? "Diagram" : "List"}</button>`,
      )}
    </div>
    ${shown === "list" ? nothing : html`${direction(run)} ${spacing(run)} ${heartbeats(run)} <span id="range" class="mono soft"></span>`}
  `;
}

/** How much a button zooms. */
const ZOOM = 1.4;

/** What the buttons at the canvas' corner do. */
interface ZoomActs {
  zoom: (factor: number) => void;
  fit: () => void;
  follow: () => void;
  legend: () => void;
}

export function zoomTools({ zoom, fit, follow, legend }: ZoomActs, now: { follows: boolean; legend: boolean }): TemplateResult {
  const acts = { out: () => zoom(1 / ZOOM), in: () => zoom(ZOOM), fit, follow };
  return html`<div class="zoom" role="group" aria-label="Zoom">${zoomButtons(acts, now.follows)} ${legendButton(legend, now.legend)}</div>`;
}

export function zoomButtons(acts: Readonly<Record<"out" | "in" | "fit" | "follow", () => void>>, follows: boolean): TemplateResult {
  return html`<button class="quiet icon" aria-label="Zoom out" title="Zoom out (−)" aria-keyshortcuts=${shortcuts("zoom-out")} @click=${acts.out}>${icons.zoomOut}</button>
    <button class="quiet icon" aria-label="Zoom in" title="Zoom in (+)" aria-keyshortcuts=${shortcuts("zoom-in")} @click=${acts.in}>${icons.zoomIn}</button>
    <button class="quiet" title="Fit the whole run (0)" aria-keyshortcuts=${shortcuts("fit")} @click=${acts.fit}>Fit</button>
    <button class="quiet" title="Keep the playhead in view" aria-pressed=${follows} @click=${acts.follow}>Follow</button>`;
}

export function legendButton(show: () => void, isShown: boolean): TemplateResult {
  return html`<button class="quiet" title="What the signs mean" aria-expanded=${isShown} @click=${show}>Legend</button>`;
}
