// What the looks of Viewstamped Replication's board have of their own.

import { css } from "lit";

import { boardStyles, boardTableStyles } from "../../views/board-styles.js";
import { logStyles, twoLineCells } from "../../views/log/styles.js";
import type { Measures } from "../../views/log/styles.js";

export const MEASURES: Measures = { column: 72, row: 32, top: 16, names: 108 };

export const viewstampedStyles = [
  boardStyles,
  boardTableStyles,
  logStyles(MEASURES),
  twoLineCells(MEASURES),
  css`
    /* The table of logs reckons with all of the width. */
    .scroll:has(> .table) {
      padding: 0;
    }

    .name small {
      display: block;
      font: 400 var(--size-xs) / 12px var(--sans);
      color: var(--ink-2);
      white-space: nowrap;
    }

    .name {
      padding-top: 2px;
      line-height: 14px;
      white-space: nowrap;
    }

    .name.leads::after {
      content: none;
    }

    .name.leads b::after {
      content: " ♛";
      color: var(--term);
    }

    .name .view {
      margin-left: 5px;
      font-weight: 400;
      color: var(--term);
    }

    .note,
    .empty {
      padding-top: 8px;
    }

    th,
    td {
      padding: 1px var(--s4) 1px 0;
    }

    th button.link {
      padding: 0 4px 0 0;
      font-weight: 600;
    }

    td.view-change,
    td.recovering {
      font-weight: 600;
    }

    td .term {
      color: var(--term);
      font-weight: 600;
    }

    td.counts {
      font-size: var(--size-xs);
    }

    .facts {
      margin: 0;
      padding: 2px 0;
      font-size: var(--size-s);
    }

    .facts.bad {
      color: var(--bad);
    }

    @media (max-width: 480px) {
      section {
        padding-left: var(--s2);
      }

      th,
      td {
        padding-right: var(--s2);
      }

      td.counts {
        min-width: 150px;
        white-space: normal;
      }
    }
  `,
];
