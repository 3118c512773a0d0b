// Where each panel stands on the page, from wide to narrow: the header, the rail and the stage side by side, the dock
// below both, the transport. The stage has what the others leave.

import { css, unsafeCSS } from "lit";

/**
 * The card of the story, or of what is selected, stands over the stage where time has not come yet. It has one height
 * with time down, and one width with time to the right; so far from it the playhead is kept. In pixels.
 */
export const CARD = { height: 144, width: 340, gap: 16 };

const px = (pixels: number): ReturnType<typeof unsafeCSS> => unsafeCSS(`${pixels}px`);

export const appStyles = css`
  :host {
    height: 100dvh;
    overflow: hidden;
  }

  .page {
    --ring-height: 168px;

    display: grid;
    height: 100%;
    grid-template: 44px minmax(0, 1fr) auto / minmax(0, 1fr);
    grid-template-areas: "head" "body" "foot";
  }

  /* What parts the panels is a line, and is seen in full when it can be moved. */
  wa-split-panel {
    --divider-width: 1px;
    --divider-hit-area: 11px;

    min-width: 0;
    min-height: 0;
  }

  wa-split-panel::part(divider) {
    background: var(--rule);
  }

  .columns::part(divider) {
    background: transparent;
  }

  wa-split-panel::part(divider):hover {
    background: var(--rule-strong);
  }

  wa-split-panel::part(divider):focus-visible {
    outline: 2px solid var(--focus);
    background: var(--focus);
  }

  .rows {
    grid-area: body;
  }

  .columns {
    height: 100%;
  }

  @media (min-width: 761px) {
    .rows:not(:defined),
    .columns:not(:defined) {
      display: grid;
      gap: 1px;
      grid-template: minmax(0, 1fr) clamp(112px, 20dvh, 180px) / minmax(0, 1fr);
    }

    .columns:not(:defined) {
      grid-template: minmax(0, 1fr) / 176px minmax(0, 1fr);
    }

    /* What parts the panels knows its size some frames after it has come: until then, all stands where it stood. */
    .unsettled .rows:defined {
      grid-template: minmax(0, 1fr) var(--divider-width) clamp(112px, 20dvh, 180px) / minmax(0, 1fr) !important;
    }

    .unsettled .columns:defined {
      grid-template: minmax(0, 1fr) / 176px var(--divider-width) minmax(0, 1fr) !important;
    }
  }

  /* Its width is none; and what is in it is not come to by keys. */
  .no-rail .side {
    visibility: hidden;
  }

  .skip {
    position: absolute;
    top: var(--s2);
    left: var(--s2);
    z-index: var(--layer-menu);
  }

  .skip:not(:focus) {
    width: 1px;
    height: 1px;
    min-height: 0;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }

  playground-header {
    grid-area: head;
    min-width: 0;
  }

  .side {
    display: flex;
    height: 100%;
    flex-direction: column;
    min-height: 0;
  }

  .rail {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }

  .stage {
    position: relative;
    height: 100%;
    min-height: 0;
    min-width: 0;
  }

  playground-diagram {
    height: 100%;
    /* What is drawn within it touches nothing else. */
    contain: layout paint style;
  }

  .stage > playground-cluster {
    --ring-height: none;

    box-sizing: border-box;
    height: 100%;
    padding: var(--s3) 0;
  }

  /* The ring has no future: it makes room for the card. */
  .page:not([data-card="none"]) .stage > playground-cluster {
    height: calc(100% - ${px(CARD.height)});
  }

  .unfold {
    position: absolute;
    bottom: var(--s2);
    left: var(--s2);
    z-index: 1;
    min-width: 28px;
    padding: 0;
  }

  playground-dock {
    height: 100%;
    min-width: 0;
  }

  playground-transport {
    grid-area: foot;
    border-top: 1px solid var(--rule);
  }

  main:not(.start, .room) {
    display: contents;
  }

  .page.entered {
    grid-template: 44px minmax(0, 1fr) / minmax(0, 1fr);
    grid-template-areas: "head" "room";
  }

  .room {
    grid-area: room;
    overflow: auto;
    border-top: 1px solid var(--rule);
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

  .card {
    --card-height: ${px(CARD.height)};

    position: absolute;
    right: 0;
    bottom: 0;
    z-index: 1;
    width: min(1000px, 88%);
  }

  [data-time="right"] .card {
    --card-height: min(400px, 100%);

    width: ${px(CARD.width)};
  }

  .card[hidden] {
    display: none;
  }

  playground-inspector {
    height: var(--card-height);
    overflow: auto;
    background: var(--raised);
    border-radius: 6px 0 0;
    box-shadow: 0 0 0 1px var(--rule), 0 -8px 24px -12px var(--shade);
  }

  /* Presented: the stage and one panel, the captions below, all of it large, and nothing else. */
  .presenting {
    --zoom: 1.4;

    zoom: var(--zoom);
    height: calc(100dvh / var(--zoom));
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) minmax(240px, 30%);
    grid-template-areas: "stage dock" "card card";
  }

  .presenting.no-dock {
    grid-template-columns: minmax(0, 1fr) 0;
  }

  .presenting :is(playground-header, playground-transport, .side, .unfold, .tabs),
  .presenting.no-dock playground-dock,
  .presenting wa-split-panel::part(divider) {
    display: none;
  }

  .page.presenting wa-split-panel.rows,
  .page.presenting wa-split-panel.columns,
  .presenting .stage {
    display: contents;
  }

  .presenting :is(playground-diagram, .stage > playground-cluster) {
    grid-area: stage;
    min-width: 0;
    min-height: 0;
  }

  .presenting playground-dock {
    grid-area: dock;
    padding-top: var(--s2);
    border-left: 1px solid var(--rule);
  }

  .presenting .card,
  .presenting[data-time="right"] .card {
    --card-height: 118px;

    position: static;
    grid-area: card;
    width: auto;
    box-shadow: none;
    border-top: 1px solid var(--rule);
  }

  /* One view at a time, chosen below. */
  @media (max-width: 760px) {
    .page {
      grid-template: 44px minmax(0, 1fr) auto auto auto / minmax(0, 1fr);
      grid-template-areas: "head" "view" "notes" "foot" "tabs";
    }

    wa-split-panel.rows,
    wa-split-panel.columns {
      display: contents;
    }

    wa-split-panel::part(divider) {
      display: none;
    }

    .no-rail .side {
      visibility: visible;
    }

    .side,
    .stage,
    playground-dock {
      grid-area: view;
      border: 0;
    }

    .page:not([data-view="diagram"]) .stage,
    .page:not([data-view="cluster"]) .side,
    .page:not([data-view="dock"]) playground-dock {
      display: none;
    }

    .card,
    [data-time="right"] .card {
      --card-height: min(${px(CARD.height)}, 30dvh);

      width: 100%;
    }

    .tabs {
      grid-area: tabs;
      display: grid;
      grid-auto-flow: column;
      grid-auto-columns: 1fr;
      border-top: 1px solid var(--rule);
    }

    .tabs button {
      min-width: 0;
      min-height: 44px;
      padding: var(--s2) 0;
      overflow: hidden;
      text-overflow: ellipsis;
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

  /* The card has space of its own, and the diagram what is left. */
  @media (max-width: 560px) {
    .page:not([data-card="none"]) .stage {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto;
    }

    .page:not([data-card="none"]) .stage .card,
    .page:not([data-card="none"])[data-time="right"] .stage .card {
      --card-height: 196px;

      position: relative;
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
