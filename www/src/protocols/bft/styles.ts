// What the looks of the boards of PBFT and Tendermint have of their own.

import { css } from "lit";

export const bftStyles = css`
  .head {
    gap: 2px var(--s3);
  }

  /* Somebody was proven to lie. */
  .segmented button.found {
    color: var(--bad);
  }

  .who {
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .who select {
    min-height: 26px;
    padding: 0 4px;
    color: var(--ink);
  }

  .scroll {
    position: relative;
  }

  .facts {
    margin-bottom: var(--s1);
    font: var(--size-m) / 1.45 var(--serif);
    color: var(--ink-2);
  }

  .facts b {
    font-weight: 600;
    color: var(--ink);
  }

  th,
  td {
    padding: 3px var(--s2) 3px 0;
    vertical-align: top;
  }

  thead small {
    display: block;
    font: var(--size-xs) / 1.3 var(--mono);
    font-weight: 400;
  }

  tbody tr.same {
    border-top: 0;
  }

  .term {
    padding-left: 6px;
    border-left: 3px solid var(--term);
    font-family: var(--mono);
  }

  .value {
    overflow-wrap: anywhere;
  }

  td .value {
    display: inline-block;
    max-width: 18ch;
    overflow: hidden;
    text-overflow: ellipsis;
    vertical-align: bottom;
  }

  .rival {
    color: var(--bad);
  }

  .soft {
    color: var(--ink-2);
  }

  .set {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }

  .chips {
    display: inline-flex;
    gap: 2px;
  }

  .chip {
    min-width: 15px;
    padding: 0 1px;
    font: normal 10px/15px var(--sans);
    text-align: center;
    color: var(--ink-2);
    border: 1px dotted var(--rule-strong);
    border-radius: 3px;
  }

  .chip.small {
    min-width: 8px;
    height: 12px;
    padding: 0;
  }

  .chip.tiny {
    min-width: 4px;
    height: 12px;
    padding: 0;
    border-width: 0 0 1px;
    border-radius: 0;
  }

  .chips:has(.tiny) {
    gap: 1px;
  }

  .chip.voted {
    color: var(--paper);
    background: var(--ink-2);
    border: 1px solid var(--ink-2);
  }

  .complete .chip.voted {
    background: var(--good);
    border-color: var(--good);
  }

  .chip.liar {
    outline: 1.5px dashed var(--bad);
    outline-offset: 0;
  }

  .tally {
    font: var(--size-xs) / 1 var(--mono);
  }

  .complete .tally b,
  .good {
    color: var(--good);
  }

  .bad {
    color: var(--bad);
  }

  .one {
    display: flex;
    gap: 6px;
    align-items: center;
    min-height: 20px;
  }

  .badge {
    padding: 0 4px;
    font: 600 10px/15px var(--sans);
    color: var(--good);
    border: 1px solid currentColor;
    border-radius: 3px;
  }

  .caption {
    margin: var(--s3) 0 var(--s1);
  }

  .chain {
    display: flex;
    gap: 14px;
    padding: 0 0 var(--s2);
    list-style: none;
  }

  .chain li {
    position: relative;
    flex: none;
    max-width: 170px;
    padding: 2px 6px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font: var(--size-xs) / 1.5 var(--mono);
    border: 1px solid var(--good);
    border-left: 3px solid var(--term);
    border-radius: var(--radius-s);
  }

  .chain li b {
    display: block;
    font: 600 var(--size-xs) / 1.4 var(--sans);
  }

  .agree,
  .why,
  .proof p {
    max-width: 72ch;
    margin: 2px 0 var(--s2);
    font: var(--size-m) / 1.5 var(--serif);
  }

  .proof {
    max-width: 76ch;
    margin-bottom: var(--s3);
    padding: var(--s1) var(--s3);
    border-left: 3px solid var(--bad);
    background: var(--sunk);
  }

  .proof h3 {
    color: var(--ink);
  }

  .proof ol {
    margin: 2px 0 4px;
    padding-left: 20px;
    font-size: var(--size-s);
  }

  .proof p {
    margin: 0;
  }

  button.link {
    display: inline;
    padding: 0;
    text-decoration: underline;
    text-decoration-color: var(--rule-strong);
    text-underline-offset: 2px;
  }

  @media (forced-colors: active) {
    .chip.voted {
      forced-color-adjust: none;
      color: Canvas;
      background: CanvasText;
    }
  }
`;
