// The looks of the list of levels.

import { css } from "lit";

export const roomStyles = css`
  nav h2 {
    margin: var(--s4) 0 var(--s1);
    color: var(--ink-2);
  }

  nav ul {
    padding: 0;
  }

  nav a {
    display: flex;
    justify-content: space-between;
    gap: var(--s2);
  }

  .good {
    color: var(--good);
  }

  article {
    max-width: 1180px;
    min-width: 0;
    padding: var(--s4) var(--s5) 64px;
  }

  h1 {
    font: 600 1.625rem/1.25 var(--serif);
  }

  article h2 {
    margin: var(--s5) 0 var(--s2);
    font: 600 var(--size-l) / 1.3 var(--sans);
    letter-spacing: 0;
    color: var(--ink);
  }

  .lead,
  .own {
    max-width: 72ch;
    margin-top: var(--s2);
    font: 1rem/1.55 var(--serif);
  }

  .all {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(300px, 1fr));
    gap: var(--s4) var(--s5);
    list-style: none;
  }

  .all li a {
    font: 600 var(--size-l) / 1.4 var(--sans);
  }

  .all small {
    display: block;
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .all p {
    margin-top: var(--s1);
    font: var(--size-m) / 1.5 var(--serif);
  }

  .row {
    margin-top: var(--s3);
  }

  input[type="file"] {
    max-width: 100%;
  }

  @media (max-width: 900px) {
    article {
      padding: var(--s3) var(--s4) 64px;
    }
  }
`;
