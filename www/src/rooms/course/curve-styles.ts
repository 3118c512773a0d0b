// The looks of the curve.

import { css } from "lit";

export const WIDTH = 640;

export const curveStyles = css`
  svg {
    display: block;
    width: 100%;
    max-width: ${WIDTH}px;
    height: auto;
    margin: var(--s2) 0;
  }

  text {
    font: var(--size-s) var(--sans);
    fill: var(--ink-2);
  }

  .grid {
    stroke: var(--rule);
  }

  .line {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2;
  }

  .line.mistaken {
    stroke: var(--bad);
    stroke-dasharray: 6 4;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s1) var(--s4);
  }

  .legend svg {
    display: inline-block;
    width: 34px;
    height: 10px;
    margin: 0 6px 0 0;
  }
`;
