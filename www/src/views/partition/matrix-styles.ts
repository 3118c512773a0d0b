// The looks of the table of links.

import { css } from "lit";

export const matrixStyles = css`
  table {
    border-collapse: collapse;
    font-size: var(--size-xs);
  }

  caption {
    caption-side: bottom;
    padding-top: 3px;
    text-align: left;
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  th {
    padding: 1px 3px;
    font-weight: 600;
    color: var(--ink-2);
  }

  /* The cells become narrower where there is less space. */
  td {
    width: 26px;
    padding: 1px;
  }

  button {
    display: block;
    width: 100%;
    min-width: 18px;
    min-height: 24px;
    padding: 0;
    line-height: 1;
    border-color: var(--rule);
    border-radius: 3px;
  }

  button[aria-pressed="true"] {
    color: var(--bad);
    border-color: var(--bad);
    font-weight: 700;
  }
`;
