// A room in which something is looked for: what is asked at its side, and what it has come to. What the explorer and the
// hunt look like alike.

import { css } from "lit";

export const searchStyles = css`
  .room {
    max-width: 1240px;
    margin: 0 auto;
    padding: var(--s5);
  }

  h1 {
    margin-bottom: var(--s1);
    font: 600 1.5rem/1.3 var(--serif);
  }

  header p {
    max-width: 72ch;
  }

  .columns {
    display: grid;
    grid-template-columns: var(--form, 280px) minmax(0, 1fr);
    gap: var(--s5);
    align-items: start;
    margin-top: var(--s5);
  }

  form {
    display: grid;
  }

  fieldset {
    min-width: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    font: 600 var(--size-s) / 1.3 var(--sans);
    color: var(--ink-2);
  }

  em {
    font-style: normal;
    color: var(--ink-2);
  }

  @media (max-width: 900px) {
    .room {
      padding: var(--s4);
    }

    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
