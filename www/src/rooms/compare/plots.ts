// What many runs are plotted as: how the time without an answer is spread, and what a change of leaders costs with so many
// entries uncommitted. Each plot has a table of its figures.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { ComparedColumn, Quantiles } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";
import type { Point } from "./measuring.js";
import "./plot.js";
import type { Line } from "./plot.js";

const MS = 1_000;
const ms = (ticks: number): string => (ticks / MS).toFixed(1);
const QUANTILES = ["min", "p50", "p95", "p99", "max"] as const satisfies readonly (keyof Quantiles)[];
const MARKED = [["p50", 50], ["p95", 95], ["p99", 99]] as const;

/** Whether there is a distribution to be shown. */
export function isSpread(columns: readonly ComparedColumn[]): boolean {
  return columns.some(({ has_faults: hasFaults, runs }) => hasFaults && runs > 1);
}

/** The share of runs that are answered again within a time. Where not all are, the line ends below all. */
export function unservedPlot(columns: readonly ComparedColumn[]): TemplateResult {
  const told = columns.filter(({ runs }) => runs > 0);
  const most = Math.max(...told.map(({ unserved_ticks: all }) => all?.max ?? 0)) / MS;
  const lines = told.map(({ protocol, runs, unserved, unserved_ticks: quantiles }): Line => {
    const times = unserved.flatMap((ticks) => (ticks === null ? [] : [ticks / MS])).toSorted((one, other) => one - other);
    const rising = times.map((time, ordinal): [number, number] => [time, ((ordinal + 1) / runs) * 100]).filter(([time], ordinal, all) => all[ordinal + 1]?.[0] !== time);
    const marks = quantiles === null || quantiles.count < runs ? [] : MARKED.map(([quantile, share]): [number, number] => [quantiles[quantile] / MS, share]);
    return { name: looksOf(protocol).title, points: [[0, 0], ...rising, [most * 1.02, (times.length / runs) * 100]], marks };
  });
  return html`<section aria-labelledby="unserved">
    <h3 id="unserved">Time without an answer after the fault</h3>
    <compare-plot .plotted=${{ title: "Time without an answer", x: "ms after the fault", y: "runs answered again, %", lines, isStepped: true, xMax: most, yMax: 100, here: null }}></compare-plot>
    <details>
      <summary>The figures as a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Time without an answer: table">
        <table data-testid="unserved">
          <caption>
            ms, of the runs that were answered again
          </caption>
          <thead>
            <tr>
              <td></td>
              ${["runs", "answered again", ...QUANTILES].map((head) => html`<th scope="col">${head}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${told.map(
              ({ protocol, runs, unserved_ticks: quantiles }) => html`<tr>
                <th scope="row">${looksOf(protocol).title}</th>
                <td>${runs}</td>
                <td>${quantiles?.count ?? 0}</td>
                ${QUANTILES.map((quantile) => html`<td>${quantiles === null ? "-" : ms(quantiles[quantile])}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}

/** What of a change of leaders is plotted. */
export const COSTS = {
  messages: { words: "Messages", of: (column: ComparedColumn) => column.carried_out?.messages.p50 ?? null, show: String },
  bytes: { words: "Bytes", of: (column: ComparedColumn) => column.carried_out?.bytes.p50 ?? null, show: String },
  delays: { words: "Message delays", of: (column: ComparedColumn) => column.carried_out?.message_delays.p50 ?? null, show: String },
  time: { words: "Time, ms", of: (column: ComparedColumn) => column.carried_out?.ticks.p50 ?? null, show: ms },
} as const;

export type Cost = keyof typeof COSTS;

export interface Swept {
  points: readonly Point[];
  protocols: readonly string[];
  cost: Cost;
  single: boolean;
  /** How many entries the script leaves the leader with. */
  here: number;
}

const byEntries = (one: Point, other: Point): number => one.entries - other.entries;

export function entriesPlot({ points, protocols, cost, single, here }: Swept): TemplateResult {
  const { words, of, show } = COSTS[cost];
  const unit = cost === "time" ? MS : 1;
  const lineOf = (protocol: string): Line => ({
    name: looksOf(protocol).title,
    points: points
      .filter((point) => point.protocol === protocol && point.single === single)
      .toSorted(byEntries)
      .flatMap(({ entries, column }): [number, number][] => {
        const value = of(column);
        return value === null ? [] : [[entries, value / unit]];
      }),
  });
  const lines = protocols.map(lineOf).filter((line) => line.points.length > 0);
  return html`<compare-plot .plotted=${{ title: `${words} until all entries are carried out`, x: "entries uncommitted", y: words.toLowerCase(), lines, isStepped: false, xMax: 200, yMax: 0, here }}></compare-plot>
    ${lines.length < protocols.length && points.length > 0 ? html`<p class="soft">No line: the entries are not carried out, or the protocol cannot follow.</p>` : nothing}
    <details>
      <summary>The figures as a table</summary>
      ${entriesTable(points, protocols, cost, show)}
    </details>`;
}

function entriesTable(points: readonly Point[], protocols: readonly string[], cost: Cost, show: (value: number) => string): TemplateResult {
  const { words, of } = COSTS[cost];
  const all = new Map(points.map((point) => [`${point.entries} ${point.protocol} ${point.single}`, point.column]));
  const numbers = [...new Set(points.map(({ entries }) => entries))].toSorted((one, other) => one - other);
  const cell = (entries: number, protocol: string, single: boolean): string => {
    const column = all.get(`${entries} ${protocol} ${single}`);
    const value = column === undefined ? null : of(column);
    return value === null ? (column === undefined ? "…" : "-") : show(value);
  };
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="${words} by entries: table">
    <table data-testid="entries">
      <caption>
        ${words} until all entries are carried out; beside it with one entry in a message
      </caption>
      <thead>
        <tr>
          <th scope="col">entries</th>
          ${protocols.map((protocol) => html`<th scope="col">${looksOf(protocol).title}</th><th scope="col">one each</th>`)}
        </tr>
      </thead>
      <tbody>
        ${numbers.map(
          (entries) => html`<tr>
            <th scope="row">${entries}</th>
            ${protocols.map((protocol) => html`<td>${cell(entries, protocol, false)}</td><td>${cell(entries, protocol, true)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
