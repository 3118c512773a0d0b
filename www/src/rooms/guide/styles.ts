// The looks of the guide, on the screen and on paper.

import { css } from "lit";

export const guideStyles = css`
  input[type="search"] {
    width: 100%;
    margin-bottom: var(--s3);
  }

  nav ul ul {
    padding-left: var(--s3);
    font-size: var(--size-s);
  }

  nav p a {
    display: inline;
    padding: 0;
    text-decoration: underline;
  }

  nav p.soft {
    margin: var(--s3) var(--s2);
  }

  .hits a > * {
    display: block;
    overflow-wrap: anywhere;
  }

  .hits li + li {
    margin-top: var(--s2);
  }

  article {
    max-width: 820px;
    min-width: 0;
    padding: var(--s5) var(--s5) 64px;
    font: 1rem/1.55 var(--serif);
  }

  h1,
  h2,
  h3 {
    scroll-margin-top: var(--s4);
    letter-spacing: 0;
    color: var(--ink);
    text-wrap: balance;
  }

  h1 {
    font: 600 1.625rem/1.25 var(--serif);
  }

  h2 {
    margin: var(--s5) 0 var(--s2);
    padding-top: var(--s2);
    font: 600 var(--size-xl) / 1.3 var(--sans);
  }

  h3 {
    margin: var(--s4) 0 var(--s2);
    font: 600 var(--size-l) / 1.3 var(--sans);
  }

  h1:focus,
  h2:focus,
  h3:focus {
    outline: none;
  }

  .anchor {
    color: inherit;
    text-decoration: none;
  }

  .anchor:hover,
  :is(h1, h2, h3):focus-visible .anchor {
    text-decoration: underline;
    text-decoration-color: var(--rule-strong);
    text-underline-offset: 3px;
  }

  p,
  article ul,
  article ol,
  pre {
    margin: var(--s3) 0;
  }

  article ul,
  article ol {
    padding-left: 1.3em;
  }

  li + li {
    margin-top: var(--s1);
  }

  code {
    font-family: var(--mono);
    font-size: 0.82em;
    overflow-wrap: break-word;
  }

  pre {
    padding: var(--s3);
    overflow-x: auto;
    font: var(--size-s) / 1.5 var(--mono);
    background: var(--sunk);
    border: 1px solid var(--rule);
    border-radius: var(--radius-s);
  }

  pre code {
    font-size: inherit;
    overflow-wrap: normal;
  }

  .remark {
    margin-top: calc(-1 * var(--s2));
    font: var(--size-s) / 1.4 var(--sans);
    color: var(--ink-2);
  }

  table {
    border-collapse: collapse;
    font: var(--size-m) / 1.45 var(--sans);
  }

  th,
  td {
    padding: 5px var(--s3) 5px 0;
    text-align: left;
    vertical-align: top;
    border-bottom: 1px solid var(--rule);
  }

  thead th {
    font-weight: 600;
    border-bottom-color: var(--rule-strong);
  }

  .scroll {
    margin: var(--s3) 0;
    overflow-x: auto;
  }

  .scroll:focus-visible,
  pre:focus-visible {
    outline-offset: -2px;
  }

  footer {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s3);
    justify-content: space-between;
    margin-top: 48px;
    padding-top: var(--s3);
    font: var(--size-m) / 1.4 var(--sans);
    border-top: 1px solid var(--rule);
  }

  footer [rel="next"] {
    margin-left: auto;
  }

  .chapter + .chapter {
    margin-top: 64px;
  }

  @media (max-width: 760px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
    }

    nav {
      position: static;
      max-height: 40dvh;
      border-bottom: 1px solid var(--rule);
    }

    article {
      padding: var(--s4) var(--s4) 48px;
    }
  }

  @media print {
    .frame {
      display: block;
    }

    nav,
    footer {
      display: none;
    }

    article {
      max-width: none;
      padding: 0;
      font-size: 10.5pt;
    }

    .chapter + .chapter {
      margin: 0;
      break-before: page;
    }

    h2,
    h3 {
      break-after: avoid;
    }

    pre,
    tr {
      break-inside: avoid;
    }

    pre {
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    .scroll {
      overflow: visible;
    }
  }
`;
