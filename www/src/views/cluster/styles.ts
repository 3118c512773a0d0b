// The looks of the picture of the cluster.

import { css } from "lit";

export const clusterStyles = css`
  :host {
    min-height: 0;
  }

  section {
    display: flex;
    flex-direction: column;
    height: 100%;
    padding: var(--s3) var(--s4) 0;
  }

  :host([compact]) section {
    padding: 0 var(--s2) 0 20px;
  }

  /* It takes what height there is; where the height is its own, it is a little higher than wide. */
  svg {
    display: block;
    flex: 1 1 auto;
    width: 100%;
    min-height: 120px;
    aspect-ratio: 1 / 1.12;
    max-height: var(--ring-height, none);
    margin: 0 auto;
    overflow: visible;
  }

  /* At the side of a low window, it leaves space for what stands below. */
  @media (min-width: 761px) and (max-height: 800px) {
    :host([compact]) svg {
      max-height: min(var(--ring-height, 19dvh), 19dvh);
    }
  }

  @media (max-width: 760px) {
    :host([compact]) svg {
      max-height: 42dvh;
    }
  }

  .process {
    cursor: pointer;
    outline: none;
  }

  .process .ring {
    fill: var(--raised);
    stroke: var(--term);
    stroke-width: 2;
  }

  .process.of-client .ring {
    stroke-width: 1.25;
  }

  .large .process .ring {
    stroke-width: 2.5;
  }

  .process:hover .ring {
    stroke-width: 3.25;
  }

  .process:focus-visible .halo,
  .process[aria-pressed="true"] .halo {
    stroke: var(--focus);
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
    stroke-width: 1.75;
    opacity: 0.6;
  }

  .large .timer {
    stroke-width: 2.5;
  }

  text {
    font: 12px var(--sans);
    fill: var(--ink-2);
    text-anchor: middle;
  }

  text.name {
    font: 600 13px var(--sans);
    fill: var(--ink);
  }

  text.name.small {
    font-size: 11.5px;
  }

  .large text.name:not(.small) {
    font-size: 15px;
  }

  .of-client text.name {
    font-weight: 400;
  }

  .message {
    cursor: pointer;
  }

  .reach {
    fill: transparent;
  }

  text.label {
    pointer-events: none;
    fill: var(--ink);
    stroke: var(--paper);
    stroke-width: 4;
    stroke-linejoin: round;
    paint-order: stroke;
  }

  .down text.name {
    fill: var(--ink-2);
  }

  .link {
    stroke: var(--rule-2);
    stroke-width: 1;
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

  .parting {
    fill: none;
    stroke: var(--bad);
    stroke-width: 2;
    stroke-linecap: round;
    stroke-dasharray: 0.1 4.5;
  }

  .large .parting {
    stroke-width: 3;
    stroke-dasharray: 0.1 7;
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
    stroke-width: 1.25;
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
    margin-top: var(--s1);
    text-align: center;
    font: var(--size-m) / 1.35 var(--serif);
    color: var(--ink-2);
  }

  :host([compact]) .caption {
    text-align: left;
    font-size: var(--size-l);
    color: var(--ink);
  }
`;
