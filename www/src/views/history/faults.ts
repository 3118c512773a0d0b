// Under the clients' operations, on rows of their own: who led, how the network was cut, and which servers were down or
// paused.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import type { ConditionChange } from "../../engine/changes.js";
import type { Run } from "../../engine/run.js";
import { epochWords, looksOf } from "../../protocols/protocol.js";

/** The span of time in view, and where a time stands in it. */
export interface Span {
  start: number;
  end: number;
  x: (time: number) => number;
  /** Pixels taken by the rows' names. */
  head: number;
}

const ROW = 19;

export const faultStyles = css`
  .under {
    position: relative;
    height: ${ROW}px;
  }

  .under .label {
    height: ${ROW}px;
    padding-top: 2px;
    font-weight: 400;
    font-size: 10px;
    color: var(--ink-2);
  }

  .bar {
    position: absolute;
    top: 2px;
    height: 15px;
    padding: 0 4px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font: 10px/15px var(--sans);
    border-left: 2px solid;
  }

  .bar.reign {
    color: var(--ink);
    border-color: var(--term);
    background: color-mix(in oklab, var(--term) 22%, var(--paper));
  }

  .bar.cut {
    color: var(--bad);
    border-color: var(--bad);
    background: color-mix(in oklab, var(--bad) 12%, var(--paper));
  }

  .bar.down,
  .bar.paused {
    color: var(--ink-2);
    border-color: var(--down);
    background: repeating-linear-gradient(135deg, var(--sunk) 0 4px, var(--paper) 4px 8px);
  }

  .bar.paused {
    background: var(--sunk);
  }
`;

/** How many rows there are. */
export function faultRows(run: Run): number {
  return 2 + unwell(run).length;
}

export const FAULT_ROW = ROW;
/** About how broad a letter is. */
const LETTER_PX = 5.6;

/** The processes that were ever down or paused. */
function unwell(run: Run): number[] {
  return run.records.changes.conditions.flatMap((changes, process) => (changes.some(({ condition }) => condition !== "up") ? [process] : []));
}

export function faults(run: Run, span: Span): TemplateResult {
  const { records } = run;
  const looks = looksOf(run.catalogue.protocol);
  return html`${looks.leader === null ? nothing : row(plural(looks.leader), eachSpan(run, span, records.changes.leaders, ({ node, epoch: value }, box) =>
      html`<span class="bar reign" ${styled({ ...box, "--term": termToken(value) })}>${run.name(node)}, ${epochWords(run.catalogue, value)}</span>`,
    ))}
    ${row("network", eachSpan(run, span, records.changes.cuts, ({ cut, text }, box) => (cut.size === 0 ? nothing : html`<span class="bar cut" title=${text} ${styled(box)}>${fitting(text, "cut", box)}</span>`)))}
    ${unwell(run).map((process) => row(run.name(process), eachSpan(run, span, records.changes.conditions[process] ?? [], conditionBar)))}`;
}

/** `leaders`, `primaries` */
function plural(word: string): string {
  return word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** The whole text where it fits, else a word. */
function fitting(text: string, word: string, box: Record<string, string>): string {
  return Number.parseFloat(box["width"] ?? "0") > text.length * LETTER_PX + 12 ? text : word;
}

function row(name: string, bars: (TemplateResult | typeof nothing)[]): TemplateResult {
  return html`<div class="under"><div class="label">${name}</div>${bars}</div>`;
}

function conditionBar({ condition: now }: ConditionChange, box: Record<string, string>): TemplateResult | typeof nothing {
  return now === "up" ? nothing : html`<span class="bar ${now}" ${styled(box)}>${now === "down" ? "× down" : "‖ paused"}</span>`;
}

/** What holds from each change to the next, where that is in view and has happened. */
function eachSpan<C extends { time: number }>(
  run: Run,
  { start, end, x, head }: Span,
  changes: readonly C[],
  draw: (change: C, box: Record<string, string>) => TemplateResult | typeof nothing,
): (TemplateResult | typeof nothing)[] {
  return changes.map((change, ordinal) => {
    const to = Math.min(changes[ordinal + 1]?.time ?? run.playhead.clock, run.playhead.clock);
    if (change.time >= run.playhead.clock || change.time > end || to < start) {
      return nothing;
    }
    const left = Math.max(head, x(change.time));
    return draw(change, { left: `${left}px`, width: `${Math.max(3, x(to) - left)}px` });
  });
}
