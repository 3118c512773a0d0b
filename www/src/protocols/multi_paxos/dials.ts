// Multi-Paxos' own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { MultiPaxosSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField } from "../../views/fields.js";
import { ELECTION_TIMEOUT_DEFAULT, HEARTBEAT_DEFAULT } from "./multi_paxos.js";

export function dials({ multi_paxos: settings = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const timeout = settings.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
  const set = (change: Partial<MultiPaxosSettings>): void => start({ multi_paxos: { ...settings, ...change } });
  const range = (change: Partial<typeof timeout>): void => {
    const wanted = { ...timeout, ...change };
    set({ election_timeout_ticks: { min: Math.min(wanted.min, wanted.max), max: Math.max(wanted.min, wanted.max) } });
  };
  return html`<span>Election timeout, ms</span>
    <span class="pair">${msField("Shortest election timeout in ms", timeout.min, (min) => range({ min }))}–${msField("Longest election timeout in ms", timeout.max, (max) => range({ max }))}</span>
    <span>Heartbeat every, ms</span>${msField("Time between heartbeats in ms", settings.heartbeat_ticks ?? HEARTBEAT_DEFAULT, (heartbeat_ticks) => set({ heartbeat_ticks }))}
    <span>Save the state after, slots</span>${numberField({ label: "Save the state after so many slots", value: settings.snapshot_threshold ?? 64, min: 0, max: 1_000_000, step: 1, set: (value) => set({ snapshot_threshold: Math.round(value) }) })}
    ${flagField("Keep faith with the leader", settings.check_quorum ?? true, (check_quorum) => set({ check_quorum }))}`;
}
