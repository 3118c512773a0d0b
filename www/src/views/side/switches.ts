// Rules and the workload, switched on and off.

import type { Scenario, Workload } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";

/** Starts the run anew, with a rule or without it. */
export function setRule(run: Run, mutation: string, holds: boolean): void {
  const others = (run.scenario.mutations ?? []).filter((name) => name !== mutation);
  restartWith(run, { mutations: holds ? others : [...others, mutation] });
}

/** Starts the run anew with something in it changed, and plays it to where the playhead stands. */
export function restartWith(run: Run, change: Partial<Scenario>): void {
  run.restart({ ...run.scenario, ...change }, run.playhead.clock);
}

const WORKLOAD_DEFAULT: Workload = { operations_per_client: null, keys: 3, think_ticks: { min: 0, max: 100_000 }, mix: { get: 4, put: 4, cas: 1, delete: 1 } };

/** The scenario’s workload, with what was changed up to the playhead. */
export function workloadNow(run: Run): Workload {
  const changes = run.moment.doneSoFar().flatMap(({ action }) => (typeof action === "object" && "workload" in action ? [action.workload] : []));
  return Object.assign({}, WORKLOAD_DEFAULT, run.scenario.workload, ...changes) as Workload;
}

/** Dials that are left out would take their defaults: all are handed over. */
export function setWorkload(run: Run, change: Partial<Workload>): void {
  run.act({ workload: { ...workloadNow(run), ...change } });
}

/** Whether clients ask for nothing of their own accord. */
export function isQuiet(run: Run): boolean {
  return workloadNow(run).operations_per_client === 0;
}

/** Has clients ask for nothing of their own accord from here on, or for as much as the scenario says. */
export function setQuiet(run: Run, quiet: boolean): void {
  const asked = run.scenario.workload?.operations_per_client ?? null;
  setWorkload(run, { operations_per_client: quiet ? 0 : asked === 0 ? null : asked });
}

/** Whether a scheduler keeps the run undecided, or the run was prepared for one that does. */
export function concernsUndecided(run: Run): boolean {
  return run.playhead.undecided || (run.scenario.title?.endsWith("kept undecided") ?? false);
}
