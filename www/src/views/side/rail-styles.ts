// The looks of the rail.

import { css } from "lit";

export const railStyles = css`
  :host {
    padding: var(--s2) var(--s2) var(--s4) 20px;
  }

  section + section {
    margin-top: var(--s3);
  }

  section > * + * {
    margin-top: 6px;
  }

  section > [popover] {
    margin-top: 0;
  }

  button.press {
    width: 100%;
    max-width: 220px;
    padding: 5px 8px;
    white-space: normal;
  }

  /* A word to press. */
  button.word {
    display: block;
    min-height: 24px;
    padding: 1px 0;
    text-align: left;
    white-space: normal;
    background: none;
    border: 0;
    border-radius: 2px;
    text-decoration: underline;
    text-decoration-color: var(--rule-2);
    text-underline-offset: 4px;
  }

  button.word:hover {
    text-decoration-color: currentColor;
  }

  button.opens {
    text-decoration: none;
  }

  button.opens::after {
    content: "";
    display: inline-block;
    width: 6px;
    height: 6px;
    margin-left: 7px;
    border: solid currentColor;
    border-width: 1.5px 1.5px 0 0;
    rotate: 45deg;
    translate: -2px -1px;
  }

  h2 {
    color: var(--ink);
  }

  h2.and {
    margin: 0 0 2px;
    padding: 0 var(--s4);
  }

  ul {
    list-style: none;
  }

  label {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 7px;
    align-items: baseline;
    padding: 2px 0;
    line-height: 1.35;
  }

  input {
    translate: 0 1px;
    margin: 0;
    accent-color: var(--ink);
  }

  .state {
    font-size: var(--size-s);
    line-height: 1.35;
    color: var(--ink-2);
  }
`;
