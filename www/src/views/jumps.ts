// Places in a run that one wants to get to.

import type { Run } from "../engine/run.js";

const MARKS = {
  election: (run: Run) => run.records.leaderEvents,
  commit: (run: Run) => run.records.commits,
  fault: (run: Run) => run.records.interventionEvents,
  violation: violations,
};

/** What a replica reported itself, the invariants that broke, and an operation without a place in any order. */
function violations(run: Run): readonly number[] {
  const broken = run.invariants().flatMap((invariant) => (invariant.broken === null ? [] : [invariant.broken.event]));
  const blamed = run.verdict()?.blamed ?? null;
  const completed = blamed === null ? null : (run.operations()[blamed]?.completed_event ?? null);
  return [...new Set([...run.records.violations, ...broken, ...(completed === null ? [] : [completed])])].toSorted((one, other) => one - other);
}

export type Mark = keyof typeof MARKS;
export const MARK_NAMES = Object.keys(MARKS) as Mark[];

/** Goes to the next of these events, or to the last one before; says so where there is none. */
export function jumpTo(run: Run, mark: Mark, direction: 1 | -1): void {
  if (!run.jump(direction, () => MARKS[mark](run))) {
    run.notify({ tone: "plain", text: direction === 1 ? `No ${mark} followed within the time looked at.` : `There is no ${mark} before this moment.` });
  }
}
