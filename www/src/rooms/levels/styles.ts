// The looks of a level that is played.

import { css } from "lit";

export const levelStyles = css`
  .title {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--s4);
    align-items: baseline;
  }

  h1 {
    font: 600 1.625rem/1.25 var(--serif);
    text-wrap: balance;
  }

  .about {
    max-width: 88ch;
    margin-top: var(--s1);
    font: 1rem/1.5 var(--serif);
  }

  figure {
    position: relative;
    height: clamp(190px, 33dvh, 340px);
    margin: var(--s2) 0 0;
    scroll-margin-top: var(--s2);
  }

  figure.large {
    height: clamp(320px, 48dvh, 480px);
  }

  playground-diagram {
    height: 100%;
  }

  .whole {
    margin-bottom: var(--s2);
    font: var(--size-s) / 1.4 var(--serif);
    color: var(--ink-2);
  }

  /* The likelihood belongs to the tape, which stands in the playground. */
  playground-diagram::part(likelihood) {
    display: none;
  }

  .node {
    padding: var(--s4) var(--s5);
    background: var(--sunk);
    border-radius: var(--radius);
  }

  .node header {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--s4);
    align-items: baseline;
  }

  .node h2 {
    font: 600 1.375rem/1.3 var(--serif);
    letter-spacing: 0;
    color: var(--ink);
  }

  .two {
    display: grid;
    grid-template-columns: minmax(220px, 3fr) minmax(0, 7fr);
    gap: var(--s3) 40px;
    margin-top: var(--s2);
  }

  .know h3:not(:first-child) {
    margin-top: var(--s3);
  }

  h3 {
    margin-bottom: var(--s1);
    letter-spacing: 0;
    color: var(--ink);
  }

  dl {
    display: grid;
    grid-template-columns: minmax(0, auto) minmax(0, 1fr);
    gap: 2px var(--s4);
  }

  dt {
    color: var(--ink-2);
  }

  dd {
    overflow-wrap: anywhere;
  }

  .cells {
    display: flex;
    gap: 3px;
    margin-bottom: var(--s2);
    list-style: none;
  }

  .cells li {
    min-width: 46px;
    padding: 0 6px 2px;
    font: var(--size-s) / 1.4 var(--mono);
    background: color-mix(in oklab, var(--term) 14%, var(--paper));
    border: 1px solid var(--term);
    border-left-width: 3px;
  }

  .cells .open {
    border-style: dashed;
    border-left-style: solid;
  }

  .cells .more {
    min-width: 0;
    background: none;
    border: 0;
  }

  .cells small {
    display: block;
    font-size: var(--size-xs);
    color: var(--ink-2);
  }

  .sets {
    list-style: none;
  }

  .ask {
    font: 600 1.25rem/1.35 var(--serif);
  }

  .ask:focus,
  h1:focus,
  h2:focus {
    outline: none;
  }

  .answers {
    display: grid;
    gap: var(--s2);
    margin-top: var(--s3);
  }

  .answer {
    display: flex;
    gap: var(--s2);
    align-items: baseline;
    min-height: 40px;
    padding: 8px 14px;
    font-size: var(--size-l);
    text-align: left;
    white-space: normal;
    color: var(--ink);
    background: var(--paper);
  }

  .answer[aria-disabled="true"]:not(.wrong, .right) {
    color: var(--ink-2);
  }

  .answer i {
    flex: none;
    width: 14px;
    font-style: normal;
  }

  .answer em {
    flex: none;
    margin-left: auto;
    font: 600 var(--size-s) / 1.4 var(--sans);
  }

  .answer:is(.wrong, .right) {
    color: var(--ink);
  }

  .answer.wrong {
    border-color: var(--bad);
    box-shadow: inset 3px 0 0 var(--bad);
  }

  .answer.right {
    border-color: var(--good);
    box-shadow: inset 3px 0 0 var(--good);
  }

  .wrong :is(i, em),
  .bad {
    color: var(--bad);
  }

  .right :is(i, em),
  .good {
    color: var(--good);
  }

  .why,
  .world p,
  .ended p {
    max-width: 76ch;
    margin-top: var(--s3);
    font: 1rem/1.5 var(--serif);
  }

  .rules {
    max-width: 76ch;
    margin-top: var(--s2);
    padding-left: var(--s3);
    font: var(--size-m) / 1.5 var(--serif);
    color: var(--ink-2);
    list-style: none;
    border-left: 2px solid var(--rule-strong);
  }

  .judged .soft {
    max-width: 76ch;
    margin-top: var(--s2);
  }

  small {
    font: var(--size-s) / 1.4 var(--sans);
    white-space: nowrap;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2) var(--s3);
    align-items: center;
    margin-top: var(--s3);
  }

  .row button,
  .button {
    min-height: 34px;
    padding: 4px 14px;
  }

  .button {
    background: var(--ink);
    color: var(--paper);
    border-radius: var(--radius);
    text-decoration: none;
    line-height: 26px;
  }

  .breaks {
    list-style: none;
    font: 1rem/1.5 var(--serif);
  }

  .breaks button {
    min-height: 24px;
    padding: 0 6px;
    font: var(--size-s) / 1.4 var(--mono);
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .breaks button[aria-pressed="true"] {
    color: var(--ink);
    border-color: var(--rule-strong);
    text-decoration: none;
  }

  .quoted {
    font: 1rem/1.5 var(--serif);
    color: var(--ink-2);
  }

  @media (max-width: 760px) {
    .two {
      grid-template-columns: minmax(0, 1fr);
    }

    .know {
      order: 1;
    }

    .node {
      margin-inline: calc(-1 * var(--s4));
      padding: var(--s3) var(--s4);
      border-radius: 0;
    }

    .ask {
      font-size: 1.125rem;
    }

    .answer em {
      margin-left: 0;
    }

    .answer {
      flex-wrap: wrap;
    }

    .answer span {
      flex: 1 1 70%;
    }
  }
`;
