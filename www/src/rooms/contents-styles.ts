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

/** Where it is narrow, the contents are folded above the text: a list of their own there, in `details.way`. */
export const foldedContents = css`
  details.way {
    display: none;
  }

  @media (max-width: 900px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
    }

    nav.wide {
      display: none;
    }

    details.way {
      display: block;
      padding: 0 var(--s4);
      border-bottom: 1px solid var(--rule);
    }

    details.way summary {
      padding: var(--s3) 0;
      font-weight: 600;
      cursor: pointer;
    }

    details.way nav {
      position: static;
      max-height: none;
      padding: 0 0 var(--s3);
    }
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
