// Two protocols on one script, measured when the page is opened.

import { LitElement, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { span } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { Measured } from "../../engine/engine.js";
import { base } from "../../views/panel.js";
import { ask } from "./course.js";
import { reading } from "./style.js";

const TITLES: Readonly<Record<string, string>> = { raft: "Raft", "multi-paxos": "Multi-Paxos" };

const ROWS: readonly (readonly [string, (measured: Measured) => string])[] = [
  ["Operations answered from 0.5 s to 1 s, with a stable leader", ({ answered }) => String(answered)],
  ["Messages between servers for one answer", ({ messages_per_hundred: hundred }) => (hundred / 100).toFixed(1)],
  ["Half of the operations took at most", ({ median_ticks: ticks }) => span(ticks)],
  ["From the leader’s crash to the next answer of an operation begun after it", ({ outage_ticks: ticks }) => span(ticks)],
  ["Messages between servers in that time", ({ outage_messages: messages }) => String(messages)],
];

@customElement("course-measured")
export class CourseMeasured extends LitElement {
  static override styles = [base, reading];

  @state() private measured: readonly Measured[] = [];
  @state() private failure = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.measure();
  }

  private async measure(): Promise<void> {
    try {
      this.measured = await ask((engine) => engine.measured_protocols());
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  override render(): TemplateResult {
    if (this.failure !== "") {
      return html`<p class="broken" role="alert">This could not be measured: ${this.failure}</p>`;
    }
    if (this.measured.length === 0) {
      return html`<p class="soft" role="status">Measuring…</p>`;
    }
    return html`<p class="prose">
        One script, just now, on both cores: five servers, three clients, a calm network. At 1 s the leader crashes. Messages are counted between servers, without heartbeats; one
        run each, so the times depend on the seed.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="Measured: table">
        <table>
          <thead>
            <tr>
              <td></td>
              ${this.measured.map(({ protocol }) => html`<th scope="col">${TITLES[protocol] ?? protocol}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${ROWS.map(
              ([name, cell]) => html`<tr>
                <th scope="row">${name}</th>
                ${this.measured.map((each) => html`<td>${cell(each)}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }
}
