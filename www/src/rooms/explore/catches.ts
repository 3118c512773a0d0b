// What each rule is for: switched off, how few steps break a promise.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { count } from "../../design/words.js";
import type { ExplorationModel } from "../../engine/engine.js";
import type { Catch, Running } from "./search.js";

interface Row {
  model: string;
  mutation: string;
  text: string;
  source: string;
}

export interface Catches {
  models: readonly ExplorationModel[];
  /** The model that is chosen: the table is about its protocol. */
  model: string;
  found: ReadonlyMap<string, Catch>;
  current: Running | null;
  running: boolean;
  explore: (rows: readonly { model: string; mutation: string }[]) => void;
}

/** The rules of a protocol that some model is the one to show, and what else was explored. */
function rowsOf(models: readonly ExplorationModel[], model: string, found: ReadonlyMap<string, Catch>): Row[] {
  const protocol = models.find(({ name }) => name === model)?.protocol ?? null;
  return models
    .filter((each) => each.protocol === protocol)
    .flatMap((each) =>
      each.mutations.filter((rule) => rule.shown || found.has(`${each.name}/${rule.name}`)).map(({ name, text, source }) => ({ model: each.name, mutation: name, text, source })),
    );
}

export function catches({ models, model, found, current, running, explore }: Catches): TemplateResult | typeof nothing {
  const rows = rowsOf(models, model, found);
  const missing = rows.filter((row) => !found.has(`${row.model}/${row.mutation}`));
  return rows.length === 0
    ? nothing
    : html`<section class="catches" aria-labelledby="catches">
        <div class="head">
          <h2 id="catches">What each rule is for</h2>
          <button ?disabled=${running || missing.length === 0} @click=${() => explore(missing)}>Explore without each</button>
        </div>
        <div class="wide" tabindex="0" role="group" aria-label="What each rule is for, scrollable">
          <table>
            <caption>
              A rule is switched off, and the model explored until a promise breaks. Breadth first: no shorter way breaks it within the model’s bounds.
            </caption>
            <thead>
              <tr>
                <th scope="col">Switched off</th>
                <th scope="col">Shortest counterexample</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map((row) => rowOf(row, found.get(`${row.model}/${row.mutation}`), running && current?.job.model === row.model && current.job.mutation === row.mutation))}
            </tbody>
          </table>
        </div>
      </section>`;
}

function rowOf({ model, mutation, text, source }: Row, found: Catch | undefined, now: boolean): TemplateResult {
  const result =
    now ? html`<span class="soft">exploring…</span>`
    : found === undefined ? html`<span class="soft">not explored yet</span>`
    : found.broken === null ? html`none ${found.ended === "exhausted" ? `in all ${count(found.states, "state")}` : `among ${count(found.states, "state")}; ${found.ended}`}`
    : html`<b>${count(found.broken.steps, "step")}</b> against “${found.broken.sentence}” <small>${count(found.states, "state")} found till then</small>`;
  return html`<tr data-testid="catch" data-mutation=${mutation} data-steps=${found?.broken?.steps ?? ""}>
    <th scope="row"><a href="#explore/${model}/${mutation}">${mutation}</a> <span class="in">in ${model}</span> <span>${text} <small>${source}</small></span></th>
    <td>${result}</td>
  </tr>`;
}
