// Places in a run that one wants to get to.

import type { Run } from "../engine/run.js";
import { looksOf } from "../protocols/protocol.js";
import type { Mark } from "./table.js";

const MARKS: Readonly<Record<Mark, (run: Run) => readonly number[]>> = {
  epoch: (run: Run) => own(run).epoch.marks(run.records.changes),
  decision: (run: Run) => own(run).decision.marks(run.records.changes),
  fault: (run: Run) => run.records.changes.interventionEvents,
  violation: (run: Run) => run.moment.violations(),
};

export const MARKS_ALL = Object.keys(MARKS) as Mark[];

const own = (run: Run): ReturnType<typeof looksOf>["jumps"] => looksOf(run.catalogue.protocol).jumps;

/** What the protocol calls it. */
export function markName(run: Run, mark: Mark): string {
  return mark === "epoch" || mark === "decision" ? own(run)[mark].name : mark;
}

/** Goes to the next of these events, or to the last one before; says so where there is none. */
export function jumpTo(run: Run, mark: Mark, direction: 1 | -1): void {
  if (!run.playhead.jump(direction, () => MARKS[mark](run))) {
    const name = markName(run, mark);
    run.notices.tell({ tone: "plain", text: direction === 1 ? `No ${name} followed within the time looked at.` : `No ${name} lies before this moment.` });
  }
}
