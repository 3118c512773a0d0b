// The dials of Viewstamped Replication in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { Scenario, ViewstampedSettings } from "../../engine/engine.js";
import { flagField, msField, numberField, rangeFields } from "../../views/fields.js";
import { hasty } from "../assumptions.js";
import type { Assumptions } from "../assumptions.js";

const VIEW_CHANGE_DEFAULT = { min: 150_000, max: 300_000 };
const COMMIT_DEFAULT = 50_000;

export function dials({ viewstamped: settings = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const timeout = settings.view_change_ticks ?? VIEW_CHANGE_DEFAULT;
  const set = (change: Partial<ViewstampedSettings>): void => start({ viewstamped: { ...settings, ...change } });
  return html`<span>View change after, ms</span>
    <span class="pair">${rangeFields({ names: ["Shortest time until a view change in ms", "Longest time until a view change in ms"], range: timeout, set: (view_change_ticks) => set({ view_change_ticks }) })}</span>
    <span>COMMIT every, ms</span>${msField("Time between COMMIT messages in ms", settings.commit_ticks ?? COMMIT_DEFAULT, (commit_ticks) => set({ commit_ticks }))}
    <span>Checkpoint after, operations</span>${numberField({ label: "Take a checkpoint after so many operations", value: settings.checkpoint_threshold ?? 64, min: 0, max: 1_000_000, step: 1, set: (value) => set({ checkpoint_threshold: Math.round(value) }) })}
    ${flagField("Replicas have disks", settings.on_disk ?? false, (on_disk) => set({ on_disk }))}`;
}

export const assumptions: Assumptions = {
  faultModel:
    "Fault model: replicas crash, and without a disk forget all that they knew; at most f of 2f + 1 are down or recovering at once, or nobody can recover any more. Messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough for one view.",
  stability({ viewstamped: settings }, latencyMax) {
    const { min: shortest } = settings?.view_change_ticks ?? VIEW_CHANGE_DEFAULT;
    return hasty({ sign: "A COMMIT", every: settings?.commit_ticks ?? COMMIT_DEFAULT, wait: "the shortest time until a view change", shortest, expected: "view changes" }, latencyMax);
  },
};
