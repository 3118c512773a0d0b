// The looks of the network’s dials.

import { css } from "lit";

export const networkStyles = css`
  .dials {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) 46px;
    gap: 6px var(--s2);
    align-items: center;
    margin-bottom: var(--s2);
  }

  .latency {
    grid-column: 2 / -1;
    display: flex;
    gap: 5px;
    align-items: center;
  }

  input[type="number"] {
    width: 66px;
  }

  input[type="range"] {
    width: 100%;
    min-width: 0;
    accent-color: var(--ink);
  }

  output {
    font: var(--size-xs) / 1 var(--mono);
    text-align: right;
  }

  .words {
    font: var(--size-m) / 1.45 var(--serif);
    color: var(--ink-2);
  }

  .hint {
    margin-bottom: var(--s2);
    padding: 5px 8px;
    font: var(--size-m) / 1.45 var(--serif);
    border-left: 3px solid var(--ink);
    background: var(--sunk);
  }
`;
