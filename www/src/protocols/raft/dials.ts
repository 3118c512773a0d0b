// Raft's own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { RaftSettings, Scenario } from "../../engine/engine.js";
import { flagField, msField, numberField, rangeFields } from "../../views/fields.js";
import { hasty } from "../assumptions.js";
import type { Assumptions } from "../assumptions.js";

const ELECTION_TIMEOUT_DEFAULT = { min: 150_000, max: 300_000 };
const HEARTBEAT_DEFAULT = 50_000;

export function dials({ raft = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const timeout = raft.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
  const set = (change: Partial<RaftSettings>): void => start({ raft: { ...raft, ...change } });
  return html`<span>Election timeout, ms</span>
    <span class="pair">${rangeFields({ names: ["Shortest election timeout in ms", "Longest election timeout in ms"], range: timeout, set: (election_timeout_ticks) => set({ election_timeout_ticks }) })}</span>
    <span>Heartbeat every, ms</span>${msField("Time between heartbeats in ms", raft.heartbeat_ticks ?? HEARTBEAT_DEFAULT, (heartbeat_ticks) => set({ heartbeat_ticks }))}
    <span>Snapshot after, entries</span>${numberField({ label: "Snapshot after so many entries", value: raft.snapshot_threshold ?? 1_000, min: 1, max: 1_000_000, step: 1, set: (value) => set({ snapshot_threshold: Math.round(value) }) })}
    ${flagField("PreVote", raft.pre_vote ?? true, (pre_vote) => set({ pre_vote }))} ${flagField("CheckQuorum", raft.check_quorum ?? true, (check_quorum) => set({ check_quorum }))}
    ${flagField("Reads through the log", raft.reads_through_log ?? false, (reads_through_log) => set({ reads_through_log }))}`;
}

export const assumptions: Assumptions = {
  faultModel: "Fault model: processes crash and come back, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough.",
  stability({ raft }, latencyMax) {
    const { min: shortest } = raft?.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
    return hasty({ sign: "A heartbeat", every: raft?.heartbeat_ticks ?? HEARTBEAT_DEFAULT, wait: "the shortest election timeout", shortest, expected: "elections" }, latencyMax);
  },
};
