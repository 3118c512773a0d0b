// The workload's dials: how often clients invoke operations, on how many keys, and which.

import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { TICKS_PER_MS, count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Workload } from "../../engine/engine.js";
import { numberField, rangeFields } from "../fields.js";
import { Panel, base } from "../panel.js";
import { setWorkload, workloadNow } from "./switches.js";

@customElement("playground-workload")
export class PlaygroundWorkload extends Panel {
  static override styles = [
    base,
    css`
      .dials {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 6px var(--s3);
        align-items: center;
      }

      .pair {
        display: flex;
        flex-wrap: wrap;
        gap: 5px;
        align-items: center;
      }

      input[type="number"] {
        width: 66px;
      }

      .mix {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: 4px;
        font-size: var(--size-xs);
        color: var(--ink-2);
      }

      .mix input[type="number"] {
        width: 100%;
        color: var(--ink);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario", "records", "time"];
  protected override readonly pace = 500;

  protected override content(): TemplateResult {
    const only = this.run.catalogue.only_key !== null;
    const { keys, think_ticks: think, mix } = workloadNow(this.run);
    const set = (change: Partial<Workload>): void => setWorkload(this.run, change);
    return html`<details class="section" open>
      <summary>
        <h2>Workload</h2>
        <span class="now">${only ? "" : `${count(keys, "key")}, `}every ${think.min / TICKS_PER_MS}–${think.max / TICKS_PER_MS} ms</span>
      </summary>
      <div class="body dials">
        <span>Pause</span>
        <span class="pair">
          ${rangeFields({ names: ["Shortest pause between operations in ms", "Longest pause between operations in ms"], range: think, min: 0, set: (think_ticks) => set({ think_ticks }) })} ms
        </span>
        ${only ? "" : this.dials(keys, mix, set)}
      </div>
    </details>`;
  }

  /** What makes no difference where there is one key. */
  private dials(keys: number, mix: Workload["mix"], set: (change: Partial<Workload>) => void): TemplateResult {
    return html`<span>Keys</span>
        <span>${numberField({ label: "Keys", value: keys, min: 1, max: 26, step: 1, set: (value) => set({ keys: Math.round(value) }) })}</span>
        <span>Mix</span>
        <span class="mix">
          ${(["get", "put", "cas", "delete"] as const).map(
            (kind) => html`<label>${kind}${numberField({ label: `Weight of ${kind}`, value: mix[kind], min: 0, max: 100, step: 1, set: (weight) => set({ mix: { ...mix, [kind]: Math.round(weight) } }) })}</label>`,
          )}
        </span>`;
  }
}
