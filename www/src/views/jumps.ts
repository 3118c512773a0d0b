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
  const known = mark === "violation" && direction === 1 && run.inPast ? violationsToTheEnd(run) : [];
  const marks = (): readonly number[] => [...known, ...MARKS[mark](run)].toSorted((one, other) => one - other);
  if (!run.jump(direction, known.length === 0 ? () => MARKS[mark](run) : marks)) {
    run.notify({ tone: "plain", text: direction === 1 ? `No ${mark} followed within the time looked at.` : `No ${mark} lies before this moment.` });
  }
}

/** The checkers speak of what lies before the playhead: what lies after it, in a run that was wound back, they are asked at its end. */
function violationsToTheEnd(run: Run): readonly number[] {
  const { cursor } = run.status;
  run.toEnd();
  const found = run.violations();
  run.seek(cursor);
  return found;
}
