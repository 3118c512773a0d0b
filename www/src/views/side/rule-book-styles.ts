// The looks of the rule book.

import { css } from "lit";

export const ruleBookStyles = css`
  .body {
    display: grid;
    gap: var(--s2);
    padding: 0 var(--s4);
  }

  h2 {
    color: var(--ink);
  }

  input[type="search"] {
    width: 100%;
  }

  ul,
  ol {
    list-style: none;
  }

  li + li {
    margin-top: var(--s2);
  }

  label {
    display: flex;
    gap: var(--s2);
    align-items: baseline;
  }

  label b {
    font-weight: 600;
  }

  input[type="checkbox"] {
    margin: 0;
    accent-color: var(--ink);
  }

  p,
  ol li {
    font: var(--size-m) / 1.4 var(--serif);
    color: var(--ink-2);
  }

  ul p {
    padding-left: 21px;
  }

  p.off,
  li.lit {
    color: var(--ink);
  }

  li.lit {
    padding-left: var(--s2);
    border-left: 3px solid var(--ink);
  }

  summary {
    padding: 4px 0;
    cursor: pointer;
    font-weight: 600;
    font-size: var(--size-s);
  }

  details li {
    padding-left: 11px;
  }
`;
