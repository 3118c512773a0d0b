// Multi-Paxos' own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { MultiPaxosSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField, rangeFields } from "../../views/fields.js";
import { hasty } from "../assumptions.js";
import type { Assumptions } from "../assumptions.js";

const ELECTION_TIMEOUT_DEFAULT = { min: 150_000, max: 300_000 };
const HEARTBEAT_DEFAULT = 50_000;

export function dials({ multi_paxos: settings = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const timeout = settings.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
  const set = (change: Partial<MultiPaxosSettings>): void => start({ multi_paxos: { ...settings, ...change } });
  return html`<span>Election timeout, ms</span>
    <span class="pair">${rangeFields({ names: ["Shortest election timeout in ms", "Longest election timeout in ms"], range: timeout, set: (election_timeout_ticks) => set({ election_timeout_ticks }) })}</span>
    <span>Heartbeat every, ms</span>${msField("Time between heartbeats in ms", settings.heartbeat_ticks ?? HEARTBEAT_DEFAULT, (heartbeat_ticks) => set({ heartbeat_ticks }))}
    <span>Save the state after, slots</span>${numberField({ label: "Save the state after so many slots", value: settings.snapshot_threshold ?? 64, min: 0, max: 1_000_000, step: 1, set: (value) => set({ snapshot_threshold: Math.round(value) }) })}
    ${flagField("Keep faith with the leader", settings.check_quorum ?? true, (check_quorum) => set({ check_quorum }))}`;
}

export const assumptions: Assumptions = {
  faultModel: "Fault model: processes crash and come back with what they wrote to disk, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough for one leader.",
  stability({ multi_paxos: settings }, latencyMax) {
    const { min: shortest } = settings?.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
    return hasty({ sign: "A heartbeat", every: settings?.heartbeat_ticks ?? HEARTBEAT_DEFAULT, wait: "the shortest election timeout", shortest, expected: "new leaders" }, latencyMax);
  },
};
