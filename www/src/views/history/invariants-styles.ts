// The looks of the list of properties.

import { css } from "lit";

export const invariantsStyles = css`
  :host {
    overflow: auto;
  }

  ul {
    padding: var(--s1) 0 var(--s3);
  }

  li {
    display: grid;
    grid-template-columns: 18px 1fr;
    gap: 0 var(--s2);
    padding: 3px 0;
    list-style: none;
  }

  li > svg {
    width: 14px;
    height: 14px;
    margin-top: 3px;
    fill: var(--good);
  }

  li.broken-one > svg {
    fill: var(--bad);
  }

  strong {
    font-weight: 600;
  }

  p {
    font: var(--size-m) / 1.4 var(--serif);
    color: var(--ink-2);
  }

  .finding {
    color: var(--bad);
  }
`;
