// The looks of the partition editor.

import { css } from "lit";

export const partitionStyles = css`
  section {
    padding: 0 var(--s4) var(--s3);
  }

  h2 {
    margin-bottom: var(--s2);
    color: var(--ink);
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
    min-height: 34px;
    padding: 2px;
    border: 1px solid transparent;
    border-radius: var(--radius);
  }

  .group.over {
    border-color: var(--ink);
  }

  .letter {
    width: 1.3em;
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
  }

  .presets {
    gap: 2px 4px;
    margin-left: -6px;
  }

  .presets button {
    padding: 2px 6px;
    font-size: var(--size-s);
  }

  .presets button[aria-pressed="true"] {
    color: var(--ink);
    font-weight: 600;
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 5px;
  }

  .effect {
    margin: var(--s2) 0 var(--s3);
    font: var(--size-l) / 1.4 var(--serif);
  }

  .effect button {
    margin-top: var(--s2);
    font: var(--size-m) / 1.4 var(--sans);
  }

  .row + .row,
  .effect + .row + .effect {
    margin-top: var(--s3);
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
