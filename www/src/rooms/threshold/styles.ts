// The looks of the room of quorums.

import { css } from "lit";

export const thresholdStyles = css`
  .room {
    max-width: 980px;
    margin: 0 auto;
    padding: var(--s5) var(--s4);
  }

  h1 {
    margin-bottom: var(--s3);
    font: 600 1.5rem/1.3 var(--serif);
  }

  h2 {
    margin-bottom: var(--s2);
    font: 600 var(--size-xl) / 1.3 var(--serif);
    letter-spacing: 0;
    color: var(--ink);
  }

  section + section {
    margin-top: var(--s5);
    padding-top: var(--s4);
    border-top: 1px solid var(--rule);
  }

  .argument ol {
    max-width: 72ch;
    padding-left: 22px;
    font: var(--size-l) / 1.6 var(--serif);
  }

  .argument li + li {
    margin-top: 6px;
  }

  .argument p,
  .why {
    max-width: 76ch;
    margin: var(--s2) 0;
    font: var(--size-m) / 1.5 var(--serif);
  }

  .sliders {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(220px, 1fr));
    gap: var(--s2) var(--s5);
    align-items: end;
  }

  label {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px var(--s2);
    font-size: var(--size-s);
  }

  label span {
    grid-column: 1 / -1;
  }

  input[type="range"] {
    width: 100%;
    min-width: 0;
    accent-color: var(--ink);
  }

  output {
    min-width: 2ch;
    font: 600 var(--size-l) / 1.3 var(--mono);
    text-align: right;
  }

  .row {
    margin: var(--s2) 0;
  }

  .pictures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
    gap: var(--s4);
    margin: var(--s4) 0 var(--s2);
    align-items: end;
  }

  .lens {
    display: block;
    width: 100%;
    max-height: 170px;
  }

  figcaption {
    font: var(--size-s) / 1.4 var(--serif);
    color: var(--ink-2);
    text-align: center;
  }

  .replica circle {
    fill: var(--raised);
    stroke: var(--ink-2);
    stroke-width: 1.5;
  }

  .replica.both circle {
    fill: color-mix(in oklab, var(--good) 20%, var(--raised));
    stroke: var(--good);
    stroke-width: 2.5;
  }

  .replica.liar circle {
    stroke: var(--bad);
    stroke-width: 2;
    stroke-dasharray: 4 3;
  }

  .replica.silent circle {
    fill: var(--sunk);
    stroke: var(--down);
    stroke-dasharray: 2 3;
  }

  text {
    font: 12px var(--sans);
    text-anchor: middle;
    fill: var(--ink);
  }

  .liar text {
    font-weight: 700;
    fill: var(--bad);
  }

  .silent text {
    fill: var(--ink-2);
  }

  text.name {
    font: 11px var(--serif);
    fill: var(--ink-2);
  }

  .bracket {
    fill: none;
    stroke: var(--ink-2);
    stroke-width: 1.25;
  }

  .overlap {
    fill: color-mix(in oklab, var(--ink) 7%, var(--paper));
    stroke: var(--rule-strong);
    stroke-dasharray: 3 3;
  }

  .inequality {
    margin: 3px 0;
    padding: 3px 10px;
    font: var(--size-l) / 1.5 var(--serif);
    border-left: 3px solid var(--good);
  }

  .inequality.lost {
    border-left-color: var(--bad);
  }

  .kept,
  .inequality.kept b {
    color: var(--good);
  }

  .inequality.kept {
    color: inherit;
  }

  .lost,
  .inequality.lost b {
    color: var(--bad);
  }

  .inequality.lost {
    color: inherit;
  }

  .formula {
    font-family: var(--mono);
    font-size: var(--size-m);
  }

  .scroll {
    overflow-x: auto;
  }

  table {
    border-collapse: collapse;
    font-size: var(--size-m);
  }

  th,
  td {
    padding: 4px var(--s4) 4px 0;
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

  tr.edge {
    background: var(--sunk);
  }

  .number {
    font-family: var(--mono);
  }

  small {
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  td button {
    min-height: 24px;
    margin-left: 6px;
    padding: 0 8px;
    font-size: var(--size-s);
    color: var(--ink);
  }
`;
