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

  @media (max-width: 760px) {
    :host {
      inset: auto var(--s3) 150px var(--s3);
      width: auto;
    }
  }
`;
