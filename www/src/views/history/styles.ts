// The looks of the clients’ history, and its measures.

import { css } from "lit";

export const HEAD = 88;
export const ROW = 32;

export const historyStyles = css`
  section {
    display: flex;
    flex-direction: column;
    height: 100%;
    padding: var(--s2) var(--s3) 0 var(--s4);
  }

  .head {
    display: flex;
    gap: var(--s2);
    align-items: center;
    min-height: 26px;
  }

  .head .segmented button {
    min-height: 24px;
    font-size: var(--size-s);
  }

  .tools {
    display: flex;
    gap: 2px;
    margin-left: auto;
  }

  .tools button {
    min-width: 26px;
    min-height: 26px;
  }

  /* The tools stand beside the rows: height is short. */
  :host([docked]) section {
    position: relative;
    padding: 0 20px;
  }

  :host([docked]) .head {
    position: absolute;
    top: 0;
    right: var(--s2);
    z-index: 4;
    background: var(--paper);
  }

  .reason {
    display: flex;
    gap: var(--s2);
    align-items: center;
    padding: var(--s1) 0;
    font: var(--size-m) / 1.4 var(--serif);
    color: var(--bad);
  }

  .reason span {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow: hidden auto;
    margin-top: var(--s1);
  }

  .axis {
    position: relative;
    height: 16px;
    overflow: hidden;
    font: var(--size-xs) / 16px var(--mono);
    color: var(--ink-2);
    clip-path: inset(0 0 0 ${HEAD - 8}px);
  }

  .axis span {
    position: absolute;
    transform: translateX(-50%);
  }

  .rows {
    position: relative;
    overflow: hidden;
    touch-action: pan-y;
  }

  .client {
    position: relative;
    height: ${ROW}px;
    border-bottom: 1px solid var(--rule);
  }

  .label {
    position: absolute;
    z-index: 3;
    width: ${HEAD - 6}px;
    height: ${ROW - 1}px;
    padding-top: 3px;
    background: var(--paper);
    font-weight: 600;
    font-size: var(--size-s);
    line-height: 1.15;
  }

  .label small {
    display: block;
    font-weight: 400;
    font-size: 10px;
    color: var(--ink-2);
    white-space: nowrap;
  }

  .operation {
    position: absolute;
    top: 6px;
    z-index: 1;
    height: 21px;
    min-height: 0;
    min-width: 3px;
    padding: 0 5px;
    overflow: hidden;
    text-align: left;
    text-overflow: ellipsis;
    font: var(--size-xs) / 19px var(--mono);
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius-s);
  }

  .operation.pending,
  .operation.unknown {
    border-style: dashed;
    border-right: 0;
    border-radius: var(--radius-s) 0 0 var(--radius-s);
    color: var(--ink-2);
    background: linear-gradient(90deg, var(--raised) 60%, transparent);
  }

  .operation.failed {
    color: var(--ink-2);
    text-decoration: line-through;
    border-style: dotted;
  }

  /* What is wrong is never cut short. */
  .operation.blamed {
    z-index: 2;
    min-width: max-content;
    line-height: 17px;
    color: var(--bad);
    border-color: var(--bad);
    border-width: 2px;
  }

  .operation.known {
    z-index: 2;
    min-width: max-content;
    border-color: var(--ink);
    border-width: 2px;
    line-height: 17px;
  }

  .operation[aria-pressed="true"] {
    border-color: var(--ink);
    box-shadow: 0 0 0 1px var(--ink);
    z-index: 2;
  }

  /* The line passes under the bars, the points stand before them. */
  .points {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
    clip-path: inset(0 0 0 ${HEAD - 8}px);
  }

  .points.above {
    z-index: 2;
  }

  .points polyline {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1;
    opacity: 0.55;
  }

  .points circle {
    fill: var(--ink);
    stroke: var(--paper);
  }

  .playhead {
    stroke: var(--ink);
    stroke-dasharray: 1 3;
  }
`;
