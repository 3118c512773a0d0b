// What the looks of Multi-Paxos' slots have of their own.

import { css } from "lit";

import { boardStyles } from "../../views/board-styles.js";
import { logStyles, twoLineCells } from "../../views/log/styles.js";
import type { Measures } from "../../views/log/styles.js";

export const MEASURES: Measures = { column: 72, row: 33, top: 20, names: 40 };

export const slotsStyles = [
  boardStyles,
  logStyles(MEASURES),
  twoLineCells(MEASURES),
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
      line-height: 15px;
      margin-top: 6px;
    }

    .note,
    .empty {
      padding-top: 9px;
    }
  `,
];
