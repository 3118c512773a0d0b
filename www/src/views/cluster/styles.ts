// The looks of the ring.

import { css } from "lit";

export const clusterStyles = css`
  section {
    padding: var(--s3) var(--s4) 0;
  }

  svg {
    display: block;
    width: 100%;
    max-width: 330px;
    max-height: var(--ring-height, 27vh);
    margin: 0 auto;
    overflow: visible;
  }

  :host([large]) section {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    height: 100%;
    padding-bottom: var(--s3);
  }

  :host([large]) svg {
    max-width: none;
    height: 100%;
    max-height: none;
    min-height: 0;
  }

  text.says {
    font: 7.5px var(--sans);
    text-anchor: start;
    fill: var(--ink);
    stroke: var(--paper);
    stroke-width: 2;
    paint-order: stroke;
  }

  .process {
    cursor: pointer;
    outline: none;
  }

  .process .ring {
    fill: var(--raised);
    stroke: var(--term);
    stroke-width: 2.5;
  }

  .process:hover .ring {
    stroke-width: 3.5;
  }

  .process:focus-visible .halo,
  .process[aria-pressed="true"] .halo {
    stroke: var(--focus);
  }

  .process[aria-pressed="true"]:not(:focus-visible) .halo {
    stroke: var(--ink);
  }

  .halo {
    fill: none;
    stroke: none;
    stroke-width: 2;
  }

  .process.down .ring {
    fill: var(--sunk);
    stroke: var(--down);
    stroke-dasharray: 4 4;
  }

  .timer {
    fill: none;
    stroke: var(--term);
    stroke-width: 2.5;
    opacity: 0.6;
  }

  text {
    font: var(--size-xs) var(--sans);
    fill: var(--ink-2);
    text-anchor: middle;
  }

  text.name {
    font: 600 13px var(--sans);
    fill: var(--ink);
  }

  text.name.small {
    font: 600 9px var(--sans);
  }

  text.term {
    font-size: 9.5px;
  }

  .down text.name {
    fill: var(--ink-2);
  }

  .link {
    stroke: var(--rule);
    stroke-width: 1.5;
  }

  .link.cut {
    stroke: var(--bad);
    stroke-width: 1.25;
    stroke-dasharray: 1.5 4.5;
  }

  .link.planned {
    stroke: var(--bad);
    stroke-width: 1;
    stroke-dasharray: 7 4;
    opacity: 0.75;
  }

  .one-way {
    fill: var(--bad);
  }

  .liar {
    fill: none;
    stroke: var(--bad);
    stroke-width: 1.5;
    stroke-dasharray: 5 3;
  }

  text.unequal {
    font: 700 15px var(--sans);
    fill: var(--bad);
    stroke: var(--paper);
    stroke-width: 3;
    paint-order: stroke;
  }

  .crown {
    fill: var(--term);
    stroke: var(--term);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }

  .crown.stale {
    fill: var(--paper);
  }

  .pause {
    fill: var(--ink-2);
  }

  .broken-on-purpose {
    margin-top: var(--s2);
    padding: 5px 8px;
    font: var(--size-s) / 1.45 var(--serif);
    border-left: 3px solid var(--bad);
    background: var(--sunk);
  }

  .caption {
    min-height: 1.4em;
    text-align: center;
    font: var(--size-s) / 1.4 var(--serif);
    color: var(--ink-2);
  }
`;
