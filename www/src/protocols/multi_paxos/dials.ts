// Multi-Paxos' own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { span } from "../../design/words.js";
import type { MultiPaxosSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField } from "../../views/fields.js";
import type { Assumptions } from "../assumptions.js";

const ELECTION_TIMEOUT_DEFAULT = { min: 150_000, max: 300_000 };
const HEARTBEAT_DEFAULT = 50_000;

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

export const assumptions: Assumptions = {
  faultModel: "Fault model: processes crash and come back with what they wrote to disk, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough for one leader.",
  stability(scenario, latencyMax) {
    const timeout = scenario.multi_paxos?.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
    const heartbeat = scenario.multi_paxos?.heartbeat_ticks ?? HEARTBEAT_DEFAULT;
    return heartbeat + latencyMax < timeout.min
      ? null
      : `A heartbeat may take ${span(heartbeat + latencyMax)} to be felt, and the shortest election timeout is ${span(timeout.min)}: expect new leaders although nobody has failed.`;
  },
};
