// What a run is made of from its first event on: changing it starts the run again.

import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Scenario } from "../../engine/engine.js";
import { dialsOf } from "../../protocols/dials.js";
import { flagField, numberField } from "../fields.js";
import { Panel, base } from "../panel.js";
import { restartWith } from "./switches.js";

@customElement("playground-settings")
export class PlaygroundSettings extends Panel {
  static override styles = [
    base,
    css`
      .dials {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 6px var(--s2);
        align-items: center;
      }

      .pair {
        display: inline-flex;
        gap: 4px;
        align-items: center;
      }

      input[type="number"] {
        width: 74px;
      }

      .pair input[type="number"] {
        width: 58px;
      }

      p {
        margin-bottom: var(--s2);
        font-size: var(--size-s);
        color: var(--ink-2);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario"];

  protected override content(): TemplateResult {
    const { scenario, catalogue } = this.run;
    const clients = catalogue.processes.length - catalogue.replicas;
    return html`<details class="section" open>
      <summary>
        <h2>Set-up</h2>
        <span class="now">${count(catalogue.replicas, "replica")}, ${count(clients, "client")}, seed ${scenario.seed ?? "default"}</span>
      </summary>
      <div class="body">
        <p>Changes start the run again, with the same interventions; another number of replicas or clients, without any.</p>
        <div class="dials">
          <span>Replicas</span>${numberField({ label: "Replicas", value: catalogue.replicas, min: 1, max: 31, step: 1, set: (value) => this.size({ replicas: Math.round(value) }) })}
          <span>Clients</span>${numberField({ label: "Number of clients", value: clients, min: 0, max: 8, step: 1, set: (value) => this.size({ clients: Math.round(value) }) })}
          <span>Seed</span>${numberField({ label: "Seed", value: scenario.seed ?? 0, min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, set: (value) => this.start({ seed: Math.round(value) }) })}
          <span>Stop after, events</span>${numberField({ label: "Stop after so many events", value: scenario.limits?.events ?? 300_000, min: 1_000, max: 2_000_000, step: 1_000, set: (events) => this.start({ limits: { ...scenario.limits, events: Math.round(events) } }) })}
          ${dialsOf(catalogue.protocol).dials(scenario, (change) => this.start(change))}
        </div>
        <div class="dials">${flagField("Play halts where something is broken first", this.run.halting.on, (on) => this.run.halting.set(on))}</div>
      </div>
    </details>`;
  }

  /** Interventions name processes that another cluster may not have. */
  private size(change: Pick<Scenario, "replicas" | "clients">): void {
    this.start({ ...change, interventions: [] });
  }

  private start(change: Partial<Scenario>): void {
    this.attempt(() => restartWith(this.run, change));
  }
}
