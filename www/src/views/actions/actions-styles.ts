// The looks of the actions beside a click.

import { css } from "lit";

export const actionsStyles = css`
  /* It takes no space of its own where it stands. */
  :host {
    display: contents;
  }

  .float {
    width: max-content;
    max-width: 300px;
    padding: var(--s2) var(--s3) var(--s3);
  }

  .what {
    font: var(--size-l) / 1.35 var(--serif);
  }

  .group {
    margin-top: var(--s2);
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .row {
    gap: 4px;
    margin-top: 4px;
  }

  button {
    min-height: 26px;
    padding: 1px 8px;
    font-size: var(--size-s);
  }

  @media (max-width: 760px) {
    .float {
      width: 100%;
      max-width: none;
      padding: var(--s4);
    }

    button {
      min-height: 40px;
      padding: 2px 12px;
      font-size: var(--size-m);
    }
  }
`;
