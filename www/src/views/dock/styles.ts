// The looks of the dock: a row of tabs, and under it the panel that is shown.

import { css } from "lit";

export const dockStyles = css`
  :host {
    display: grid;
    grid-template: 30px minmax(0, 1fr) / minmax(0, 1fr);
    min-height: 0;
    position: relative;
  }

  .row {
    display: flex;
    min-width: 0;
    padding-right: var(--s2);
  }

  .tabs {
    flex: none;
  }

  slot[name="notices"] {
    display: flex;
    flex: 1;
    align-items: center;
    justify-content: flex-end;
    min-width: 0;
  }

  .fold {
    align-self: center;
    min-height: 26px;
    padding: 0 8px;
  }

  .panel {
    grid-row: 2;
  }

  .tabs {
    display: flex;
    gap: var(--s5);
    align-items: stretch;
    padding: 0 20px;
  }

  .tabs button {
    min-height: 0;
    padding: 0;
    color: var(--ink-2);
    background: none;
    border: 0;
    border-radius: 0;
    box-shadow: none;
  }

  .tabs button:hover {
    color: var(--ink);
  }

  .tabs button:focus-visible {
    outline-offset: -2px;
  }

  .tabs [aria-selected="true"] {
    color: var(--ink);
    font-weight: 600;
    box-shadow: inset 0 -2px 0 var(--ink);
  }

  small {
    font-size: inherit;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  small.bad {
    color: var(--bad);
  }

  .panel {
    min-height: 0;
    contain: layout paint style;
  }

  .panel[hidden] {
    display: none;
  }

  .panel > * {
    height: 100%;
  }

  .promises > * {
    overflow: auto;
    padding: 0 20px;
  }

  :host {
    container: dock / inline-size;
  }

  @container dock (max-width: 420px) {
    .tabs {
      gap: var(--s3);
      padding: 0 var(--s3);
      font-size: var(--size-s);
    }

    .fold {
      display: none;
    }
  }

  /* The tabs are those at the foot of the page. */
  @media (max-width: 760px) {
    :host {
      grid-template-rows: 0 minmax(0, 1fr);
    }

    .row {
      display: none;
    }
  }

  @media (forced-colors: active) {
    .tabs [aria-selected="true"] {
      border-bottom: 2px solid ButtonText;
    }
  }
`;
