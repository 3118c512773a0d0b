// What the heading says of what was drawn.

import { count, seconds } from "../../design/words.js";
import type { Run } from "../../engine/run.js";
import type { Scene } from "./scene.js";

export interface Heading {
  /** The span of time in view. */
  range: string;
  heartbeats: string;
  /** Messages are drawn by their density. */
  dense: boolean;
}

/** In a longer span than this, a tenth of a second is exact enough. */
const LONG_TICKS = 5_000_000;

export function headingOf(run: Run, { spacing, heartbeats, dense }: Scene, start: number, end: number): Heading {
  const digits = end - start > LONG_TICKS ? 1 : 2;
  const range = spacing.kind === "true" ? `${(start / 1_000_000).toFixed(digits)} to ${seconds(end, digits)}` : "spaced by cause";
  return { range, heartbeats: `${count(heartbeats, "heartbeat")} ${run.view.looks.heartbeats}`, dense };
}

export function setText(element: Element | null, text: string): void {
  if (element !== null && element.textContent !== text) {
    element.textContent = text;
  }
}
