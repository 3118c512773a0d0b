// The looks of the course.

import { css } from "lit";

export const viewStyles = css`
  nav h2 {
    margin: var(--s4) 0 var(--s1);
    font-size: var(--size-s);
    color: var(--ink-2);
  }

  nav ul {
    padding: 0;
  }

  nav a {
    display: flex;
    gap: var(--s2);
  }

  .number {
    flex: none;
    width: 1.4em;
    font-family: var(--mono);
    font-size: var(--size-s);
    line-height: 1.6;
    text-align: right;
  }

  article {
    max-width: 860px;
    min-width: 0;
    padding: var(--s5) var(--s5) 64px;
  }

  .over {
    margin-bottom: var(--s1);
    font: var(--size-s) / 1.4 var(--sans);
    color: var(--ink-2);
  }

  .lead {
    margin-top: var(--s3);
  }

  .tracks {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(300px, 1fr));
    gap: var(--s4) var(--s5);
    margin-top: var(--s4);
  }

  .tracks ol,
  .tracks ul {
    padding: 0;
    margin-top: var(--s2);
    list-style: none;
  }

  .tracks li {
    display: flex;
    gap: var(--s2);
    padding: 2px 0;
  }

  .onward {
    display: flex;
    justify-content: space-between;
    gap: var(--s4);
    margin-top: 40px;
    padding-top: var(--s3);
    border-top: 1px solid var(--rule);
  }

  @media (max-width: 900px) {
    article {
      padding: var(--s4) var(--s4) 64px;
    }
  }
`;
