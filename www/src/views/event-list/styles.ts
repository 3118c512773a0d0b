// The looks of the list of events, and its measures.

import { css } from "lit";

export const ROW = 26;

export const eventListStyles = css`
  section {
    display: flex;
    flex-direction: column;
    height: 100%;
  }

  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
    align-items: center;
    padding: var(--s2) var(--s4);
  }

  .filters label {
    display: inline-flex;
    gap: 5px;
    align-items: center;
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .filters select,
  .filters input {
    color: var(--ink);
  }

  .grid {
    flex: 1;
    min-height: 0;
    overflow: auto;
    border-top: 1px solid var(--rule);
  }

  .body {
    position: relative;
  }

  .event {
    position: absolute;
    display: grid;
    grid-template-columns: 64px 84px 44px minmax(150px, 1.3fr) minmax(120px, 1fr);
    gap: var(--s2);
    align-items: center;
    width: 100%;
    min-width: 470px;
    height: ${ROW}px;
    padding: 0 var(--s4);
    font-size: var(--size-s);
    cursor: pointer;
    border-left: 3px solid var(--term);
  }

  .event span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .event:hover {
    background: var(--sunk);
  }

  .event[aria-selected="true"] {
    background: var(--ink);
    color: var(--paper);
  }

  .event[aria-selected="true"] span {
    color: var(--paper);
  }

  .event.future {
    opacity: 0.62;
  }

  .event:focus-visible {
    outline-offset: -2px;
  }

  .heading {
    position: sticky;
    top: 0;
    z-index: 1;
    font-weight: 600;
    color: var(--ink-2);
    background: var(--paper);
    border-bottom: 1px solid var(--rule);
    border-left-color: transparent;
    cursor: default;
  }

  .violation {
    color: var(--bad);
    font-weight: 600;
  }
`;
