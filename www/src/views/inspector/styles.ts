import { css } from "lit";

export const inspectorStyles = css`
  section {
    /* What is out of sight in here must not make the page longer. */
    position: relative;
    padding: var(--s2) var(--s4) var(--s4);
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 32px;
    margin-bottom: var(--s1);
  }

  .head .why {
    margin: 0 var(--s2) 0 auto;
  }

  /* As a card it is wide and low: what is told stands in columns. */
  :host(.card) {
    container: card / inline-size;
  }

  @container card (min-width: 520px) {
    section {
      padding-bottom: var(--s2);
      columns: 230px;
      column-gap: 26px;
    }

    details {
      break-inside: avoid;
    }
  }

  h3 {
    margin: var(--s4) 0 var(--s1);
  }

  .prose {
    margin-bottom: var(--s2);
    overflow-wrap: anywhere;
  }

  .prose b {
    font-weight: 600;
  }

  dl {
    display: grid;
    grid-template-columns: minmax(84px, auto) minmax(0, 1fr);
    gap: 2px var(--s3);
    margin: 2px 0;
  }

  dt {
    color: var(--ink-2);
  }

  dd {
    font: var(--size-s) / 1.55 var(--mono);
    overflow-wrap: anywhere;
  }

  .durable {
    padding: 6px 8px;
    background: var(--sunk);
    border-left: 3px solid var(--rule-strong);
    border-radius: 0 var(--radius-s) var(--radius-s) 0;
  }

  .volatile.nothing {
    color: var(--ink-2);
  }

  .volatile {
    padding: 6px 8px;
    border-left: 3px dotted var(--rule-strong);
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font: var(--size-s) / 1.5 var(--mono);
  }

  th {
    padding: 1px 8px 1px 0;
    text-align: left;
    font: 500 var(--size-s) / 1.5 var(--sans);
    color: var(--ink-2);
  }

  td {
    padding: 1px 8px 1px 0;
  }

  button.link {
    display: inline;
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    text-align: left;
    white-space: normal;
    text-decoration: underline;
    text-decoration-color: var(--rule-strong);
    text-underline-offset: 2px;
  }

  button.link:hover {
    text-decoration-color: var(--ink);
  }

  ul.plain {
    list-style: none;
  }

  ul.plain li {
    padding: 1px 0;
  }

  .lie {
    margin: var(--s2) 0;
    padding: 5px 8px;
    border-left: 3px solid var(--bad);
    background: var(--sunk);
    font: var(--size-m) / 1.45 var(--serif);
  }

  .lie td {
    overflow-wrap: anywhere;
  }

  .bad {
    color: var(--bad);
  }

  .rules {
    list-style: none;
    font: var(--size-m) / 1.5 var(--serif);
  }

  .rules li {
    padding: 4px 8px;
    border-left: 3px solid transparent;
    color: var(--ink-2);
  }

  .rules li.lit {
    margin: 3px 0;
    border-left-color: var(--ink);
    background: var(--sunk);
    color: var(--ink);
  }

  @media (forced-colors: active) {
    .rules li:not(.lit) {
      border-left-color: Canvas;
    }
  }

  .rules small {
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  details {
    margin-top: var(--s4);
  }

  summary {
    cursor: pointer;
    font: 600 var(--size-s) / 1.6 var(--sans);
    color: var(--ink-2);
  }

  .timers {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 2px var(--s2);
    align-items: center;
    font-size: var(--size-s);
  }

  .arc {
    display: block;
    width: 22px;
    height: 22px;
    fill: none;
    stroke: var(--rule);
    stroke-width: 2.5;
  }

  .arc .left {
    stroke: var(--term, var(--ink-2));
  }
`;
