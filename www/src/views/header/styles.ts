// The looks of the header.

import { css } from "lit";

export const headerStyles = css`
  header {
    display: flex;
    gap: var(--s5);
    align-items: center;
    height: 44px;
    padding: 0 var(--s3) 0 20px;
  }

  .bar {
    display: contents;
  }

  h1 {
    font: 600 1.0625rem / 1.2 var(--serif);
    white-space: nowrap;
  }

  nav.rooms {
    display: flex;
    gap: 18px;
  }

  nav.rooms a {
    padding: 2px 0;
    color: var(--ink-2);
    text-decoration: none;
    white-space: nowrap;
    border-bottom: 2px solid transparent;
  }

  nav.rooms a:hover {
    color: var(--ink);
  }

  nav.rooms a[aria-current="page"] {
    color: var(--ink);
    font-weight: 600;
    border-bottom-color: var(--ink);
  }

  @media (forced-colors: active) {
    nav.rooms a:not([aria-current="page"]) {
      border-bottom-color: Canvas;
    }
  }

  /* The name of the run is whole; where space is short, what is found is cut, and said whole in its title. */
  .run {
    display: flex;
    flex: 0 1 auto;
    gap: 2px;
    align-items: center;
    min-width: 0;
  }

  .protocol {
    max-width: clamp(120px, 14vw, 190px);
    padding: 2px 4px;
    field-sizing: content;
    color: var(--ink-2);
    background: none;
    border-color: transparent;
  }

  .menu {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-width: 0;
    padding: 2px 4px;
    font-weight: 600;
    color: inherit;
    text-decoration: none;
    white-space: nowrap;
  }

  .menu .title {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .finding {
    display: flex;
    flex: 1 1 0;
    gap: var(--s2);
    align-items: center;
    justify-content: flex-end;
    min-width: 170px;
  }

  .verdict {
    --verdict: var(--ink-2);

    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-width: 0;
    height: 28px;
    padding: 0 10px 0 9px;
    color: var(--verdict);
    background: color-mix(in srgb, var(--verdict) 9%, transparent);
    border-radius: var(--radius);
  }

  .verdict svg {
    flex: none;
    width: 12px;
    height: 12px;
    fill: currentColor;
  }

  .verdict [aria-hidden] {
    display: inline-flex;
    min-width: 0;
  }

  .verdict :is(.name, .more) {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: pre;
  }

  /* The name is cut last: where not even it has space. */
  .verdict .name {
    min-width: 0;
  }

  .verdict .more {
    flex-shrink: 1000;
    min-width: 0;
    font-weight: 400;
    color: var(--ink);
  }

  .verdict > .more {
    margin-left: -6px;
  }

  .verdict.kept {
    --verdict: var(--good);

    font-weight: 600;
  }

  .verdict:is(.violated, .lied) {
    --verdict: var(--bad);

    font-weight: 600;
  }

  .why {
    flex: none;
    padding: 2px 4px;
    color: var(--bad);
    text-decoration: underline;
    text-underline-offset: 3px;
    background: none;
    border-color: transparent;
  }

  .back {
    color: var(--ink-2);
    white-space: nowrap;
    text-underline-offset: 3px;
  }

  nav.page {
    display: flex;
    gap: var(--s1);
    align-items: center;
    margin-left: auto;
  }

  @media (max-width: 1399px) {
    header {
      gap: var(--s4);
    }

    nav.rooms {
      gap: var(--s3);
    }
  }

  @media (min-width: 1101px) and (max-width: 1339px) {
    h1 {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
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

  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px var(--s4);
  }

  dt {
    font-family: var(--mono);
    font-size: var(--size-s);
  }

  #rooms {
    width: max-content;
    inset: 46px auto auto var(--s2);
    padding: var(--s3);
  }

  #rooms nav.rooms {
    display: grid;
    gap: var(--s1);
    justify-items: start;
  }

  #rooms nav.rooms a {
    padding: var(--s2) 0;
  }

  @media (max-width: 760px) {
    header {
      gap: var(--s1);
      padding: 0 var(--s2);
    }

    .run {
      flex: 0 1 auto;
    }

    .menu {
      padding: 2px;
      font: 600 var(--size-l) / 1.3 var(--serif);
    }

    .finding {
      flex: 1 0 88px;
      min-width: 88px;
    }

    .why,
    .verdict .more {
      display: none;
    }

    .verdict .name {
      flex: 0 1 auto;
    }
  }
`;
