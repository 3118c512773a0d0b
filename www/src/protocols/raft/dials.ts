// Raft's own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { span } from "../../design/words.js";
import type { RaftSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField } from "../../views/fields.js";
import type { Assumptions } from "../assumptions.js";

const ELECTION_TIMEOUT_DEFAULT = { min: 150_000, max: 300_000 };
const HEARTBEAT_DEFAULT = 50_000;

export function dials({ raft = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const timeout = raft.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
  const set = (change: Partial<RaftSettings>): void => start({ raft: { ...raft, ...change } });
  const range = (change: Partial<typeof timeout>): void => {
    const wanted = { ...timeout, ...change };
    set({ election_timeout_ticks: { min: Math.min(wanted.min, wanted.max), max: Math.max(wanted.min, wanted.max) } });
  };
  return html`<span>Election timeout, ms</span>
    <span class="pair">${msField("Shortest election timeout in ms", timeout.min, (min) => range({ min }))}–${msField("Longest election timeout in ms", timeout.max, (max) => range({ max }))}</span>
    <span>Heartbeat every, ms</span>${msField("Time between heartbeats in ms", raft.heartbeat_ticks ?? HEARTBEAT_DEFAULT, (heartbeat_ticks) => set({ heartbeat_ticks }))}
    <span>Snapshot after, entries</span>${numberField({ label: "Snapshot after so many entries", value: raft.snapshot_threshold ?? 1_000, min: 1, max: 1_000_000, step: 1, set: (value) => set({ snapshot_threshold: Math.round(value) }) })}
    ${flagField("PreVote", raft.pre_vote ?? true, (pre_vote) => set({ pre_vote }))} ${flagField("CheckQuorum", raft.check_quorum ?? true, (check_quorum) => set({ check_quorum }))}
    ${flagField("Reads through the log", raft.reads_through_log ?? false, (reads_through_log) => set({ reads_through_log }))}`;
}

export const assumptions: Assumptions = {
  faultModel: "Fault model: processes crash and come back, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough.",
  stability(scenario, latencyMax) {
    const timeout = scenario.raft?.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
    const heartbeat = scenario.raft?.heartbeat_ticks ?? HEARTBEAT_DEFAULT;
    if (heartbeat + latencyMax < timeout.min) {
      return null;
    }
    return `A heartbeat may take ${span(heartbeat + latencyMax)} to be felt, and the shortest election timeout is ${span(timeout.min)}: expect elections although nobody has failed.`;
  },
};
