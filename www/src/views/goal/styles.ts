// The looks of the goal’s card.

import { css } from "lit";

export const goalStyles = css`
  section {
    padding: var(--s3) var(--s4);
    border-bottom: 1px solid var(--rule);
    background: var(--raised);
  }

  .statement,
  .seen {
    margin: var(--s1) 0 var(--s2);
    font: var(--size-m) / 1.45 var(--serif);
  }

  .seen {
    padding: 5px 8px;
    border-left: 3px solid var(--rule-strong);
    background: var(--sunk);
  }

  .seen.met {
    border-color: var(--good);
  }

  .met b {
    color: var(--good);
  }

  .link {
    display: grid;
    gap: var(--s1);
    margin-top: var(--s2);
  }

  input {
    width: 100%;
    font-family: var(--mono);
  }

  small {
    display: block;
    overflow-wrap: anywhere;
    color: var(--ink-2);
  }
`;
