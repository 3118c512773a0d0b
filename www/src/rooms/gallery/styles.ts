// The looks of the gallery.

import { css } from "lit";

export const galleryStyles = css`
  :host {
    display: block;
  }

  article {
    box-sizing: border-box;
    max-width: 1240px;
    margin: 0 auto;
    padding: var(--s5) 20px 48px;
  }

  h1 {
    font: 600 30px / 1.2 var(--serif);
  }

  h1:focus {
    outline: none;
  }

  h2 {
    margin: 40px 0 0;
    font: 600 22px / 1.3 var(--serif);
    letter-spacing: 0;
    color: var(--ink);
  }

  h3 {
    margin: 20px 0 var(--s2);
    font: 600 14px / 20px var(--sans);
    color: var(--ink-2);
  }

  .lead {
    max-width: 660px;
    margin: var(--s2) 0 0;
    font: 16px / 24px var(--serif);
    color: var(--ink-2);
  }

  .filter {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    margin: var(--s4) 0;
  }

  .filter a {
    padding: 6px 0 4px;
    font-weight: 500;
    color: var(--ink-2);
    text-decoration: none;
    border-bottom: 2px solid transparent;
  }

  .filter a:hover {
    color: var(--ink);
  }

  .filter a[aria-current="page"] {
    color: var(--ink);
    border-bottom-color: var(--ink);
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(264px, 100%), 1fr));
    gap: 20px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .first {
    grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr));
  }

  li {
    display: flex;
    container-type: inline-size;
  }

  /* The runs to begin with: words beside the picture, where there is space. */
  @container (min-width: 460px) {
    .first .card {
      display: grid;
      grid-template-columns: 58% 1fr;
      grid-template-rows: auto 1fr auto;
    }

    .first .card svg {
      grid-row: 1 / 4;
      height: 100%;
      border-bottom: 0;
      border-right: 1px solid var(--rule);
    }
  }

  .card {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
    overflow: hidden;
    color: inherit;
    text-decoration: none;
    background: var(--raised);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
  }

  .card:hover {
    border-color: var(--ink);
  }

  .card[aria-current="true"] {
    border-color: var(--ink);
    box-shadow: inset 0 -2px var(--ink);
  }

  .card svg {
    width: 100%;
    aspect-ratio: 16 / 9;
    background: var(--paper);
    border-bottom: 1px solid var(--rule);
  }

  .card :is(strong, .about, small) {
    padding: 0 14px;
  }

  strong {
    margin-top: 10px;
    font: 600 17px / 22px var(--serif);
  }

  .first strong {
    font-size: 20px;
    line-height: 26px;
  }

  .about {
    margin: 4px 0 8px;
    font: 15px / 21px var(--serif);
    color: var(--ink-2);
  }

  small {
    margin: auto 0 12px;
    font: 13px / 18px var(--sans);
    color: var(--ink-2);
  }
`;
