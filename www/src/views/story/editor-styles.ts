// The looks of the place where a story is written.

import { css } from "lit";

export const editorStyles = css`
  dialog {
    width: min(620px, calc(100vw - 32px));
    max-height: calc(100dvh - 48px);
    padding: var(--s4);
    overflow: auto;
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
  }

  dialog::backdrop {
    background: var(--shade);
  }

  h2 {
    font: 600 var(--size-xl) / 1.3 var(--serif);
    color: var(--ink);
  }

  ol {
    margin: var(--s3) 0;
    list-style: none;
  }

  li {
    display: flex;
    gap: var(--s1);
    border-bottom: 1px solid var(--rule);
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    text-align: left;
    color: var(--ink);
  }

  .open .name {
    font-weight: 600;
  }

  form,
  fieldset {
    display: grid;
    gap: var(--s2);
  }

  fieldset {
    min-width: 0;
    margin: var(--s2) 0 0;
    padding: var(--s2) 0 0;
    border: 0;
    border-top: 1px solid var(--rule);
  }

  legend {
    float: left;
    padding: 0;
    font-weight: 600;
  }

  select {
    width: 100%;
    min-width: 0;
    text-overflow: ellipsis;
  }

  small {
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  small:empty {
    display: none;
  }

  .said {
    color: var(--ink-2);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
  }

  .row > label {
    flex: 1 1 140px;
  }

  li[draggable] {
    cursor: grab;
  }

  label {
    display: grid;
    gap: var(--s1);
    margin-top: var(--s1);
  }

  label.tick {
    display: flex;
    align-items: center;
  }

  textarea {
    padding: 4px 6px;
    font: inherit;
    color: inherit;
    background: var(--raised);
    border: 1px solid var(--rule-2);
    border-radius: var(--radius);
    resize: vertical;
  }

  .problem {
    margin-top: var(--s2);
    color: var(--bad);
  }

  .ends {
    margin-top: var(--s3);
    justify-content: space-between;
  }
`;
