// All directed links as a table: from the row to the column. Each can be cut by itself, one way.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { linkKey } from "../../engine/codes.js";
import { base } from "../panel.js";
import { matrixStyles } from "./matrix-styles.js";

@customElement("playground-matrix")
export class PlaygroundMatrix extends LitElement {
  static override styles = [base, matrixStyles];

  @property({ attribute: false }) processes: readonly string[] = [];
  @property({ attribute: false }) cut: ReadonlySet<number> = new Set();

  protected override render(): TemplateResult {
    return html`<table>
      <caption>
        From the row to the column; × is cut.
      </caption>
      <thead>
        <tr>
          <td></td>
          ${this.processes.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody @keydown=${this.onKey}>
        ${this.processes.map(
          (name, from) => html`<tr>
            <th scope="row">${name}</th>
            ${this.processes.map((_, to) => html`<td>${from === to ? nothing : this.cell(from, to)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private cell(from: number, to: number): TemplateResult {
    const key = linkKey(from, to);
    const cut = this.cut.has(key);
    const first = from === 0 && to === 1;
    return html`<button
      aria-pressed=${cut}
      aria-label="Cut ${this.processes[from]} to ${this.processes[to]}"
      tabindex=${first ? 0 : -1}
      data-from=${from}
      data-to=${to}
      @click=${() => this.dispatchEvent(new CustomEvent("toggle-link", { detail: key }))}
    >
      ${cut ? "×" : ""}
    </button>`;
  }

  /** Arrows move among the cells, so that the table is one stop of the Tab key. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const cell = event.composedPath()[0];
    const moves: Record<string, readonly [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (move === undefined || !(cell instanceof HTMLElement)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    let from = Number(cell.dataset["from"]) + move[0];
    let to = Number(cell.dataset["to"]) + move[1];
    if (from === to) {
      from += move[0];
      to += move[1];
    }
    this.renderRoot.querySelector<HTMLElement>(`[data-from="${from}"][data-to="${to}"]`)?.focus();
  };
}
