// The looks of the comparison.

import { css } from "lit";

export const compareStyles = css`
  .room {
    max-width: 1600px;
  }

  .prose {
    max-width: 88ch;
  }

  .columns {
    --form: 260px;
  }

  nav ul {
    list-style: none;
  }

  nav a {
    display: block;
    padding: 6px var(--s2);
    text-decoration: none;
    border-radius: var(--radius-s);
  }

  nav a b {
    display: block;
    font-weight: 600;
  }

  nav a span {
    display: block;
    font: var(--size-s) / 1.35 var(--serif);
    color: var(--ink-2);
  }

  nav a:is(:hover, [aria-current="page"]) {
    background: var(--sunk);
  }

  .main {
    min-width: 0;
  }

  h2 {
    margin-bottom: var(--s3);
    font: 600 1.375rem/1.3 var(--serif);
    color: var(--ink);
    text-wrap: balance;
  }

  h3 {
    font: 600 1.125rem/1.3 var(--serif);
    color: var(--ink);
  }

  form {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2) var(--s4);
    align-items: center;
    margin: var(--s2) 0;
  }

  .protocols {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s1) var(--s3);
  }

  .protocols legend {
    float: left;
    margin-right: var(--s3);
    line-height: 1.6;
  }

  .field,
  .work label {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
  }

  .field input[type="number"] {
    width: 108px;
  }

  .work input[type="number"] {
    width: 76px;
  }

  .field output {
    min-width: 3ch;
    font-family: var(--mono);
  }

  progress {
    width: 160px;
    accent-color: var(--ink);
  }

  details.script {
    margin: var(--s2) 0;
  }

  summary {
    cursor: pointer;
    color: var(--ink-2);
  }

  textarea {
    width: 100%;
    margin: var(--s2) 0;
    padding: var(--s2) var(--s3);
    font: var(--size-s) / 1.5 var(--mono);
    color: inherit;
    background: var(--sunk);
    border: 1px solid var(--rule-2);
    border-radius: var(--radius-s);
    resize: vertical;
  }

  .scroll {
    margin-top: var(--s3);
    overflow: auto;
  }

  table {
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
    padding: 3px 0 3px var(--s5);
    text-align: right;
    vertical-align: baseline;
    font: var(--size-m) / 1.4 var(--sans);
    white-space: nowrap;
    border-top: 1px solid var(--rule);
  }

  thead th,
  thead td {
    font-weight: 600;
    border-top: 0;
  }

  th[scope="row"],
  th.part {
    padding-left: 0;
    text-align: left;
    white-space: normal;
  }

  th.part {
    padding-top: var(--s3);
    font: 600 var(--size-s) / 1.4 var(--sans);
    color: var(--ink-2);
  }

  tbody td {
    font-family: var(--mono);
    font-size: var(--size-s);
  }

  .tall {
    max-height: 420px;
  }

  section {
    margin-top: var(--s5);
  }

  .remarks {
    max-width: 88ch;
    margin-top: var(--s3);
    padding-left: 1.2em;
    font: var(--size-m) / 1.5 var(--serif);
  }

  @media (max-width: 900px) {
    nav ul {
      max-height: 30vh;
      overflow: auto;
      border-block: 1px solid var(--rule);
    }
  }
`;
