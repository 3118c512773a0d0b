// PBFT's own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { PbftSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField } from "../../views/fields.js";

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
    <span>Patience with a primary, ms</span>${msField("Patience with a primary in ms", pbft.view_change_ticks ?? 400_000, (view_change_ticks) => set({ view_change_ticks }))}
    ${flagField("Reads are not ordered", pbft.read_only ?? false, (read_only) => set({ read_only }))}`;
}
