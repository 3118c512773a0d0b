// What a search has come to: the figures, the sentence they allow, each property with the shortest path that decides
// it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { count, titled } from "../../design/words.js";
import type { ExplorationModel, ExplorationProperty, ExplorationReport } from "../../engine/engine.js";
import type { Running } from "./search.js";

const MEGABYTE = 1_000_000;

const whole = (number: number): string => Math.round(number).toLocaleString("en");

const figure = (name: string, value: string, title: string): TemplateResult => html`<div title=${title}><dt>${name}</dt><dd>${value}</dd></div>`;

export interface Result {
  running: Running;
  model: ExplorationModel | undefined;
  /** Opens a property's path as a run in the playground. */
  show: (property: ExplorationProperty) => void;
}

export function result({ running, model, show }: Result): TemplateResult {
  const { job, report, failure } = running;
  const what = job.mutation === "" ? html`<b>${job.model}</b>` : html`<b>${job.model}</b> without <b>${job.mutation}</b>`;
  return html`<section class="result" aria-labelledby="result">
    <h2 id="result">${what}</h2>
    ${figures(running)}
    <p class="headline ${report?.failed === true ? "bad" : ""}" role="status" data-testid="headline">${failure === "" ? (report === null ? "" : headline(report)) : ""}</p>
    ${failure === "" ? nothing : html`<p class="failure" role="alert">${failure}</p>`}
    ${report === null
      ? nothing
      : html`<p class="covered">${grouped(report.ending)} <span data-testid="covered">${grouped(report.covered)}</span>. The model’s own bounds: ${report.bounds.join("; ")}.</p>
          <ul class="properties" aria-label="Properties">
            ${brokenFirst(report.properties).map((property) => propertyRow(property, model, show))}
          </ul>`}
  </section>`;
}

/** The running count. */
function figures({ progress, seconds, heap }: Running): TemplateResult {
  const rate = progress === null || seconds === 0 ? 0 : progress.states / seconds;
  const held = progress === null ? 0 : progress.visited_bytes + progress.frontier_bytes + progress.shared_bytes;
  return html`<dl class="figures">
    <div class="large" title="States that differ in a process, a disk, a timer or a message in flight"><dt>distinct states</dt><dd data-testid="states">${whole(progress?.states ?? 0)}</dd></div>
    ${figure("transitions", whole(progress?.transitions ?? 0), "Steps taken, those to states that were known included")}
    ${figure("depth", whole(progress?.depth ?? 0), "Steps from the start to the farthest state")}
    ${figure("frontier", whole(progress?.frontier ?? 0), "States found whose steps were not taken yet")}
    ${figure("states a second", whole(rate), "By the clock of the explorer’s own thread")}
    ${figure("memory", `${whole(held / MEGABYTE)} MB`, `The table of visited states, the frontier, and what states share; the engine has taken ${whole(heap / MEGABYTE)} MB of the browser`)}
    ${figure("time", seconds < 1 ? `${whole(seconds * 1_000)} ms` : `${seconds.toFixed(1)} s`, "Time spent exploring")}
  </dl>`;
}

/** What may be said, and no more. */
function headline({ properties, progress, failed, ending }: ExplorationReport): TemplateResult | string {
  const broken = properties.find(({ outcome }) => outcome === "broken");
  if (broken !== undefined) {
    return html`Broken in ${count(broken.path?.steps.length ?? 0, "step")}, the fewest there are within these bounds: “${broken.sentence}”.`;
  }
  if (progress.ended !== "exhausted") {
    return `${grouped(ending.split(":")[0] ?? "")}. No violation found within these bounds.`;
  }
  return `All ${count(progress.states, "state")} of this model within its bounds: ${failed ? "what must be reachable is not" : "no violation found"}.`;
}

const brokenFirst = (properties: readonly ExplorationProperty[]): ExplorationProperty[] =>
  properties.toSorted((one, other) => Number(other.outcome === "broken") - Number(one.outcome === "broken"));

/** The core's sentences, with numbers as the page writes them. */
const grouped = (sentence: string): string => sentence.replaceAll(/\d{4,}/g, (digits) => Number(digits).toLocaleString("en"));

function propertyRow(property: ExplorationProperty, model: ExplorationModel | undefined, show: (property: ExplorationProperty) => void): TemplateResult {
  const { name, kind, sentence, outcome, line, path } = property;
  const known = line.slice(`${kind} ${name}: ${sentence}: `.length);
  const sign = { "not broken": "○", broken: "✗", reached: "●", "not yet reached": "○", "out of reach": "✗" }[outcome];
  const opened = outcome === "broken";
  return html`<li class="is-${outcome.replaceAll(" ", "-")}" data-testid="property" data-name=${name} data-outcome=${outcome}>
    <p><span class="sign" aria-hidden="true">${sign}</span><b>${titled(name)}</b> <small>${kind === "always" ? "in every state" : "in some state"}</small> ${sentence} <em>${known}</em></p>
    ${path === null
      ? nothing
      : html`<div class="way">
          ${model === undefined || model.protocol === null || path.steps.length === 0
            ? nothing
            : html`<button class=${opened ? "primary" : ""} @click=${() => show(property)}>Open ${opened ? "the counterexample" : "the way there"} in the diagram</button>`}
          <details ?open=${opened}>
            <summary>${count(path.steps.length, "step")}</summary>
            ${steps(path)}
          </details>
        </div>`}
  </li>`;
}

/** Each step, with what it changed. */
function steps({ start, steps: all }: NonNullable<ExplorationProperty["path"]>): TemplateResult {
  let before = start;
  const rows = all.map(({ kind, text, after }) => {
    const known = before;
    before = after;
    const changed = after.filter((line) => !known.includes(line));
    return html`<li data-testid="step" class=${kind}>${text}${changed.map((line) => html`<code>${line}</code>`)}</li>`;
  });
  return html`<p class="start">At the start:${start.map((line) => html`<code>${line}</code>`)}</p>
    <ol tabindex="0" aria-label="Steps">
      ${rows}
    </ol>`;
}
