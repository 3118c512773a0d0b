// The network's dials, with what may fail under them in words.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { TICKS_PER_MS } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Network, Ratio } from "../../engine/engine.js";
import { dialsOf } from "../../protocols/dials.js";
import { rangeFields } from "../fields.js";
import { Panel, base } from "../panel.js";
import { networkStyles } from "./network-styles.js";

/** Percentages are handed over as ratios of this. */
const DENOMINATOR = 1_000;

@customElement("playground-network")
export class PlaygroundNetwork extends Panel {
  static override styles = [base, networkStyles];

  protected readonly topics: readonly Topic[] = ["scenario", "records", "time"];
  protected override readonly pace = 300;

  protected override content(): TemplateResult {
    const network = this.run.moment.network();
    const { min, max } = network.latency_ticks;
    const { assumptions } = dialsOf(this.run.catalogue.protocol);
    const hint = assumptions.stability(this.run.scenario, max);
    return html`<details class="section">
      <summary>
        <h2>Lose, delay or copy messages</h2>
        <span class="now">${min / TICKS_PER_MS}–${max / TICKS_PER_MS} ms, loss ${percent(network.loss)} %</span>
      </summary>
      <div class="body">
        <div class="dials">
          <span>Latency</span>
          <span class="latency">
            ${rangeFields({ names: ["Least latency in ms", "Greatest latency in ms"], range: network.latency_ticks, min: 0, max: 10_000, set: (latency_ticks) => this.set({ latency_ticks }) })} ms
          </span>
          ${this.dial("Loss", network.loss, (loss) => this.set({ loss }))} ${this.dial("Duplication", network.duplication, (duplication) => this.set({ duplication }))}
          ${this.dial("Reordering", network.reordering, (reordering) => this.set({ reordering }))}
        </div>
        ${hint === null ? nothing : html`<p class="hint" role="note">${hint}</p>`}
        <p class="words">${assumptions.faultModel}</p>
      </div>
    </details>`;
  }

  private dial(name: string, ratio: Ratio, set: (ratio: Ratio) => void): TemplateResult {
    const value = percent(ratio);
    const onChange = (event: Event): void => {
      const wanted = (event.target as HTMLInputElement).valueAsNumber;
      set({ numerator: Math.round((wanted / 100) * DENOMINATOR), denominator: DENOMINATOR });
    };
    return html`<span>${name}</span>
      <input type="range" aria-label="${name} in per cent" min="0" max="50" step="0.5" .value=${String(value)} @change=${onChange} />
      <output>${value} %</output>`;
  }

  private set(network: Partial<Network>): void {
    this.run.act({ network });
  }
}

function percent({ numerator, denominator }: Ratio): number {
  return denominator === 0 ? 0 : Math.round((numerator / denominator) * 1_000) / 10;
}
