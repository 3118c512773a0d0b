// A run that was found to break something, opened in the playground where it does, with the reason.

import type { Scenario } from "../engine/engine.js";
import type { Run } from "../engine/run.js";
import { showReasons, showWhy } from "../views/responsible.js";

/** `promise`: the property that is broken; null where it is what clients were answered. */
export async function openBroken(run: Run, scenario: Scenario, event: number, promise: string | null): Promise<void> {
  await run.fetchAndLoad(scenario, 0);
  showBroken(run, event, promise);
  window.location.hash = "";
}

/** Goes on to the event after which something is broken, and shows why it is. */
export function showBroken(run: Run, event: number, promise: string | null): void {
  run.playhead.step(event + 1 - run.status.cursor);
  run.view.select({ kind: "event", event });
  const broken = run.moment.invariants().find((each) => each.name === promise && each.broken !== null);
  if (broken === undefined) {
    showWhy(run);
  } else {
    showReasons(run, broken);
  }
}
