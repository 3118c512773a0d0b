// The looks of the lock.

import { css } from "lit";

export const WIDTH = 720;

export const lockStyles = css`
  .dials {
    display: grid;
    grid-template-columns: max-content minmax(120px, 260px) 60px;
    gap: 6px var(--s3);
    align-items: center;
    margin: var(--s3) 0;
  }

  .dials input[type="range"] {
    width: 100%;
    min-width: 0;
    accent-color: var(--ink);
  }

  output {
    font: var(--size-s) / 1.4 var(--mono);
  }

  .segmented {
    flex-wrap: wrap;
    row-gap: 4px;
  }

  .check {
    display: flex;
    gap: var(--s2);
    align-items: baseline;
    padding: 2px 0;
  }

  .outcome {
    margin: var(--s3) 0;
    padding: var(--s2) var(--s3);
    font: 600 var(--size-l) / 1.5 var(--sans);
    border-left: 3px solid var(--good);
    background: var(--sunk);
  }

  .outcome.lost {
    color: var(--bad);
    border-color: var(--bad);
  }

  svg {
    display: block;
    min-width: 560px;
    max-width: ${WIDTH}px;
    width: 100%;
    height: auto;
  }

  text {
    font: var(--size-s) var(--sans);
    fill: var(--ink-2);
  }

  .lane {
    stroke: var(--rule-2);
  }

  .lease {
    fill: var(--sunk);
    stroke: var(--ink-2);
  }

  .believes {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
  }

  .paused {
    fill: var(--down);
    opacity: 0.45;
  }

  .event {
    fill: var(--paper);
    stroke: var(--ink);
  }

  .event.overwrote {
    fill: var(--bad);
    stroke: var(--bad);
  }

  .event.accepted {
    stroke: var(--good);
    stroke-width: 2;
  }

  .sign {
    font: 600 var(--size-xs) var(--sans);
    fill: var(--ink);
  }

  .sign.overwrote {
    fill: var(--paper);
  }

  @media (max-width: 560px) {
    .dials {
      grid-template-columns: minmax(0, 1fr) 60px;
    }

    .dials label {
      grid-column: 1 / -1;
    }
  }
`;
