// The figures: a column for each protocol, a row for each that one of them has. The engine says what they are.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { apostrophes } from "../../design/words.js";
import type { ComparedColumn } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";

const NOT_APPLICABLE = "not applicable";

interface Row {
  label: string;
  cells: readonly string[];
}

/** The rows that a script asks for, in their parts. */
function sectionsOf(columns: readonly (ComparedColumn | undefined)[]): { title: string; rows: Row[] }[] {
  const first = columns.find((column) => column !== undefined && column.sections.length > 0);
  const sections = (first?.sections ?? []).map(({ title, rows }, section) => ({
    title,
    rows: rows.flatMap(({ label }, row) => {
      const told = columns.map((column) => column?.sections[section]?.rows[row]?.figure ?? null);
      const cell = (figure: string | null, ordinal: number): string => {
        const column = columns[ordinal];
        return column === undefined ? "…" : column.runs === 0 ? NOT_APPLICABLE : (figure ?? "-");
      };
      return told.every((figure) => figure === null) ? [] : [{ label, cells: told.map(cell) }];
    }),
  }));
  return sections.filter(({ rows }) => rows.length > 0);
}

export function figures(caption: string, protocols: readonly string[], columns: ReadonlyMap<string, ComparedColumn>): TemplateResult {
  const all = protocols.map((protocol) => columns.get(protocol));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures">
      <table data-testid="figures">
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            <td></td>
            ${protocols.map((protocol) => html`<th scope="col">${looksOf(protocol).title}</th>`)}
          </tr>
        </thead>
        ${sectionsOf(all).map(
          ({ title, rows }) => html`<tbody>
            <tr>
              <th class="part" scope="rowgroup" colspan=${protocols.length + 1}>${title}</th>
            </tr>
            ${rows.map(
              ({ label, cells }) => html`<tr>
                <th scope="row">${label}</th>
                ${cells.map((cell) => html`<td class=${cell === NOT_APPLICABLE ? "soft" : ""}>${cell}</td>`)}
              </tr>`,
            )}
          </tbody>`,
        )}
      </table>
    </div>
    ${remarks(all)}`;
}

function remarks(columns: readonly (ComparedColumn | undefined)[]): TemplateResult | typeof nothing {
  const all = columns.flatMap((column) => (column?.remarks ?? []).map((remark) => [looksOf(column?.protocol ?? "").title, remark] as const));
  return all.length === 0 ? nothing : html`<ul class="remarks" data-testid="remarks">${all.map(([title, remark]) => html`<li><b>${title}</b>: ${apostrophes(remark)}</li>`)}</ul>`;
}
