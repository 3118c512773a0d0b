// Tendermint's own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { span } from "../../design/words.js";
import type { Scenario, StepTimeout, TendermintSettings } from "../../engine/engine.js";
import { msField, numberField } from "../../views/fields.js";
import type { Assumptions } from "../assumptions.js";

const DEFAULTS: Record<"propose" | "prevote" | "precommit", StepTimeout> = {
  propose: { initial_ticks: 120_000, delta_ticks: 60_000 },
  prevote: { initial_ticks: 60_000, delta_ticks: 40_000 },
  precommit: { initial_ticks: 60_000, delta_ticks: 40_000 },
};

export function dials({ tendermint = {}, replicas = 4 }: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult {
  const set = (change: Partial<TendermintSettings>): void => start({ tendermint: { ...tendermint, ...change } });
  const step = (name: keyof typeof DEFAULTS, words: string): TemplateResult => {
    const timeout = tendermint[name] ?? DEFAULTS[name];
    return html`<span>${words}</span>
      <span class="pair">${msField(`${words} in round 0`, timeout.initial_ticks, (initial_ticks) => set({ [name]: { ...timeout, initial_ticks } }))} + ${msField(`${words}, longer in each round by`, timeout.delta_ticks, (delta_ticks) => set({ [name]: { ...timeout, delta_ticks } }))}</span>`;
  };
  const powers = Array.from({ length: replicas }, (_, ordinal) => tendermint.powers?.[ordinal] ?? 1);
  const power = (process: number, value: number): void => set({ powers: powers.map((each, other) => (other === process ? Math.round(value) : each)) });
  return html`${step("propose", "Wait for a proposal, ms")} ${step("prevote", "Wait for prevotes, ms")} ${step("precommit", "Wait for precommits, ms")}
    <span>Empty block after, ms</span>${msField("Empty block after so many ms without a request", tendermint.idle_ticks ?? 10_000_000, (idle_ticks) => set({ idle_ticks }))}
    ${replicas > 7
      ? html``
      : powers.map((each, process) => html`<span>Voting power of n${process + 1}</span>${numberField({ label: `Voting power of n${process + 1}`, value: each, min: 1, max: 1_000, step: 1, set: (value) => power(process, value) })}`)}`;
}

export const assumptions: Assumptions = {
  faultModel:
    "Fault model: validators with less than a third of the voting power are Byzantine: they say anything to anybody, and collude; nobody can sign in another’s name. Messages are lost, delayed, duplicated and reordered. Agreement never depends on time; progress needs a network that is timely for long enough.",
  stability(scenario, latencyMax) {
    const propose = scenario.tendermint?.propose?.initial_ticks ?? DEFAULTS.propose.initial_ticks;
    return propose > latencyMax ? null : `A proposal may take ${span(latencyMax)}, and a validator waits for ${span(propose)} in round 0: expect rounds that end with nil although nobody has failed.`;
  },
};
