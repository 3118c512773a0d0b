// The looks of Multi-Paxos' board, and its measures.

import { css } from "lit";

/** Width of a column. */
export const COLUMN = 72;
/** Height of a row. */
export const ROW = 33;
/** Room for the acceptors' names. */
export const NAMES = 40;

export const slotsStyles = css`
  section {
    display: flex;
    flex-direction: column;
    height: 100%;
    padding: var(--s2) 0 0 var(--s4);
  }

  .head {
    padding: 2px var(--s4) 0 0;
    line-height: 1.3;
  }

  .head h2 {
    display: inline;
    margin-right: var(--s2);
  }

  .legend {
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  .scroll {
    flex: 1;
    min-height: 0;
    margin-top: var(--s1);
    overflow: auto;
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
    height: ${ROW}px;
  }

  .line.top {
    position: sticky;
    top: 0;
    z-index: 2;
    height: 20px;
    background: var(--paper);
  }

  .index {
    position: absolute;
    width: ${COLUMN - 4}px;
    padding-left: 4px;
    font: var(--size-xs) / 20px var(--mono);
    color: var(--ink-2);
    white-space: nowrap;
  }

  .index .done {
    color: var(--good);
    font-weight: 700;
  }

  .name {
    position: sticky;
    left: 0;
    z-index: 1;
    width: ${NAMES - 2}px;
    flex: none;
    padding-top: 6px;
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
    width: ${COLUMN - 4}px;
    height: ${ROW - 3}px;
    padding: 0 4px 0 5px;
    overflow: hidden;
    white-space: nowrap;
    font: var(--size-xs) / 15px var(--mono);
    border: 1px solid color-mix(in oklab, var(--term) 45%, transparent);
    border-left: 3px solid var(--term);
    border-radius: var(--radius-s);
    background: color-mix(in oklab, var(--term) 13%, var(--raised));
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

  .cell.open {
    background: none;
    border-style: dashed;
    border-color: var(--term);
  }

  .cell.open b {
    color: var(--ink-2);
  }

  .cell.idle b {
    font-style: italic;
  }

  .cell.gap {
    display: grid;
    place-items: center;
    background: none;
    border: 1px dotted var(--rule-strong);
    color: var(--ink-2);
  }

  .cell.folded {
    border: 1px solid var(--rule-strong);
    border-left-width: 3px;
    background: repeating-linear-gradient(135deg, var(--sunk) 0 5px, var(--raised) 5px 10px);
  }

  .cell.folded b {
    width: max-content;
    padding: 0 3px;
    background: var(--raised);
    line-height: 15px;
    margin-top: 6px;
  }

  .behind,
  .empty {
    position: sticky;
    left: ${NAMES + 6}px;
    padding-top: 9px;
    font-size: var(--size-s);
    color: var(--ink-2);
  }
`;
