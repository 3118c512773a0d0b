// Places in a run that one wants to get to.

import type { Run } from "../engine/run.js";

const MARKS = {
  election: (run: Run) => run.records.leaderEvents,
  commit: (run: Run) => run.records.commits,
  fault: (run: Run) => run.records.interventionEvents,
  violation: (run: Run) => run.violations(),
};

export type Mark = keyof typeof MARKS;
export const MARK_NAMES = Object.keys(MARKS) as Mark[];

/** Goes to the next of these events, or to the last one before; says so where there is none. */
export function jumpTo(run: Run, mark: Mark, direction: 1 | -1): void {
  if (!run.jump(direction, () => MARKS[mark](run))) {
    run.notify({ tone: "plain", text: direction === 1 ? `No ${mark} followed within the time looked at.` : `No ${mark} lies before this moment.` });
  }
}
