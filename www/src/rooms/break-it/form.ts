// What is hunted: the protocol, the rule that is switched off, how many servers, faults and liars, and how many seeds.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { apostrophes } from "../../design/words.js";
import type { HuntGround } from "../../engine/engine.js";
import { PROTOCOLS } from "../../protocols/protocol.js";
import { ruleName } from "../../protocols/rules.js";
import { numberField } from "../../views/fields.js";
import type { Job } from "./hunt.js";

export interface Form {
  grounds: readonly HuntGround[];
  job: Job;
  running: boolean;
  /** Another protocol. */
  choose: (protocol: string) => void;
  set: (change: Partial<Job>) => void;
  start: () => void;
  cancel: () => void;
}

/** As many as the engine has room for; runs of more grow long. */
const SERVERS_MAX = 9;
const FAULTS_MAX = 20;
export const SEEDS_MAX = 20_000;

export function form({ grounds, job, running, choose, set, start, cancel }: Form): TemplateResult {
  const ground = grounds.find(({ protocol }) => protocol === job.protocol);
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    (running ? cancel : start)();
  };
  const number = (words: string, field: "replicas" | "faults" | "seeds", min: number, max: number): TemplateResult =>
    html`<span>${words}</span>${numberField({ label: words, value: job[field], min, max, step: 1, set: (value) => set({ [field]: Math.round(value) }) })}`;
  return html`<form aria-label="What to hunt" @submit=${onSubmit}>
    <label for="protocol">Protocol</label>
    <select id="protocol" ?disabled=${running} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${PROTOCOLS.filter(([name]) => grounds.some(({ protocol }) => protocol === name)).map(([name, { title }]) => html`<option value=${name} .selected=${name === job.protocol}>${title}</option>`)}
    </select>
    <fieldset class="rules" ?disabled=${running}>
      <legend>Rule switched off</legend>
      <div class="list">
        ${rule("", "None", html`The sound protocol.`, null, job, set)}
        ${ground?.mutations.map(({ rule: { name, text, source }, only_a_script: why }) => rule(name, ruleName(name), html`${apostrophes(text)} <small>${source}</small>`, why, job, set))}
      </div>
    </fieldset>
    <fieldset class="numbers" ?disabled=${running}>
      <legend>What may happen</legend>
      ${number("servers", "replicas", 1, SERVERS_MAX)} ${number("faults in a run, at most", "faults", 0, FAULTS_MAX)} ${ground?.has_liars === true ? liars(job, set) : nothing}
      ${number("runs, a seed for each", "seeds", 1, SEEDS_MAX)}
    </fieldset>
    ${ground?.has_liars === true ? nothing : html`<p class="soft">Liars: none. This protocol is not made for any.</p>`}
    <button type="submit" class=${running ? "" : "primary"}>${running ? "Cancel" : "Hunt"}</button>
  </form>`;
}

function rule(name: string, title: string, text: TemplateResult, why: string | null, job: Job, set: (change: Partial<Job>) => void): TemplateResult {
  return html`<label class="rule">
    <input type="radio" name="rule" value=${name} .checked=${name === job.mutation} ?disabled=${why !== null} @change=${() => set({ mutation: name })} />
    <span><b>${title}</b> ${text}${why === null ? nothing : html` <em>No hunt sees it: ${apostrophes(why)}</em>`}</span>
  </label>`;
}

/** Empty for as many as each seed draws. */
function liars({ liars: value, replicas }: Job, set: (change: Partial<Job>) => void): TemplateResult {
  const onChange = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const wanted = Math.round(input.valueAsNumber);
    const next = Number.isFinite(wanted) ? Math.min(replicas, Math.max(0, wanted)) : null;
    input.value = next === null ? "" : String(next);
    set({ liars: next });
  };
  return html`<span>liars</span>
    <input type="number" aria-label="liars" placeholder="as borne" title="Empty: none to as many as the protocol bears, as each seed draws" min="0" max=${replicas} step="1" .value=${value === null ? "" : String(value)} @change=${onChange} />`;
}
