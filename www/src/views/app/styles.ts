// Where each panel stands on the page, from wide to narrow.

import { css } from "lit";

export const appStyles = css`
  :host {
    height: 100dvh;
    overflow: hidden;
  }

  .page {
    display: grid;
    height: 100%;
    grid-template: auto minmax(0, 1fr) minmax(240px, 27%) auto / 284px minmax(0, 1.15fr) minmax(0, 1fr) 296px;
    grid-template-areas:
      "head head head head"
      "side stage stage inspector"
      "side logs clients clients"
      "foot foot foot foot";
  }

  playground-header {
    grid-area: head;
    border-bottom: 1px solid var(--rule);
  }

  .side {
    grid-area: side;
    overflow: auto;
    border-right: 1px solid var(--rule);
  }

  playground-diagram {
    grid-area: stage;
    min-height: 0;
  }

  playground-inspector {
    grid-area: inspector;
    overflow: auto;
    border-left: 1px solid var(--rule);
    background: var(--paper);
  }

  .board {
    grid-area: logs;
    min-height: 0;
    border-top: 1px solid var(--rule);
  }

  playground-history {
    grid-area: clients;
    min-height: 0;
    border-top: 1px solid var(--rule);
    border-left: 1px solid var(--rule);
  }

  playground-transport {
    grid-area: foot;
    border-top: 1px solid var(--rule);
    background: var(--raised);
  }

  main:not(.start, .room) {
    display: contents;
  }

  .page.entered {
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    grid-template-areas: "head" "room";
  }

  .room {
    grid-area: room;
    overflow: auto;
  }

  .board > * {
    height: 100%;
  }

  .tabs {
    display: none;
  }

  .start {
    max-width: 60ch;
    margin: 20vh auto 0;
    padding: var(--s4);
  }

  .start h1 {
    font: 600 1.5rem/1.3 var(--serif);
    margin-bottom: var(--s3);
  }

  /* Votes of all on all take more space than logs. */
  .page[data-wide] {
    grid-template-columns: 284px minmax(0, 2.45fr) minmax(0, 1fr) 296px;
  }

  /* The story stands at the foot of the stage, and takes its space from it: it covers nothing. */
  .page {
    --story-height: 156px;
  }

  playground-story {
    grid-area: stage;
    align-self: end;
    z-index: 1;
  }

  .page[data-told] playground-diagram {
    margin-bottom: var(--story-height);
  }

  /* What is drawn within one of these touches no other. */
  playground-diagram,
  playground-inspector,
  .board,
  playground-history {
    contain: layout paint style;
  }

  /* The inspector is there while something is selected. It takes its space from the diagram, and covers no lane. */
  @media (max-width: 1180px) {
    .page,
    .page[data-wide] {
      grid-template-columns: 256px minmax(0, 1fr) minmax(0, 1fr) 0;
    }

    .page[data-selected],
    .page[data-wide][data-selected] {
      grid-template-columns: 236px minmax(0, 1.5fr) minmax(0, 0.5fr) 258px;
    }

    .page:not([data-selected]) playground-inspector {
      display: none;
    }
  }

  /* One view at a time, chosen below. */
  @media (max-width: 760px) {
    .page,
    .page[data-wide],
    .page[data-selected],
    .page[data-wide][data-selected] {
      grid-template: auto minmax(0, 1fr) auto auto / minmax(0, 1fr);
      grid-template-areas: "head" "view" "foot" "tabs";
    }

    .side,
    playground-diagram,
    .board,
    playground-history,
    .page playground-inspector {
      grid-area: view;
      display: none;
      border: 0;
    }

    .page[data-tab="messages"] playground-diagram,
    .page[data-tab="cluster"] .side,
    .page[data-tab="board"] .board,
    .page[data-tab="clients"] playground-history,
    .page[data-tab="inspector"] playground-inspector {
      display: block;
    }

    .page {
      --story-height: 220px;
    }

    playground-story {
      grid-area: view;
    }

    .page[data-told] :is(.side, .board, playground-history, playground-inspector) {
      margin-bottom: var(--story-height);
    }

    .tabs {
      grid-area: tabs;
      display: grid;
      grid-auto-flow: column;
      grid-auto-columns: 1fr;
      background: var(--raised);
      border-top: 1px solid var(--rule);
    }

    .tabs button {
      padding: var(--s2) 0;
      min-height: 44px;
      border: 0;
      border-top: 3px solid transparent;
      border-radius: 0;
      background: none;
      font-size: var(--size-s);
      color: var(--ink-2);
    }

    .tabs button[aria-pressed="true"] {
      border-top-color: var(--ink);
      color: var(--ink);
      font-weight: 600;
    }
  }

  /* On paper there is what was entered, from end to end. */
  @media print {
    :host,
    .page.entered,
    .entered .room {
      display: block;
      height: auto;
      overflow: visible;
    }

    .entered > :not(.room) {
      display: none;
    }
  }
`;
