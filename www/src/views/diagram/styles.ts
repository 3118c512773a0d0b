import { css } from "lit";

export const diagramStyles = css`
  section {
    display: flex;
    flex-direction: column;
    height: 100%;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 4px var(--s2);
    align-items: center;
    min-height: 38px;
    padding: 4px var(--s3) 4px var(--s4);
    border-bottom: 1px solid var(--rule);
  }

  .bar button {
    min-height: 26px;
    padding: 1px 8px;
    font-size: var(--size-s);
  }

  h2 {
    margin-right: var(--s1);
  }

  #range {
    margin-left: auto;
    white-space: nowrap;
  }

  .zoom {
    position: absolute;
    right: var(--s3);
    bottom: var(--s2);
    z-index: 1;
    display: flex;
    align-items: center;
    padding: 1px;
    background: var(--raised);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
  }

  .zoom button {
    min-height: 26px;
    padding: 1px 8px;
    font-size: var(--size-s);
  }

  .zoom .icon {
    min-width: 28px;
    padding: 0;
  }

  .zoom [aria-pressed="true"] {
    color: var(--ink);
    font-weight: 600;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--s3);
    padding: 3px var(--s3) 4px var(--s4);
    font-size: var(--size-xs);
    color: var(--ink-2);
    border-top: 1px solid var(--rule);
  }

  .legend li {
    display: inline-flex;
    gap: 5px;
    align-items: center;
    list-style: none;
    white-space: nowrap;
  }

  .legend svg {
    flex: none;
    width: 22px;
    height: 14px;
    overflow: visible;
  }

  .stage {
    position: relative;
    flex: 1;
    min-height: 0;
  }

  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    touch-action: var(--diagram-touch-action, none);
    cursor: grab;
  }

  canvas:active {
    cursor: grabbing;
  }

  canvas:focus-visible {
    outline-offset: -3px;
  }

  .tooltip {
    position: absolute;
    z-index: 2;
    display: grid;
    width: max-content;
    max-width: 240px;
    padding: 5px 9px;
    font-size: var(--size-s);
    line-height: 1.4;
    pointer-events: none;
    background: var(--raised);
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius);
    box-shadow: 0 4px 16px var(--shade);
  }

  .tooltip strong,
  .tooltip span {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }

  .tooltip strong {
    font-weight: 600;
  }

  .tooltip span {
    color: var(--ink-2);
  }

  playground-event-list {
    flex: 1;
    min-height: 0;
  }

  @media (max-width: 1400px) {
    h2 {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }

  @media (max-width: 760px) {
    .bar {
      gap: 4px 6px;
      padding: 4px var(--s2);
    }

    h2,
    #range {
      display: none;
    }
  }
`;
