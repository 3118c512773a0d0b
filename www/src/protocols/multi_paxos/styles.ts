// What the looks of Multi-Paxos' slots have of their own.

import { css } from "lit";

import { boardStyles } from "../../views/board-styles.js";
import { logStyles } from "../../views/log/styles.js";
import type { Measures } from "../../views/log/styles.js";

export const MEASURES: Measures = { column: 72, row: 33, top: 20, names: 40 };

export const slotsStyles = [
  boardStyles,
  logStyles(MEASURES),
  css`
    .index {
      padding-left: 4px;
    }

    .index .done {
      color: var(--good);
      font-weight: 700;
    }

    .name {
      padding-top: 6px;
    }

    .cell {
      height: ${MEASURES.row - 3}px;
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

    .cell.folded b {
      width: max-content;
      padding: 0 3px;
      background: var(--raised);
      line-height: 15px;
      margin-top: 6px;
    }

    .note,
    .empty {
      padding-top: 9px;
    }
  `,
];
