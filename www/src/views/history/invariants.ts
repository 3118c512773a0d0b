// The properties that are watched on every event, and whether they hold.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { icons } from "../../design/icons.js";
import { apostrophes, titled } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { InvariantState } from "../../engine/engine.js";
import { Panel, base } from "../panel.js";
import { showEvent, showReasons } from "../responsible.js";
import { invariantsStyles } from "./invariants-styles.js";

@customElement("playground-invariants")
export class PlaygroundInvariants extends Panel {
  static override styles = [base, invariantsStyles];

  protected readonly topics: readonly Topic[] = ["time", "scenario"];
  protected override readonly pace = 250;

  protected override content(): TemplateResult {
    return html`<ul aria-label="Invariants" tabindex="0">
      ${this.run.moment.invariants().map((invariant) => this.invariant(invariant))}
    </ul>`;
  }

  private invariant(property: InvariantState): TemplateResult {
    const { name, text, source, broken } = property;
    return html`<li class=${broken === null ? "" : "broken-one"} data-testid="invariant" data-name=${name} data-holds=${broken === null}>
      ${broken === null ? icons.check : icons.cross}
      <div>
        <strong>${titled(name)}</strong> <small class="soft">${broken === null ? "holds so far" : "broken"}</small>
        <p>${apostrophes(text)} <small>${source}</small></p>
        ${broken === null
          ? nothing
          : html`<p class="finding">
              ${apostrophes(broken.sentence)}
              <button aria-label="Show why ${titled(name)} is broken" @click=${() => this.attempt(() => this.why(property))}>Show why</button>
              <button @click=${() => this.attempt(() => showEvent(this.run, broken.event))}>Show the event</button>
            </p>`}
      </div>
    </li>`;
  }

  /** The diagram comes to the front, where one view is shown at a time. */
  private why(property: InvariantState): void {
    window.dispatchEvent(new CustomEvent("playground-show", { detail: "playground-diagram" }));
    showReasons(this.run, property);
  }
}
