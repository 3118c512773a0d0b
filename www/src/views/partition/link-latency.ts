// A latency of its own for one directed link: the slow link in an otherwise quick network.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { TICKS_PER_MS } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Range } from "../../engine/engine.js";
import { numberField } from "../fields.js";
import { Panel, base } from "../panel.js";
import { ownLatencies } from "./standing.js";


@customElement("playground-link-latency")
export class PlaygroundLinkLatency extends Panel {
  static override styles = [
    base,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 5px;
        align-items: center;
        margin-top: var(--s2);
        font-size: var(--size-s);
      }

      select {
        padding: 2px 4px;
      }

      input[type="number"] {
        width: 58px;
      }

      p {
        margin-top: 5px;
        font-size: var(--size-s);
        color: var(--ink-2);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario", "records", "time"];
  protected override readonly pace = 500;

  @state() private from = "n1";
  @state() private to = "n2";
  @state() private latency: Range = { min: 60 * TICKS_PER_MS, max: 80 * TICKS_PER_MS };

  protected override content(): TemplateResult {
    const { processes } = this.run.catalogue;
    const same = this.from === this.to;
    const own = ownLatencies(this.run);
    return html`<form
        aria-label="Latency of one link"
        @submit=${(event: Event) => {
          event.preventDefault();
          if (!same) this.run.act({ link_latency: { from: this.from, to: this.to, latency_ticks: this.latency } });
        }}
      >
        <span>Latency</span>
        ${this.choice("From", processes, this.from, (name) => (this.from = name))} →
        ${this.choice("To", processes, this.to, (name) => (this.to = name))}
        ${this.milliseconds("Least latency of the link in ms", this.latency.min, (min) => (this.latency = { min, max: Math.max(min, this.latency.max) }))} –
        ${this.milliseconds("Greatest latency of the link in ms", this.latency.max, (max) => (this.latency = { min: Math.min(this.latency.min, max), max }))} ms
        <button type="submit" aria-label="Set the latency of the link" aria-disabled=${same ? "true" : nothing} title=${same ? "A process has no link to itself" : nothing}>Set</button>
      </form>
      ${own.size === 0 ? nothing : html`<p data-testid="link-latencies">${[...own].map(([link, { min, max }]) => `${link}: ${min / TICKS_PER_MS}–${max / TICKS_PER_MS} ms`).join("; ")}</p>`}`;
  }

  private choice(label: string, names: readonly string[], chosen: string, set: (name: string) => void): TemplateResult {
    return html`<select aria-label=${label} @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
      ${names.map((name) => html`<option ?selected=${name === chosen}>${name}</option>`)}
    </select>`;
  }

  private milliseconds(label: string, ticks: number, set: (ticks: number) => void): TemplateResult {
    return numberField({ label, value: ticks / TICKS_PER_MS, min: 0, max: 10_000, step: 1, set: (value) => set(Math.round(value * TICKS_PER_MS)) });
  }
}
