// The dials of Viewstamped Replication in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { span } from "../../design/words.js";
import type { Scenario, ViewstampedSettings } from "../../engine/engine.js";
import { flagField, msField, numberField } from "../../views/fields.js";
import type { Assumptions } from "../assumptions.js";

const VIEW_CHANGE_DEFAULT = { min: 150_000, max: 300_000 };
const COMMIT_DEFAULT = 50_000;

export function dials({ viewstamped: settings = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const timeout = settings.view_change_ticks ?? VIEW_CHANGE_DEFAULT;
  const set = (change: Partial<ViewstampedSettings>): void => start({ viewstamped: { ...settings, ...change } });
  const range = (change: Partial<typeof timeout>): void => {
    const wanted = { ...timeout, ...change };
    set({ view_change_ticks: { min: Math.min(wanted.min, wanted.max), max: Math.max(wanted.min, wanted.max) } });
  };
  return html`<span>View change after, ms</span>
    <span class="pair">${msField("Shortest time until a view change in ms", timeout.min, (min) => range({ min }))}–${msField("Longest time until a view change in ms", timeout.max, (max) => range({ max }))}</span>
    <span>COMMIT every, ms</span>${msField("Time between COMMIT messages in ms", settings.commit_ticks ?? COMMIT_DEFAULT, (commit_ticks) => set({ commit_ticks }))}
    <span>Checkpoint after, operations</span>${numberField({ label: "Take a checkpoint after so many operations", value: settings.checkpoint_threshold ?? 64, min: 0, max: 1_000_000, step: 1, set: (value) => set({ checkpoint_threshold: Math.round(value) }) })}
    ${flagField("Replicas have disks", settings.on_disk ?? false, (on_disk) => set({ on_disk }))}`;
}

export const assumptions: Assumptions = {
  faultModel:
    "Fault model: replicas crash, and without a disk forget all that they knew; at most f of 2f + 1 are down or recovering at once, or nobody can recover any more. Messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough for one view.",
  stability(scenario, latencyMax) {
    const timeout = scenario.viewstamped?.view_change_ticks ?? VIEW_CHANGE_DEFAULT;
    const commit = scenario.viewstamped?.commit_ticks ?? COMMIT_DEFAULT;
    return commit + latencyMax < timeout.min
      ? null
      : `A COMMIT may take ${span(commit + latencyMax)} to be felt, and the shortest time until a view change is ${span(timeout.min)}: expect view changes although nobody has failed.`;
  },
};
