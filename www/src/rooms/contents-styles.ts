// A page with a list of contents at its side: what the course and the guide look like alike.

import { css } from "lit";

export const contentsStyles = css`
  .frame {
    display: grid;
    grid-template-columns: 264px minmax(0, 1fr);
    min-height: 100%;
  }

  nav {
    position: sticky;
    top: 0;
    align-self: start;
    max-height: calc(100dvh - 47px);
    padding: var(--s4);
    overflow: auto;
    font-size: var(--size-m);
  }

  nav :is(ul, ol) {
    list-style: none;
  }

  nav a {
    display: block;
    padding: 4px var(--s2);
    color: var(--ink-2);
    text-decoration: none;
    border-radius: var(--radius-s);
  }

  nav a:is(:hover, [aria-current="page"]) {
    color: var(--ink);
    background: var(--sunk);
  }

  nav a[aria-current="page"] {
    font-weight: 600;
  }
`;

/** Links within a text, which do not shout. */
export const quietLinks = css`
  a {
    color: inherit;
    text-decoration-color: var(--rule-strong);
    text-underline-offset: 2px;
  }

  a:hover {
    text-decoration-color: currentColor;
  }
`;
