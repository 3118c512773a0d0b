// The looks of the diagrams above each other.

import { css } from "lit";

export const diagramsStyles = css`
  .controls {
    position: sticky;
    top: 0;
    z-index: 1;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: var(--s3);
    align-items: center;
    padding: var(--s1) 0;
    background: var(--paper);
    border-bottom: 1px solid var(--rule);
  }

  .controls input {
    width: 100%;
    accent-color: var(--ink);
  }

  .controls .row {
    flex-wrap: nowrap;
    gap: var(--s1);
  }

  output {
    min-width: 8ch;
    text-align: right;
  }

  article {
    padding: var(--s2) 0;
    border-bottom: 1px solid var(--rule);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--s3);
    align-items: baseline;
  }

  h3 {
    font: 600 1.125rem/1.3 var(--serif);
    color: var(--ink);
  }

  header p {
    flex: 1 1 24ch;
    font-family: var(--serif);
  }

  .lanes {
    position: relative;
    margin-top: 20px;
    overflow-x: clip;
  }

  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    touch-action: pan-y;
    cursor: grab;
  }

  canvas:active {
    cursor: grabbing;
  }

  .bracket {
    position: absolute;
    top: -16px;
    height: 9px;
    border: solid var(--ink-2);
    border-width: 0 1px;
    background: linear-gradient(var(--ink-2), var(--ink-2)) center / 100% 1px no-repeat;
    pointer-events: none;
  }

  .bracket[hidden] {
    display: none;
  }

  .bracket span {
    position: absolute;
    top: -6px;
    left: 8px;
    padding: 0 var(--s1);
    font: var(--size-s) / 20px var(--serif);
    white-space: nowrap;
    background: var(--paper);
  }

  .failure {
    color: var(--bad);
  }

  @media (max-width: 760px) {
    .controls {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
  }
`;
