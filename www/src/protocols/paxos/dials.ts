// Paxos' own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { count } from "../../design/words.js";
import type { PaxosSettings, Scenario } from "../../engine/engine.js";
import { msField } from "../../views/fields.js";
import type { Assumptions } from "../assumptions.js";

export function dials({ paxos = {} }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const set = (change: Partial<PaxosSettings>): void => start({ paxos: { ...paxos, ...change } });
  return html`<span>Wait for a majority, ms</span>${msField("Time until a proposer tries again in ms", paxos.retry_ticks ?? 100_000, (retry_ticks) => set({ retry_ticks }))}
    <span>First pause, at most ms</span>${msField("Longest first pause of a proposer in ms", paxos.backoff_ticks ?? 20_000, (backoff_ticks) => set({ backoff_ticks }))}
    <span>Any pause, at most ms</span>${msField("Longest pause of a proposer in ms", paxos.backoff_ticks_max ?? 640_000, (backoff_ticks_max) => set({ backoff_ticks_max }))}`;
}

export const assumptions: Assumptions = {
  faultModel: "Fault model: processes crash and come back with what they wrote to disk, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs that one proposer is left alone for long enough.",
  stability(scenario, latencyMax) {
    const retry = scenario.paxos?.retry_ticks ?? 100_000;
    return retry > 2 * latencyMax ? null : `An answer may take ${count((2 * latencyMax) / 1_000, "millisecond")}, and a proposer waits for ${retry / 1_000}: expect it to outbid itself.`;
  },
};
