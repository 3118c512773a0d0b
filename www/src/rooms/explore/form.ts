// What is explored: the model, the rule that is switched off, and when to stop although there is more.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { ExplorationModel } from "../../engine/engine.js";
import { numberField } from "../../views/fields.js";
import type { Job } from "./search.js";

export interface Form {
  models: readonly ExplorationModel[];
  job: Job;
  running: boolean;
  set: (change: Partial<Job>) => void;
  start: () => void;
  cancel: () => void;
}

const chosen = (event: Event): string => (event.target as HTMLSelectElement).value;

export function form({ models, job, running, set, start, cancel }: Form): TemplateResult {
  const model = models.find(({ name }) => name === job.model);
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    (running ? cancel : start)();
  };
  return html`<form aria-label="What to explore" @submit=${onSubmit}>
    <label for="model">Model</label>
    <select id="model" ?disabled=${running} @change=${(event: Event) => set({ model: chosen(event), mutation: "" })}>
      ${models.map(({ name }) => html`<option value=${name} ?selected=${name === job.model} .selected=${name === job.model}>${name}</option>`)}
    </select>
    <p>${model?.text ?? ""}</p>
    <label for="mutation">Rule switched off</label>
    <select id="mutation" ?disabled=${running} @change=${(event: Event) => set({ mutation: chosen(event) })}>
      <option value="" .selected=${job.mutation === ""}>none: the sound protocol</option>
      ${model === undefined ? nothing : [rules(model, job, true), rules(model, job, false)]}
    </select>
    ${rule(model, job.mutation)}
    <fieldset ?disabled=${running}>
      <legend>Stop, although there is more, at</legend>
      <span>states</span>${numberField({ label: "Stop at so many states", value: job.statesMax, min: 1, max: 100_000_000, step: 1, set: (value) => set({ statesMax: Math.round(value) }) })}
      <span>steps from the start</span>${depthField(job.depthMax, (depthMax) => set({ depthMax }))}
      <span>megabytes of memory</span>${numberField({ label: "Stop at so many megabytes", value: job.megabytesMax, min: 1, max: 3_000, step: 1, set: (value) => set({ megabytesMax: Math.round(value) }) })}
    </fieldset>
    <button type="submit" class=${running ? "" : "primary"}>${running ? "Cancel" : "Explore"}</button>
  </form>`;
}

/** The rules that this model is the one to show, or the others. */
function rules({ mutations }: ExplorationModel, { mutation }: Job, shown: boolean): TemplateResult | typeof nothing {
  const these = mutations.filter((each) => each.shown === shown);
  return these.length === 0
    ? nothing
    : html`<optgroup label=${shown ? "What this model is for" : "Others"}>
        ${these.map(({ name }) => html`<option value=${name} .selected=${name === mutation}>${name}</option>`)}
      </optgroup>`;
}

function rule(model: ExplorationModel | undefined, name: string): TemplateResult | typeof nothing {
  const found = model?.mutations.find((each) => each.name === name);
  return found === undefined ? nothing : html`<p>${found.text} <small>against ${found.source}</small></p>`;
}

/** Empty for no bound. */
function depthField(value: number | null, set: (value: number | null) => void): TemplateResult {
  const onChange = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const wanted = Math.round(input.valueAsNumber);
    const next = Number.isFinite(wanted) ? Math.min(4_000_000_000, Math.max(1, wanted)) : null;
    input.value = next === null ? "" : String(next);
    set(next);
  };
  return html`<input type="number" aria-label="Stop at so many steps from the start" placeholder="any" min="1" step="1" .value=${value === null ? "" : String(value)} @change=${onChange} />`;
}
