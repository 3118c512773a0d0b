// The looks of the hunt.

import { css } from "lit";

export const breakItStyles = css`
  .prose,
  .sentence {
    max-width: 72ch;
  }

  .columns {
    --form: 320px;
  }

  form {
    gap: var(--s2);
  }

  form > label {
    font: 600 var(--size-s) / 1.3 var(--sans);
    color: var(--ink-2);
  }

  fieldset {
    margin: var(--s1) 0;
  }

  legend {
    margin-bottom: var(--s1);
  }

  .list {
    max-height: 42vh;
    overflow: auto;
    border-block: 1px solid var(--rule);
  }

  .rule {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--s2);
    padding: 6px 2px;
    font: var(--size-m) / 1.4 var(--serif);
    cursor: pointer;
  }

  .rule b {
    display: block;
    font: 600 var(--size-s) / 1.4 var(--sans);
  }

  small {
    font: var(--size-xs) / 1.4 var(--sans);
    color: var(--ink-2);
  }

  .numbers {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 108px;
    gap: 6px var(--s2);
    align-items: center;
  }

  .numbers input {
    width: 100%;
  }

  form button {
    justify-self: start;
    min-width: 108px;
  }

  h2 {
    margin-bottom: var(--s2);
    font: 600 1.5rem/1.3 var(--serif);
    color: var(--ink);
  }

  h2.bad::before {
    content: "◆ ";
    color: var(--bad);
  }

  .sentence {
    font: var(--size-xl) / 1.45 var(--serif);
  }

  .prose p {
    margin-bottom: var(--s2);
    font: var(--size-l) / 1.5 var(--serif);
  }

  .sizes {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, max-content));
    gap: var(--s3) calc(2 * var(--s5));
    margin: var(--s4) 0;
  }

  .sizes dt {
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .sizes dd {
    font: 1.25rem/1.3 var(--serif);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .sizes s {
    color: var(--ink-2);
  }

  .sizes b {
    font-size: 1.75rem;
    font-weight: 600;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2) var(--s3);
    align-items: center;
    margin: var(--s3) 0;
  }

  pre {
    margin: var(--s1) 0 var(--s3);
    padding: var(--s2) var(--s3);
    font: var(--size-s) / 1.5 var(--mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    background: var(--sunk);
    border-radius: var(--radius-s);
  }

  .seen {
    margin-top: var(--s4);
    padding-top: var(--s3);
    border-top: 1px solid var(--rule);
  }

  .strip {
    display: block;
    width: 100%;
    fill: var(--ink-2);
  }

  .strip .bad {
    fill: var(--bad);
  }

  table {
    max-width: 76ch;
    margin-top: var(--s3);
    border-collapse: collapse;
  }

  caption {
    padding-bottom: var(--s1);
    text-align: left;
    font: 600 var(--size-s) / 1.3 var(--sans);
    color: var(--ink-2);
  }

  th,
  td {
    padding: var(--s1) var(--s4) var(--s1) 0;
    text-align: left;
    vertical-align: top;
    font: var(--size-m) / 1.4 var(--serif);
    border-top: 1px solid var(--rule);
  }

  td {
    padding-right: 0;
    text-align: right;
    font: var(--size-m) / 1.4 var(--mono);
  }

  @media (max-width: 900px) {
    .list {
      max-height: 32vh;
    }

    .sizes {
      grid-template-columns: repeat(2, minmax(0, max-content));
      gap: var(--s3) var(--s5);
    }
  }

  @media print {
    .list {
      max-height: none;
    }
  }
`;
