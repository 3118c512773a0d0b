// The looks of notices.

import { css } from "lit";

export const noticesStyles = css`
  :host {
    position: fixed;
    inset: auto var(--s4) 76px auto;
    z-index: var(--layer-notice);
    width: min(420px, calc(100vw - 2 * var(--s4)));
  }

  li {
    display: flex;
    gap: var(--s3);
    align-items: flex-start;
    margin-top: var(--s2);
    padding: var(--s2) var(--s2) var(--s2) var(--s3);
    list-style: none;
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-left: 4px solid var(--ink);
    border-radius: var(--radius);
    box-shadow: 0 6px 24px var(--shade);
  }

  li.bad {
    border-left-color: var(--bad);
  }

  p {
    flex: 1;
    padding: 3px 0;
    overflow-wrap: anywhere;
  }

  /* In a row that has space for it: it covers nothing. The last is shown, and is whole in its title. */
  :host([docked]) {
    position: static;
    width: auto;
    min-width: 0;
  }

  :host([docked]) li {
    align-items: center;
    gap: var(--s2);
    margin: 0;
    padding: 0 0 0 var(--s2);
    background: none;
    border-width: 0 0 0 3px;
    border-radius: 0;
    box-shadow: none;
  }

  :host([docked]) li:not(:last-child) {
    display: none;
  }

  :host([docked]) p {
    flex: 0 1 auto;
    min-width: 0;
    padding: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  :host([docked]) button {
    flex: none;
    min-height: 24px;
    padding: 0 8px;
  }

  :host([docked]) button.icon {
    min-width: 24px;
    padding: 0;
  }

  /* On a phone it has a row of its own. */
  @media (max-width: 760px) {
    :host([row]) {
      position: static;
      grid-area: notes;
      width: auto;
      padding: 0 var(--s3);
    }

    :host([row]) li {
      margin: var(--s1) 0;
      box-shadow: none;
    }
  }
`;
