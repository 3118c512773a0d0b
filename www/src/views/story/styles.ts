// The looks of the story. The card has one height, whatever it says: nothing beside it moves.

import { css } from "lit";

export const storyStyles = css`
  :host {
    container: story / inline-size;
  }

  button.story {
    display: block;
    margin: 0 var(--s3) var(--s2) auto;
  }

  .card {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) 40%;
    grid-template-areas: "words ask" "words ways";
    column-gap: var(--s5);
    row-gap: var(--s1);
    height: var(--card-height);
    padding: var(--s3) 20px 10px;
    background: var(--raised);
    border-radius: 6px 0 0;
    box-shadow: 0 0 0 1px var(--rule), 0 -8px 24px -12px var(--shade);
  }

  .words {
    grid-area: words;
    min-height: 0;
    overflow: auto;
  }

  h2 {
    display: inline;
    margin-right: var(--s2);
    font: 600 var(--size-xl) / 1.3 var(--serif);
    letter-spacing: 0;
    color: var(--ink);
  }

  .count {
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  /* Before an audience: how far the story has come, and no way out of it but Escape. */
  .marks {
    display: none;
    gap: 4px;
    margin-left: var(--s3);
    vertical-align: middle;
  }

  .marks i {
    width: 18px;
    height: 2px;
    background: var(--rule-2);
  }

  .marks .read {
    background: var(--ink-2);
  }

  .marks .here {
    height: 3px;
    background: var(--ink);
  }

  :host([presenting]) .marks {
    display: inline-flex;
  }

  :host([presenting]) .aside {
    display: none;
  }

  .words p {
    max-width: 78ch;
    margin-top: var(--s1);
    font: var(--size-l) / 1.45 var(--serif);
  }

  .ask {
    grid-area: ask;
    min-height: 0;
    overflow: auto;
  }

  .ask p {
    margin-bottom: 6px;
    font-weight: 600;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
  }

  .card.alone {
    grid-template-columns: minmax(0, 1fr) max-content;
  }

  .choices button {
    min-height: 26px;
    padding: 1px 8px;
    white-space: normal;
    text-align: left;
  }

  .choices .right {
    border-color: var(--good);
    color: var(--good);
  }

  .choices .wrong {
    border-color: var(--bad);
    color: var(--bad);
  }

  .choices button:disabled:not(.right, .wrong) {
    color: var(--ink-2);
    border-color: var(--rule);
  }

  .ways {
    grid-area: ways;
    display: flex;
    gap: var(--s2);
    align-items: center;
    justify-content: flex-end;
  }

  .aside {
    display: flex;
    margin-right: auto;
    margin-left: calc(-1 * var(--s2));
  }

  a {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .ends {
    display: flex;
    flex-direction: column;
    gap: var(--s2);
  }

  @container story (max-width: 700px) {
    /* Little height for much text: the words come first, and all but the ways on scrolls as one. */
    .card {
      display: block;
      padding-bottom: 0;
      overflow: auto;
    }

    .words,
    .ask {
      overflow: visible;
    }

    h2 {
      font-size: var(--size-l);
    }

    .words p,
    .ask {
      margin-bottom: var(--s2);
      font-size: 0.875rem;
    }

    .ways {
      position: sticky;
      bottom: 0;
      padding: var(--s1) 0 var(--s2);
      background: var(--raised);
    }

    .ways button {
      min-height: 40px;
    }

    .write,
    .long {
      display: none;
    }
  }
`;
