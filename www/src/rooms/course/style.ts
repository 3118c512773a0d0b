// What the course's views look alike in.

import { css } from "lit";

import { quietLinks } from "../contents-styles.js";

export const reading = css`
  ${quietLinks}

  h1 {
    font: 600 1.625rem/1.25 var(--serif);
    text-wrap: balance;
  }

  h2 {
    margin: var(--s5) 0 var(--s2);
    font: 600 var(--size-l) / 1.3 var(--sans);
    letter-spacing: 0;
    color: var(--ink);
  }

  .prose p,
  .prose {
    font: 1rem/1.55 var(--serif);
  }

  .prose p + p {
    margin-top: var(--s3);
  }

  .aside {
    margin-top: var(--s4);
    padding: var(--s2) var(--s3);
    font: var(--size-l) / 1.5 var(--serif);
    border-left: 3px solid var(--rule-strong);
    background: var(--sunk);
  }

  .aside b {
    font: 600 var(--size-s) / 1.5 var(--sans);
  }

  .sources {
    padding-left: 1.2em;
    font: var(--size-m) / 1.5 var(--serif);
    color: var(--ink-2);
  }

  .soft + .cards {
    margin-top: var(--s3);
  }

  .cards {
    display: grid;
    gap: var(--s2);
    padding: 0;
    list-style: none;
  }

  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--s1) var(--s4);
    align-items: center;
    padding: var(--s3) var(--s4);
    background: var(--raised);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
  }

  .card h3 {
    font: 600 var(--size-m) / 1.4 var(--sans);
    letter-spacing: 0;
    color: var(--ink);
  }

  .card p {
    font: var(--size-l) / 1.5 var(--serif);
    color: var(--ink-2);
  }

  .card small {
    font: var(--size-s) / 1.4 var(--sans);
    color: var(--ink-2);
  }

  table {
    border-collapse: collapse;
    font-size: var(--size-m);
  }

  th,
  td {
    padding: 6px var(--s3) 6px 0;
    text-align: left;
    vertical-align: top;
    border-bottom: 1px solid var(--rule);
  }

  thead th {
    font-weight: 600;
    border-bottom-color: var(--rule-strong);
  }

  tbody th {
    font-weight: 600;
    color: var(--ink-2);
  }

  .scroll {
    margin: var(--s3) 0;
    overflow-x: auto;
  }

  .scroll:focus-visible {
    outline-offset: -2px;
  }

  details.more > summary {
    padding: var(--s2) 0;
    font-weight: 600;
    cursor: pointer;
  }

  @media (max-width: 560px) {
    .card {
      grid-template-columns: minmax(0, 1fr);
    }

    .card button {
      justify-self: start;
    }
  }
`;
