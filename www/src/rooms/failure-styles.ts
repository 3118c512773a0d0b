// What went wrong, or is wrong with what was given: how a room tells it.

import { css } from "lit";

export const failureStyles = css`
  .failure {
    max-width: 76ch;
    margin: var(--s3) 0;
    padding: var(--s2) var(--s3);
    border: 1px solid var(--bad);
    border-radius: var(--radius);
  }

  .failure ul {
    padding-left: 1.2em;
  }

  .failure li {
    overflow-wrap: anywhere;
  }
`;
