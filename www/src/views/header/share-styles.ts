// The looks of the panel that shares a run.

import { css } from "lit";

export const shareStyles = css`
  :host {
    display: inline-block;
  }

  button.share {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }

  button.share svg {
    width: 14px;
    height: 14px;
    fill: currentColor;
  }

  [popover] {
    position: fixed;
    inset: 50px 16px auto auto;
    margin: 0;
    width: min(440px, calc(100vw - 32px));
    max-height: calc(100vh - 140px);
    padding: var(--s4);
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    box-shadow: 0 10px 36px var(--shade);
  }

  .address + h2,
  p + h2 {
    margin-top: var(--s4);
  }

  p {
    margin-top: var(--s2);
    font: var(--size-m) / 1.45 var(--serif);
  }

  .address {
    display: flex;
    gap: var(--s2);
    margin-top: var(--s2);
  }

  .address input {
    flex: 1;
    font-family: var(--mono);
    font-size: var(--size-s);
  }

  .said {
    min-height: 1.45em;
    font-family: var(--sans);
    font-weight: 600;
  }

  .trouble {
    color: var(--bad);
  }

  @media (max-width: 1399px) {
    button.share {
      justify-content: center;
      min-width: 32px;
      padding: 2px 6px;
    }

    button.share span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
`;
