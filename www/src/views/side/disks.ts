// The disk of a replica of choice: slow, standing still, failing, or gone. What no protocol here bears is told apart.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { TICKS_PER_MS } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { NodeView, Range } from "../../engine/engine.js";
import { hasDisks } from "../../protocols/protocol.js";
import { diskOffers, diskState, isTreated, lawlessDiskOffers } from "../actions/offers.js";
import type { DiskState } from "../actions/offers.js";
import { offered } from "../controls.js";
import { numberField } from "../fields.js";
import { Panel, base } from "../panel.js";

@customElement("playground-disks")
export class PlaygroundDisks extends Panel {
  static override styles = [
    base,
    css`
      .body {
        display: grid;
        gap: var(--s2);
      }

      form,
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 5px;
        align-items: center;
      }

      input[type="number"] {
        width: 62px;
      }

      p {
        font: var(--size-m) / 1.45 var(--serif);
        color: var(--ink-2);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario", "time", "records"];
  protected override readonly pace = 300;

  @state() private of = "n1";
  @state() private flush: Range = { min: 0, max: 25 * TICKS_PER_MS };

  protected override content(): TemplateResult {
    const { run } = this;
    const replicas = run.moment.nodes().slice(0, run.catalogue.replicas);
    const states = replicas.map(({ name }) => diskState(run, name));
    const faulty = replicas.flatMap(({ name }, place) => (states[place] !== undefined && isTreated(states[place]) ? [name] : []));
    const ordinal = Math.max(0, replicas.findIndex(({ name }) => name === this.of));
    const node = replicas[ordinal];
    const disk = states[ordinal];
    return html`<details class="section">
      <summary>
        <h2>Slow or wipe a disk</h2>
        <span class="now">${faulty.length === 0 ? "" : faulty.join(", ")}</span>
      </summary>
      ${node === undefined || disk === undefined ? nothing : hasDisks(run.scenario) ? this.form(replicas, node, disk) : html`<p class="body">Replicas have no disk in this run: a crash forgets all.</p>`}
    </details>`;
  }

  private form(replicas: readonly NodeView[], node: NodeView, disk: DiskState): TemplateResult {
    const { min, max } = this.flush;
    return html`<div class="body">
      <form
        aria-label="Flushes of a disk"
        @submit=${(event: Event) => {
          event.preventDefault();
          this.attempt(() => this.run.act({ disk: { node: node.name, flush_ticks: this.flush } }));
        }}
      >
        <select aria-label="Whose disk" @change=${(event: Event) => (this.of = (event.target as HTMLSelectElement).value)}>
          ${replicas.map(({ name }) => html`<option .selected=${name === node.name}>${name}</option>`)}
        </select>
        takes ${ms("Shortest flush in ms", min, (least) => (this.flush = { min: least, max: Math.max(least, max) }))} –
        ${ms("Longest flush in ms", max, (most) => (this.flush = { min: Math.min(min, most), max: most }))} ms
        <button type="submit" aria-label="Set flush times">Set</button>
      </form>
      <p role="status">${words(node.name, disk)}</p>
      <div class="row">${diskOffers(node, disk).map((offer) => offered(this.run, offer, (act) => this.attempt(act)))}</div>
      <p>Beyond the fault model: every protocol here takes it for granted that a replica keeps what its disk calls written.</p>
      <div class="row">${lawlessDiskOffers(node, disk).map((offer) => offered(this.run, offer, (act) => this.attempt(act)))}</div>
    </div>`;
  }
}

function ms(label: string, ticks: number, set: (ticks: number) => void): TemplateResult {
  return numberField({ label, value: ticks / TICKS_PER_MS, min: 0, max: 10_000, step: 1, set: (value) => set(Math.round(value * TICKS_PER_MS)) });
}

function words(name: string, { stalled, losesFlushes, flush }: DiskState): string {
  const said = [
    ...(flush === null ? [] : [`a flush takes ${flush.min / TICKS_PER_MS}–${flush.max / TICKS_PER_MS} ms`]),
    ...(stalled ? ["its flushes stand still"] : []),
    ...(losesFlushes ? ["what it calls written is lost with the power"] : []),
  ];
  return said.length === 0 ? `Nothing was done to the disk of ${name}.` : `The disk of ${name}: ${said.join("; ")}.`;
}
