// The looks of what floats: a card beside what it belongs to, a sheet at the bottom of a phone.

import { css } from "lit";

export const floatingStyles = css`
  .float {
    position: fixed;
    inset: auto;
    width: 348px;
    max-width: calc(100vw - 16px);
    max-height: calc(100dvh - 16px);
    margin: 0;
    padding: var(--s4) 0;
    overflow: auto;
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--rule-2);
    border-radius: var(--radius);
    box-shadow: 0 8px 28px var(--shade);
  }

  /* Nothing is seen where it does not stay. */
  .float:not([data-placed]) {
    opacity: 0;
  }

  .float .close {
    position: sticky;
    top: 0;
    z-index: 1;
    float: right;
    margin: -6px var(--s2) 0 0;
    background: var(--raised);
  }

  @media (max-width: 760px) {
    .float {
      inset: auto 0 0;
      width: 100%;
      max-width: none;
      max-height: 78dvh;
      border-width: 1px 0 0;
      border-radius: 12px 12px 0 0;
      box-shadow: 0 -8px 28px var(--shade);
    }
  }
`;
