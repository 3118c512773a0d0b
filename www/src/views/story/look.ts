// Leads the reader's eye to what a caption is about.

import type { Caption, ReachedMoment } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { showOperation, showWhy } from "../responsible.js";

/** Play goes on from a caption: the diagram follows the playhead again, at the scale at which it began. */
export function followOn(run: Run): void {
  const { clock } = run.playhead;
  run.view.lookAt(clock, clock, true);
}

/** Selects what is named, and shows the span of time around the moment. The playhead stands at the moment already. */
export function look(run: Run, { look: wanted }: Caption, { time }: ReachedMoment): void {
  run.view.select(null);
  if (wanted === undefined) {
    return;
  }
  if (wanted.why === true) {
    showWhy(run);
  } else if (wanted.operation !== undefined) {
    showOperation(run, wanted.operation);
  } else if (wanted.message !== undefined && wanted.message < run.status.messages) {
    run.view.select({ kind: "message", message: wanted.message });
  } else if (wanted.node !== undefined) {
    const node = run.catalogue.processes.indexOf(wanted.node);
    run.view.select(node < 0 ? null : { kind: "node", node });
  }
  if (wanted.cell !== undefined) {
    window.dispatchEvent(new CustomEvent("playground-cell", { detail: wanted.cell }));
  }
  if (wanted.span !== undefined) {
    run.view.lookAt(Math.max(0, time - wanted.span.before), time + wanted.span.after);
  }
}
