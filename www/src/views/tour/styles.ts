// The looks of the tour.

import { css } from "lit";

export const tourStyles = css`
  .card {
    position: fixed;
    z-index: var(--layer-menu);
    width: min(380px, calc(100vw - 32px));
    padding: var(--s3) var(--s4);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    box-shadow: 0 10px 36px var(--shade);
  }

  h2 {
    margin-bottom: var(--s1);
    font: 600 var(--size-l) / 1.3 var(--serif);
    letter-spacing: 0;
    color: var(--ink);
  }

  p {
    font: var(--size-m) / 1.5 var(--serif);
  }

  .row {
    margin-top: var(--s3);
  }

  .count {
    margin-right: auto;
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .spot {
    position: fixed;
    z-index: var(--layer-drawer);
    pointer-events: none;
    border: 3px solid var(--focus);
    border-radius: var(--radius);
  }
`;
