// Tendermint's own dials in the set-up.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { Scenario, StepTimeout, TendermintSettings } from "../../engine/engine.js";
import { msField, numberField } from "../../views/fields.js";

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
