// The looks of the place where a run is taken away.

import { css } from "lit";

export const takeawayStyles = css`
  dialog {
    width: min(880px, calc(100vw - 24px));
    max-height: calc(100dvh - 32px);
    padding: 0 var(--s4) var(--s4);
    overflow: auto;
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
  }

  dialog::backdrop {
    background: var(--shade);
  }

  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin: 0 calc(-1 * var(--s2)) 0 0;
    padding: var(--s2) 0;
    background: var(--raised);
  }

  .head h2 {
    font: 600 var(--size-xl) / 1.3 var(--serif);
    color: var(--ink);
  }
`;

export const partStyles = css`
  section {
    padding: var(--s3) 0;
    border-top: 1px solid var(--rule);
  }

  h3 {
    margin-bottom: var(--s2);
    font: 600 var(--size-m) / 1.4 var(--sans);
    letter-spacing: 0;
    color: var(--ink);
  }

  label {
    display: grid;
    gap: var(--s1);
  }

  textarea {
    padding: 4px 6px;
    font: inherit;
    color: inherit;
    resize: vertical;
    background: var(--raised);
    border: 1px solid var(--rule-2);
    border-radius: var(--radius);
  }

  .problem {
    color: var(--bad);
    overflow-wrap: anywhere;
  }

  .parts {
    display: grid;
    gap: var(--s2);
  }

  ul {
    list-style: none;
  }

  li {
    display: flex;
    gap: var(--s2);
    align-items: baseline;
    padding: 3px 0;
  }

  li .about {
    flex: 1;
    min-width: 0;
  }

  .number input {
    width: 96px;
  }

  .said:empty {
    display: none;
  }
`;
