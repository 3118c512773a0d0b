// What the looks of Paxos' board have of their own.

import { css } from "lit";

export const acceptorsStyles = css`
  th,
  td {
    padding: 2px var(--s3) 2px 0;
    vertical-align: baseline;
  }

  button.link {
    padding: 0 4px 0 0;
    font-weight: 600;
  }

  button.link:hover {
    text-decoration: underline;
  }

  /* The words of a proposer or learner wrap where there is little space; ballots do not. */
  .role {
    min-width: 92px;
    padding-left: var(--s3);
    white-space: normal;
    border-left: 1px solid var(--rule);
  }

  tr.down > * {
    color: var(--ink-2);
  }

  .ballot {
    display: inline-block;
    padding: 0 5px;
    font: var(--size-xs) / 17px var(--mono);
    border: 1px solid color-mix(in oklab, var(--term) 45%, transparent);
    border-left: 3px solid var(--term);
    border-radius: var(--radius-s);
    background: color-mix(in oklab, var(--term) 13%, var(--raised));
  }

  .count {
    display: block;
  }

  .vote {
    min-width: 34px;
    padding: 2px 4px;
    text-align: center;
    font: var(--size-m) / 1.2 var(--sans);
  }

  .vote span {
    display: inline-block;
    min-width: 22px;
    border: 2px solid transparent;
    border-radius: var(--radius-s);
    color: var(--term);
  }

  .vote.meets span {
    border-color: var(--ink);
  }

  .chosen {
    font-weight: 600;
    color: var(--good);
  }

  .broken-rule {
    color: var(--bad);
  }

  .why {
    max-width: 68ch;
    margin-top: var(--s2);
    font: var(--size-m) / 1.5 var(--serif);
  }

  @media (max-width: 480px) {
    section {
      padding-left: var(--s2);
    }

    th,
    td {
      padding-right: 5px;
    }

    .role {
      min-width: 62px;
      padding-left: 5px;
    }
  }
`;
