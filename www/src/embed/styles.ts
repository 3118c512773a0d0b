// Where each panel stands in an embedded run.

import { css } from "lit";

export const embedStyles = css`
  :host {
    --ring-height: 250px;
    background: var(--paper);
  }

  .page {
    display: grid;
    height: max(100dvh, var(--least, 0px));
    border: 1px solid var(--rule);
  }

  .page > * {
    min-width: 0;
    min-height: 0;
  }

  .cluster {
    grid-area: cluster;
    overflow: hidden auto;
    padding-bottom: var(--s2);
  }

  /* The ring is as large as fits beside or between others, with its words. */
  .cluster:not(.natural) {
    --ring-height: clamp(110px, 100cqh - 76px, 290px);

    container-type: size;
  }

  .diagram {
    --diagram-touch-action: pan-x pan-y;

    grid-area: diagram;
    display: grid;
    contain: layout paint style;
  }

  .diagram > * {
    grid-area: 1 / 1;
    min-width: 0;
    min-height: 0;
  }

  .hint {
    z-index: 3;
    place-self: center;
    max-width: calc(100% - 2 * var(--s4));
    padding: var(--s2) var(--s3);
    font-weight: 600;
    color: var(--paper);
    background: var(--ink);
    border-radius: var(--radius);
    pointer-events: none;
  }

  .hint[hidden] {
    display: none;
  }

  .inspector {
    grid-area: inspector;
    overflow: auto;
  }

  .board {
    grid-area: board;
    contain: layout paint style;
  }

  .board > * {
    height: 100%;
  }

  .history {
    grid-area: history;
    contain: layout paint style;
  }

  .tabs {
    grid-area: tabs;
    display: flex;
    background: var(--sunk);
  }

  .tabs button {
    flex: auto;
    min-width: 0;
    min-height: 36px;
    padding: 2px;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: var(--size-s);
    color: var(--ink-2);
    background: none;
    border: 0;
    border-bottom: 2px solid transparent;
    border-radius: 0;
  }

  .tabs button[aria-pressed="true"] {
    color: var(--ink);
    font-weight: 600;
    border-bottom-color: var(--ink);
  }

  .tabs button:focus-visible {
    outline-offset: -3px;
  }

  .story {
    --card-height: 148px;

    grid-area: story;
    overflow: clip;
  }

  .page:not(.wide) > .story {
    --card-height: 176px;
  }

  /* However low the frame is, Play is in sight. */
  .bottom {
    grid-area: bottom;
    position: sticky;
    bottom: 0;
    z-index: 1;
  }

  .transport {
    background: var(--raised);
  }

  .page.wide > .cluster:not(.natural),
  .page.wide > .board {
    border-right: 1px solid var(--rule);
  }

  .page.wide > .inspector {
    border-left: 1px solid var(--rule);
  }

  .page > :is(.board, .history, .story, .bottom),
  .transport + footer,
  .page:not(.wide) > * {
    border-top: 1px solid var(--rule);
  }

  .page:not(.wide) > :first-child {
    border-top: 0;
  }

  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 2px var(--s4);
    align-items: baseline;
    padding: 5px var(--s4);
    font-size: var(--size-s);
    background: var(--sunk);
  }

  footer h1 {
    font: 600 var(--size-s) / 1.45 var(--sans);
  }

  footer a {
    margin-left: auto;
    color: var(--ink);
    text-underline-offset: 2px;
  }

  .verdict {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--ink-2);
  }

  .verdict svg {
    width: 11px;
    height: 11px;
    fill: currentColor;
  }

  .verdict.kept {
    color: var(--good);
  }

  .verdict:is(.violated, .lied) {
    color: var(--bad);
    white-space: normal;
  }

  .start {
    padding: var(--s4);
  }

  @media print {
    footer a::after {
      content: " " attr(href);
      overflow-wrap: anywhere;
    }
  }

  /* However low the frame is, they are seen. */
  playground-notices {
    inset: auto var(--s3) var(--s3) auto;
    width: min(420px, calc(100vw - 2 * var(--s3)));
    max-height: calc(100dvh - 2 * var(--s3));
    overflow: auto;
  }
`;
