// The keys that work wherever the focus is, unless a field or a control wants them itself.

import type { Run } from "../engine/run.js";

export const KEYS: readonly (readonly [string, string])[] = [
  ["Space", "play and pause"],
  ["← →", "one event back or forward; with Shift, twenty-five"],
  ["[ ]", "slower, faster"],
  ["E", "to the next election; with Shift, to the one before"],
  ["L", "to the live end"],
  ["+ −", "zoom the diagram"],
  ["0", "fit the whole run"],
  ["Esc", "deselect"],
  ["?", "this list"],
];

const LARGE_STEP = 25;
const SPEED_STEP = 1.5;

export function handleKey(event: KeyboardEvent, run: Run): void {
  const target = event.composedPath()[0];
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) {
    return;
  }
  const isControl = target.closest("button, a, summary, [role=button], [role=slider], [role=gridcell]") !== null;
  if (target.closest("input, select, textarea, dialog, [popover]") !== null || (isControl && [" ", "Enter"].includes(event.key))) {
    return;
  }
  if (isControl && event.key.startsWith("Arrow")) {
    return;
  }
  const act = actions(event, run)[event.key];
  if (act !== undefined) {
    event.preventDefault();
    try {
      act();
    } catch (error) {
      run.report(error);
    }
  }
}

function actions(event: KeyboardEvent, run: Run): Record<string, () => void> {
  const step = event.shiftKey ? LARGE_STEP : 1;
  const election = (direction: 1 | -1): void => {
    run.jump(direction, () => run.records.leaderEvents);
  };
  return {
    " ": () => run.toggle(),
    ArrowRight: () => run.step(step),
    ArrowLeft: () => run.step(-step),
    "[": () => run.setSpeed(run.speed / SPEED_STEP),
    "]": () => run.setSpeed(run.speed * SPEED_STEP),
    l: () => run.toEnd(),
    L: () => run.toEnd(),
    e: () => election(1),
    E: () => election(-1),
    Escape: () => run.select(null),
    "?": () => window.dispatchEvent(new CustomEvent("playground-keys")),
  };
}
