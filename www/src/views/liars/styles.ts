import { css } from "lit";

export const liarStyles = css`
  form,
  .more {
    display: grid;
    gap: 6px;
  }

  .row {
    gap: 5px;
    font-size: var(--size-s);
  }

  select {
    max-width: 100%;
    padding: 2px 4px;
    font-size: var(--size-s);
  }

  input[type="number"] {
    width: 66px;
  }

  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    align-items: center;
    font-size: var(--size-s);
  }

  .chips button {
    min-width: 30px;
    padding: 1px 6px;
    font-size: var(--size-s);
  }

  .chips button[aria-pressed="true"] {
    font-weight: 600;
    color: var(--bad);
    border: 2px solid var(--bad);
  }

  .lines {
    padding-left: 18px;
    font: var(--size-s) / 1.5 var(--mono);
  }

  .lines button {
    min-height: 24px;
    min-width: 24px;
    padding: 0;
  }

  .words {
    font: var(--size-m) / 1.45 var(--serif);
    color: var(--ink-2);
  }

  .more {
    margin: var(--s2) 0;
  }

  .more summary {
    cursor: pointer;
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  .more > * + * {
    margin-top: 4px;
  }

  .more button:last-child {
    justify-self: start;
  }
`;
