// What the looks of Raft's logs have of their own.

import { css } from "lit";

import { boardStyles } from "../../views/board-styles.js";
import { logStyles } from "../../views/log/styles.js";
import type { Measures } from "../../views/log/styles.js";

export const MEASURES: Measures = { column: 64, row: 31, top: 18, names: 36 };

export const logsStyles = [
  boardStyles,
  logStyles(MEASURES),
  css`
    .legend s {
      color: var(--bad);
    }

    .cell {
      height: 21px;
      padding: 1px 4px 0 5px;
      text-overflow: ellipsis;
      line-height: 18px;
    }

    .cell.open {
      color: var(--ink-2);
    }

    .note,
    .empty {
      left: 40px;
    }

    .gone {
      position: absolute;
      top: 15px;
      z-index: 1;
      width: ${MEASURES.column - 4}px;
      padding: 0 3px 0 5px;
      overflow: hidden;
      white-space: nowrap;
      font: 600 var(--size-xs) / 15px var(--mono);
      color: var(--bad);
      text-decoration: line-through;
      background: var(--paper);
      border: 1px solid var(--bad);
      border-radius: var(--radius-s);
      animation: gone 0.5s ease-out;
    }

    @keyframes gone {
      from {
        transform: translateY(-16px);
        opacity: 0.4;
      }
    }

    .mark {
      position: absolute;
      top: 22px;
      font: 9px/9px var(--sans);
      color: var(--ink-2);
    }

    .mark.applied {
      color: var(--ink);
    }
  `,
];
