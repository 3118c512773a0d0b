// PBFT's own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { span } from "../../design/words.js";
import type { PbftSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField } from "../../views/fields.js";
import type { Assumptions } from "../assumptions.js";

const VIEW_CHANGE_DEFAULT = 400_000;

export function dials({ pbft = {}, replicas = 4 }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const set = (change: Partial<PbftSettings>): void => start({ pbft: { ...pbft, ...change } });
  const faults = pbft.faults ?? Math.max(0, Math.floor((replicas - 1) / 3));
  const quorum = pbft.quorum ?? Math.floor((replicas + faults) / 2) + 1;
  const whole = (label: string, value: number, min: number, max: number, change: (value: number) => Partial<PbftSettings>): TemplateResult =>
    numberField({ label, value, min, max, step: 1, set: (wanted) => set(change(Math.round(wanted))) });
  return html`<span>Liars counted on, f</span>${whole("Liars counted on, f", faults, 0, 10, (value) => ({ faults: value }))}
    <span>Quorum, q</span>${whole("Quorum, q", quorum, 1, 31, (value) => ({ quorum: value }))}
    <span>Checkpoint every, requests</span>${whole("Checkpoint every so many requests", pbft.checkpoint_interval ?? 16, 1, 1_000, (value) => ({ checkpoint_interval: value }))}
    <span>Window, numbers</span>${whole("Numbers between the water marks", pbft.log_window ?? 32, 1, 10_000, (value) => ({ log_window: value }))}
    <span>Patience with a primary, ms</span>${msField("Patience with a primary in ms", pbft.view_change_ticks ?? VIEW_CHANGE_DEFAULT, (view_change_ticks) => set({ view_change_ticks }))}
    ${flagField("Reads are not ordered", pbft.read_only ?? false, (read_only) => set({ read_only }))}`;
}

export const assumptions: Assumptions = {
  faultModel:
    "Fault model: at most f of n = 3f + 1 replicas are Byzantine: they say anything to anybody, and collude; nobody can sign in another’s name. Messages are lost, delayed, duplicated and reordered. Agreement never depends on time; progress needs a network that is timely for long enough.",
  stability(scenario, latencyMax) {
    const patience = scenario.pbft?.view_change_ticks ?? VIEW_CHANGE_DEFAULT;
    return patience > 5 * latencyMax ? null : `An answer may take ${span(5 * latencyMax)}, and a backup waits for ${span(patience)}: expect view changes although nobody has failed.`;
  },
};
