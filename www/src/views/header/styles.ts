// The looks of the header.

import { css } from "lit";

export const headerStyles = css`
  header {
    display: flex;
    gap: var(--s2) var(--s3);
    align-items: center;
    min-height: 46px;
    padding: var(--s1) var(--s4);
  }

  h1 {
    font: 600 var(--size-xl) / 1.2 var(--serif);
    white-space: nowrap;
  }

  .protocol {
    max-width: 158px;
    padding: 2px 4px;
    field-sizing: content;
    font-weight: 600;
  }

  .verdict {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-width: 116px;
    font-weight: 600;
    color: var(--ink-2);
  }

  .verdict svg {
    flex: none;
    width: 14px;
    height: 14px;
    fill: currentColor;
  }

  .verdict span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .verdict.kept {
    color: var(--good);
  }

  .verdict:is(.violated, .lied) {
    color: var(--bad);
  }

  /* What is wrong is never cut short: it may take a second line. */
  .verdict:is(.violated, .lied) span[aria-hidden] {
    max-height: 3.9em;
    overflow-wrap: anywhere;
    line-height: 1.3;
    white-space: normal;
  }

  .why {
    flex: none;
    margin-left: calc(-1 * var(--s2));
    color: var(--bad);
    border-color: var(--bad);
  }

  nav.page {
    display: flex;
    gap: var(--s2);
    align-items: center;
    margin-left: auto;
  }

  /* Where space is short, titles of other runs are cut before the verdict is. */
  .quick {
    display: flex;
    flex: 0 100 auto;
    gap: 2px;
    min-width: calc(12em + 4px);
  }

  .quick button {
    flex: 0 8 auto;
    min-width: 4em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    border-color: transparent;
    background: none;
    color: var(--ink-2);
  }

  .quick button:hover {
    color: var(--ink);
  }

  .quick button[aria-current="true"] {
    flex-shrink: 1;
    color: var(--ink);
    font-weight: 600;
    background: var(--sunk);
    border-color: var(--rule);
  }

  .rooms {
    font-weight: 600;
  }

  a.entry {
    color: inherit;
    text-decoration: none;
    border-radius: var(--radius-s);
  }

  a.entry:hover {
    background: var(--sunk);
  }

  .menu {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-width: 0;
  }

  .menu :is(.title, .others) {
    overflow: hidden;
    max-width: 200px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  @media (min-width: 1400px) {
    .verdict.kept {
      flex: none;
    }
  }

  @media (min-width: 1240px) {
    .menu {
      flex: none;
    }

    .menu:not(.always),
    .title {
      display: none;
    }
  }

  @media (max-width: 1239px) {
    .quick,
    .others {
      display: none;
    }
  }

  @media (max-width: 1279px) {
    .hint {
      display: none;
    }
  }

  [popover] {
    position: fixed;
    inset: 50px auto auto var(--menu-left, 16px);
    margin: 0;
    width: min(440px, calc(100vw - 32px));
    max-height: calc(100vh - 140px);
    padding: var(--s2);
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    box-shadow: 0 10px 36px var(--shade);
  }

  #settings {
    inset: 50px 16px auto auto;
    padding: var(--s4);
  }

  #settings h2 {
    margin: var(--s4) 0 var(--s2);
  }

  #settings h2:first-child {
    margin-top: 0;
  }

  .entry {
    display: block;
    width: 100%;
    padding: var(--s2) var(--s3);
    text-align: left;
    white-space: normal;
    border-color: transparent;
    background: none;
  }

  .entry:is([aria-current="true"], [aria-current="page"]) {
    background: var(--sunk);
  }

  .entry strong {
    display: block;
    font-weight: 600;
  }

  .entry span {
    font: var(--size-m) / 1.45 var(--serif);
    color: var(--ink-2);
  }

  .about {
    display: flex;
    gap: var(--s2);
    align-items: center;
    padding: 1px var(--s3) 3px var(--s4);
    border-top: 1px solid var(--rule);
    background: var(--sunk);
  }

  .about p {
    flex: 1;
    padding: 2px 0;
    font: var(--size-m) / 1.4 var(--serif);
  }

  .about button {
    min-width: 26px;
    min-height: 26px;
  }

  .about .more {
    display: none;
  }

  .about .story {
    white-space: nowrap;
  }

  kbd {
    padding: 0 4px;
    font: inherit;
    border: 1px solid var(--rule-2);
    border-radius: var(--radius-s);
  }

  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px var(--s4);
  }

  dt {
    font-family: var(--mono);
    font-size: var(--size-s);
  }

  @media (max-width: 760px) {
    header {
      flex-wrap: wrap;
      padding: var(--s1) var(--s3);
    }

    .hint {
      display: none;
    }

    .about {
      padding: 1px var(--s3);
    }

    .about p:not(.whole) {
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }

    .about .more {
      display: block;
      padding: 0 4px;
    }

    h1 {
      flex: 1 0 55%;
      font-size: var(--size-l);
    }

    nav.page {
      order: 1;
    }

    .menu {
      order: 2;
      max-width: 48%;
    }

    .verdict {
      order: 3;
      flex: 1 1 40%;
      font-size: var(--size-s);
      line-height: 1.25;
    }

    .verdict span {
      white-space: normal;
    }
  }
`;
