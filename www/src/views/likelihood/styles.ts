// The looks of the strip above the tape.

import { css } from "lit";

export const likelihoodStyles = css`
  .strip {
    position: relative;
    padding-bottom: var(--s1);
  }

  .row {
    display: flex;
    gap: 2px var(--s3);
    align-items: center;
    padding-bottom: var(--s1);
    font-size: var(--size-s);
  }

  .row select {
    flex: 0 1 auto;
    min-width: 0;
    max-width: 40%;
  }

  .sentence {
    flex: 1;
    min-width: 0;
    margin: 0;
    font: var(--size-m) / 1.3 var(--serif);
  }

  .row > button,
  summary {
    flex: none;
    font-size: var(--size-s);
  }

  summary {
    color: var(--ink-2);
    cursor: pointer;
  }

  .plot {
    display: block;
    cursor: pointer;
    border-radius: var(--radius-s);
    touch-action: pan-y;
  }

  .plot[aria-disabled="true"] {
    cursor: default;
  }

  svg {
    display: block;
    overflow: visible;
    fill: none;
    stroke: var(--ink-2);
  }

  .ground {
    stroke: var(--rule);
  }

  .area {
    fill: var(--ink-2);
    stroke: none;
    opacity: 0.14;
  }

  .line {
    stroke-width: 1.25;
  }

  .dot {
    fill: var(--ink-2);
    stroke: none;
  }

  .jump {
    fill: var(--paper);
    stroke: var(--ink);
    stroke-width: 1.5;
  }

  .from,
  .line.settled {
    stroke: var(--ink);
    stroke-width: 1.5;
  }

  .chosen {
    stroke: var(--ink);
    stroke-dasharray: 1 3;
  }

  text {
    font: 600 var(--size-s) / 1 var(--sans);
    fill: var(--ink);
    stroke: var(--paper);
    stroke-width: 4;
    paint-order: stroke;
  }

  text.here {
    font-weight: 400;
  }

  .bad .area.settled {
    fill: var(--bad);
  }

  .bad :is(.from, .line.settled) {
    stroke: var(--bad);
  }

  .bad text:not(.here) {
    fill: var(--bad);
  }

  details {
    position: static;
  }

  .numbers {
    position: absolute;
    right: 0;
    bottom: 100%;
    z-index: var(--layer-menu);
    max-width: 100%;
    max-height: min(48dvh, 420px);
    padding: var(--s2) var(--s3);
    overflow: auto;
    background: var(--raised);
    border-radius: var(--radius);
    box-shadow: 0 0 0 1px var(--rule), 0 -8px 24px -12px var(--shade);
  }

  table {
    border-collapse: collapse;
    font-size: var(--size-s);
    font-variant-numeric: tabular-nums;
  }

  th,
  td {
    padding: 1px var(--s2);
    font-weight: 400;
    text-align: right;
    white-space: nowrap;
  }

  thead th {
    color: var(--ink-2);
  }

  td:last-child {
    text-align: left;
  }

  .numbers button {
    min-height: 24px;
    padding: 0 4px;
    font-size: inherit;
  }

  .jumps > :is(th, td) {
    font-weight: 600;
  }

  .jumps td:nth-child(3)::before {
    content: "↑ ";
  }

  @media (max-width: 760px) {
    .row {
      flex-wrap: wrap;
    }

    .row select {
      max-width: 100%;
      flex: 1 1 100%;
    }

    .sentence {
      flex: 1 1 100%;
    }
  }
`;
