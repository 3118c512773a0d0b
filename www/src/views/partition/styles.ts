// The looks of the partition editor.

import { css } from "lit";

export const partitionStyles = css`
  section {
    padding: var(--s3) var(--s4);
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: var(--s2);
  }

  .groups {
    display: grid;
    gap: 6px;
  }

  .group {
    display: flex;
    flex-wrap: wrap;
    gap: 5px;
    align-items: center;
    min-height: 40px;
    padding: 5px 6px;
    background: var(--sunk);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
  }

  .group.over {
    border-color: var(--ink);
  }

  .letter {
    width: 1.6em;
    text-align: center;
    font: 600 var(--size-m) / 1 var(--serif);
    color: var(--ink-2);
  }

  .chip {
    min-width: 36px;
    min-height: 28px;
    padding: 2px 8px;
    font: 600 var(--size-s) / 1.3 var(--sans);
    border-radius: 14px;
    touch-action: none;
    user-select: none;
  }

  .chip.client {
    border-radius: var(--radius-s);
  }

  .chip.dragged {
    position: relative;
    z-index: 1;
    cursor: grabbing;
    box-shadow: 0 4px 12px var(--shade);
    pointer-events: none;
  }

  .presets {
    margin: var(--s2) 0;
    gap: 5px;
  }

  .presets button {
    padding: 2px 8px;
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .effect {
    margin: var(--s2) 0;
    font: var(--size-m) / 1.45 var(--serif);
  }

  .state {
    margin-top: var(--s2);
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  input[type="number"] {
    width: 58px;
  }

  label.timed {
    display: inline-flex;
    gap: 5px;
    align-items: center;
    font-size: var(--size-s);
    color: var(--ink-2);
  }
`;
