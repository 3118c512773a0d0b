// The looks of the palette.

import { css } from "lit";

export const paletteStyles = css`
  dialog {
    width: min(620px, calc(100vw - 24px));
    margin: 12dvh auto auto;
    padding: 0;
    overflow: hidden;
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    box-shadow: 0 12px 40px var(--shade);
  }

  dialog::backdrop {
    background: var(--shade);
  }

  .inside {
    display: flex;
    flex-direction: column;
    max-height: 72dvh;
  }

  input[type="text"] {
    flex: none;
    padding: 12px var(--s4);
    font: var(--size-l) / 1.4 var(--sans);
    background: none;
    border: 0;
    border-bottom: 1px solid var(--rule);
    border-radius: 0;
    outline: none;
  }

  .list {
    flex: 1;
    min-height: 0;
    padding-bottom: var(--s2);
    overflow-y: auto;
  }

  .group {
    padding: var(--s3) var(--s4) var(--s1);
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .item {
    display: flex;
    gap: var(--s3);
    align-items: baseline;
    padding: 5px var(--s4);
    cursor: pointer;
    scroll-margin-block: 32px;
  }

  .item[aria-selected="true"] {
    background: var(--sunk);
    box-shadow: inset 3px 0 0 var(--ink);
  }

  .item[aria-disabled="true"] {
    cursor: default;
  }

  .item[aria-disabled="true"] .words {
    color: var(--ink-2);
  }

  .words {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .why {
    font: italic var(--size-s) / 1.3 var(--serif);
    color: var(--ink-2);
  }

  .hint {
    margin-left: auto;
    font-size: var(--size-s);
    color: var(--ink-2);
    white-space: nowrap;
  }

  .foot {
    padding: var(--s2) var(--s4);
    font-size: var(--size-s);
    color: var(--ink-2);
    border-top: 1px solid var(--rule);
  }

  @media (forced-colors: active) {
    .item[aria-selected="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  @media (max-width: 760px) {
    dialog {
      margin-top: 12px;
    }

    .inside {
      max-height: calc(100dvh - 24px);
    }

    .item {
      flex-wrap: wrap;
      gap: 0 var(--s3);
    }

    .why {
      flex-basis: 100%;
      order: 1;
    }
  }
`;
