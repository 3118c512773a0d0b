// The looks of the console.

import { css } from "lit";

export const consoleStyles = css`
  .examples {
    margin: var(--s2) 0 var(--s3);
  }

  .examples button {
    white-space: normal;
    text-align: left;
  }

  .transcript {
    max-height: 480px;
    overflow: auto;
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    background: var(--raised);
  }

  .transcript:empty {
    display: none;
  }

  .line {
    display: grid;
    grid-template-columns: 84px minmax(0, 1fr);
    gap: var(--s2);
    padding: var(--s2) var(--s3);
    border-bottom: 1px solid var(--rule);
  }

  .line:last-child {
    border-bottom: 0;
  }

  .line.in {
    background: var(--sunk);
  }

  .who {
    font: var(--size-s) / 1.5 var(--sans);
    color: var(--ink-2);
  }

  .bad .who,
  .remark .who,
  .page .who {
    font-weight: 600;
    color: var(--bad);
  }

  pre {
    margin: 0;
    font: var(--size-s) / 1.5 var(--mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  summary {
    padding: 2px 0;
    font-size: var(--size-s);
    color: var(--ink-2);
    cursor: pointer;
  }

  dl {
    display: grid;
    grid-template-columns: minmax(0, auto) minmax(0, 1fr);
    gap: 2px var(--s3);
    padding: var(--s1) 0 0;
  }

  dt {
    font: var(--size-s) / 1.5 var(--mono);
    overflow-wrap: anywhere;
  }

  dd {
    font: var(--size-m) / 1.45 var(--serif);
  }

  form {
    display: grid;
    gap: var(--s2);
    margin-top: var(--s3);
  }

  textarea {
    box-sizing: border-box;
    width: 100%;
    min-height: 84px;
    padding: var(--s2);
    font: var(--size-s) / 1.5 var(--mono);
    color: inherit;
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    resize: vertical;
  }

  label.peers {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }

  @media (max-width: 560px) {
    .line {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
  }
`;
