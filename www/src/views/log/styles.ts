// The looks of a table of logs, whatever stands in its cells.

import { css } from "lit";
import type { CSSResult } from "lit";

/** In pixels. */
export interface Measures {
  /** Width of a column. */
  column: number;
  /** Height of a row. */
  row: number;
  /** Height of the row of indexes. */
  top: number;
  /** Space for the replicas' names. */
  names: number;
}

export const logStyles = ({ column, row, top, names }: Measures): CSSResult => css`
  .head {
    padding: 2px var(--s4) 0 0;
    line-height: 1.3;
  }

  .head button {
    min-height: 24px;
    padding: 0 6px;
    font-size: var(--size-s);
  }

  .head button:not(.segmented button) {
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .head h2 {
    display: inline;
    margin-right: var(--s2);
  }

  .table {
    position: relative;
    width: max-content;
    min-width: 100%;
    padding-bottom: var(--s2);
  }

  .line {
    position: relative;
    display: flex;
    height: ${row}px;
  }

  .line.top {
    position: sticky;
    top: 0;
    z-index: 2;
    height: ${top}px;
    background: var(--paper);
  }

  .index {
    position: absolute;
    width: ${column - 4}px;
    padding-left: 3px;
    font: var(--size-xs) / ${top}px var(--mono);
    color: var(--ink-2);
    white-space: nowrap;
  }

  .name {
    position: sticky;
    left: 0;
    z-index: 1;
    width: ${names - 2}px;
    flex: none;
    padding-top: 3px;
    background: var(--paper);
    font-weight: 600;
    font-size: var(--size-s);
  }

  .name.down {
    color: var(--ink-2);
    font-weight: 400;
    text-decoration: line-through;
  }

  .name.leads::after {
    content: "♛";
    margin-left: 3px;
    color: var(--term);
  }

  .cell {
    position: absolute;
    top: 1px;
    width: ${column - 4}px;
    padding: 0 4px 0 5px;
    overflow: hidden;
    white-space: nowrap;
    font: var(--size-xs) / 15px var(--mono);
    border: 1px solid color-mix(in oklab, var(--term) 45%, transparent);
    border-left: 3px solid var(--term);
    border-radius: var(--radius-s);
    background: color-mix(in oklab, var(--term) 13%, var(--raised));
  }

  /* What a story points to. */
  .cell.pointed {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }

  .cell[data-index] {
    cursor: pointer;
  }

  .cell.selected {
    outline: 2px solid var(--focus);
  }

  .cell.broken {
    border-color: var(--bad);
  }

  .cell.broken::before {
    content: "◆";
    margin-right: 2px;
    color: var(--bad);
  }

  .cell.open {
    background: none;
    border-style: dashed;
    border-color: var(--term);
  }

  .cell:is(.snapshot, .folded) {
    border: 1px solid var(--rule-strong);
    border-left-width: 3px;
    background: repeating-linear-gradient(135deg, var(--sunk) 0 5px, var(--raised) 5px 10px);
  }

  .note,
  .empty {
    position: sticky;
    left: ${names + 6}px;
    padding-top: 4px;
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .note.after {
    position: absolute;
    white-space: nowrap;
  }
`;

/** Cells of two lines: what it says, and under it in small type by what it is told from others. */
export const twoLineCells = ({ row }: Measures): CSSResult => css`
  .cell {
    height: ${row - 3}px;
  }

  .cell b {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    font-weight: inherit;
    color: var(--ink);
  }

  .cell small {
    display: flex;
    justify-content: space-between;
    font: 10px / 12px var(--mono);
    color: var(--term);
  }

  .cell small i {
    font-style: normal;
    color: var(--ink);
  }

  .cell.open b {
    color: var(--ink-2);
  }

  .cell.folded b {
    width: max-content;
    padding: 0 3px;
    background: var(--raised);
  }
`;
