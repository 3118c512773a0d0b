// The looks of the transport.

import { css } from "lit";

export const transportStyles = css`
  .bar {
    display: grid;
    grid-template-columns: auto auto minmax(0, 1fr) auto auto;
    gap: var(--s3);
    align-items: center;
    padding: 10px var(--s4);
  }

  .buttons {
    display: flex;
    gap: var(--s1);
  }

  .play {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    justify-content: center;
    min-width: 84px;
    min-height: 32px;
    font-weight: 600;
  }

  .play svg {
    width: 14px;
    height: 14px;
    fill: currentColor;
  }

  .clock {
    min-width: 9ch;
    font: var(--size-m) / 1.25 var(--mono);
    text-align: right;
    font-variant-numeric: tabular-nums;
  }

  .here {
    display: block;
    min-height: 0;
    margin-left: auto;
    padding: 0;
    font: var(--size-s) / 1.3 var(--sans);
    color: var(--ink-2);
    text-decoration: underline;
    text-decoration-color: var(--rule-strong);
    text-underline-offset: 2px;
    background: none;
    border: 0;
    border-radius: 0;
  }

  .here[aria-pressed="true"] {
    font-weight: 600;
    color: var(--ink);
  }

  .speed {
    display: flex;
    gap: var(--s2);
    align-items: center;
  }

  .speed input {
    width: 96px;
    accent-color: var(--ink);
  }

  .speed output {
    min-width: 6ch;
    max-width: 8ch;
    font: var(--size-xs) / 1.15 var(--mono);
    font-variant-numeric: tabular-nums;
  }

  select {
    max-width: 112px;
  }

  @media (max-width: 1024px) {
    .speed input {
      width: 72px;
    }
  }

  @media (max-width: 760px) {
    .bar {
      grid-template-columns: auto auto minmax(0, 1fr) auto;
      grid-template-areas: "tape tape tape tape" "buttons clock jump speed";
      gap: 6px var(--s3);
      padding: var(--s2) var(--s3);
    }

    .tape {
      grid-area: tape;
    }

    .buttons {
      grid-area: buttons;
    }

    .clock {
      grid-area: clock;
    }

    select {
      grid-area: jump;
    }

    .speed {
      grid-area: speed;
      justify-content: flex-end;
    }
  }

  @media (max-width: 560px) {
    .bar {
      grid-template-columns: auto minmax(0, 1fr) auto;
      grid-template-areas: "tape tape tape" "buttons buttons clock" "jump speed speed";
    }

    .play {
      min-width: 76px;
      min-height: 40px;
    }

    .speed input {
      flex: 1;
    }
  }

  /* The buttons take a row of their own. */
  @media (max-width: 400px) {
    .bar {
      grid-template-areas: "tape tape tape" "buttons buttons buttons" "jump clock speed";
    }

    .buttons {
      justify-content: space-between;
    }

    .play {
      flex: 1;
      max-width: 120px;
    }

    select {
      max-width: 92px;
    }

    .speed input {
      width: 64px;
      min-width: 40px;
    }

    .speed output {
      display: none;
    }
  }
`;
