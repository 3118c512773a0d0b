// The looks of the explorer.

import { css } from "lit";

export const explorerStyles = css`
  form {
    gap: var(--s1);
  }

  form label {
    font: 600 var(--size-s) / 1.3 var(--sans);
    color: var(--ink-2);
  }

  form select {
    width: 100%;
    font-family: var(--mono);
    font-size: var(--size-s);
  }

  form select:last-of-type {
    margin-bottom: var(--s1);
  }

  form p {
    margin-bottom: var(--s2);
    font: var(--size-m) / 1.45 var(--serif);
  }

  small {
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  fieldset {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 108px;
    gap: 6px var(--s2);
    align-items: center;
    margin: var(--s2) 0 var(--s3);
  }

  legend {
    margin-bottom: 6px;
  }

  fieldset input {
    width: 100%;
  }

  .idle {
    max-width: 56ch;
    margin-bottom: var(--s5);
  }

  h2 {
    font-size: var(--size-m);
  }

  h2 b {
    font: 600 var(--size-m) var(--mono);
    color: var(--ink);
  }

  .figures {
    display: grid;
    grid-template-columns: minmax(180px, 1.5fr) repeat(3, minmax(100px, 1fr));
    grid-auto-flow: row;
    gap: var(--s2) var(--s4);
    margin: var(--s2) 0 var(--s3);
    padding: var(--s3) 0;
    border-top: 1px solid var(--rule);
    border-bottom: 1px solid var(--rule);
  }

  .figures .large {
    grid-row: span 2;
  }

  .figures dt {
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  .figures dd {
    font: var(--size-l) / 1.3 var(--mono);
    font-variant-numeric: tabular-nums;
  }

  .figures .large dd {
    font-size: 2rem;
    line-height: 1.2;
  }

  .headline {
    min-height: 1.5em;
    max-width: 72ch;
    font: 600 var(--size-xl) / 1.4 var(--serif);
  }

  .headline.bad,
  .is-broken .sign,
  .is-out-of-reach .sign {
    color: var(--bad);
  }

  .covered {
    max-width: 84ch;
    margin: var(--s1) 0 var(--s3);
    color: var(--ink-2);
  }

  .properties {
    list-style: none;
  }

  .properties > li {
    padding: var(--s2) 0;
    border-top: 1px solid var(--rule);
  }

  .properties p {
    max-width: 84ch;
  }

  .sign {
    display: inline-block;
    width: 1.5em;
    font-weight: 700;
  }

  .is-reached .sign {
    color: var(--good);
  }

  .is-broken em,
  .is-out-of-reach em {
    font-weight: 600;
    color: var(--bad);
  }

  .way {
    padding: var(--s1) 0 0 1.5em;
  }

  summary {
    padding: var(--s1) 0;
    width: max-content;
    cursor: pointer;
    color: var(--ink-2);
  }

  .way ol {
    max-height: 60vh;
    margin-top: var(--s2);
    padding-left: 2.4em;
    overflow: auto;
  }

  .way ol li {
    padding: 3px 0;
  }

  .way ol li::marker {
    font: var(--size-s) var(--mono);
    color: var(--ink-2);
  }

  .way li.crash,
  .way li.lose {
    color: var(--bad);
  }

  code {
    display: block;
    font: var(--size-s) / 1.45 var(--mono);
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }

  .catches {
    margin-top: var(--s5);
  }

  .catches .head {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2) var(--s4);
    align-items: center;
  }

  .wide {
    overflow: auto;
  }

  table {
    width: 100%;
    margin-top: var(--s2);
    border-collapse: collapse;
  }

  caption {
    padding-bottom: var(--s2);
    text-align: left;
    font: var(--size-m) / 1.45 var(--serif);
    color: var(--ink-2);
  }

  th,
  td {
    padding: var(--s2) var(--s4) var(--s2) 0;
    overflow-wrap: anywhere;
    text-align: left;
    vertical-align: top;
    border-top: 1px solid var(--rule);
  }

  thead th {
    padding-top: 0;
    font-size: var(--size-s);
    color: var(--ink-2);
    border-top: 0;
  }

  tbody th {
    width: 52%;
    font-weight: 400;
  }

  tbody th a {
    font: 600 var(--size-s) / 1.6 var(--mono);
    color: inherit;
  }

  tbody th .in {
    font: var(--size-s) / 1.6 var(--mono);
    color: var(--ink-2);
  }

  tbody th .in + span {
    display: block;
  }

  td small {
    display: block;
  }

  @media (max-width: 900px) {
    .figures {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }

    .figures .large {
      grid-row: auto;
      grid-column: span 2;
    }
  }
`;
