// What the boards of all protocols look alike in: a heading, and under it what can be scrolled, a table mostly.

import { css } from "lit";

export const boardStyles = css`
  section {
    display: flex;
    flex-direction: column;
    height: 100%;
    padding: var(--s2) 0 0 var(--s4);
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
`;

/** Where the heading has controls of its own, and a table is under it. */
export const boardTableStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 2px var(--s4);
    align-items: center;
    padding-right: var(--s4);
  }

  .scroll {
    padding: 0 var(--s4) var(--s2) 0;
  }

  table {
    border-collapse: collapse;
    font-size: var(--size-s);
  }

  th,
  td {
    text-align: left;
    white-space: nowrap;
  }

  thead th {
    font-weight: 600;
    color: var(--ink-2);
  }

  tbody tr {
    border-top: 1px solid var(--rule);
  }

  button.link {
    min-height: 0;
    border: 0;
    background: none;
  }

  .value {
    font-family: var(--mono);
  }

  .none {
    color: var(--ink-2);
  }
`;
