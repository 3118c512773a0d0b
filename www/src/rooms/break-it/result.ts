// What a hunt has come to: the promise that was broken in a run made small, or what was seen and not broken.

import { html, nothing, svg } from "lit";
import type { TemplateResult } from "lit";

import { apostrophes, count, titled } from "../../design/words.js";
import type { HuntGround, RunSize, Shrunk } from "../../engine/engine.js";
import { ruleName } from "../../protocols/rules.js";
import type { Hunting, Job } from "./hunt.js";
import { unbroken } from "./verdict.js";

export interface Result {
  hunting: Hunting;
  ground: HuntGround | undefined;
  hands: number;
  isOwn: boolean;
  /** Opens the small run where it breaks the promise. */
  open: (shrunk: Shrunk) => void;
  copy: (link: string) => void;
}

/** Bars in the strip; with more seeds each stands for several. */
const BARS = 200;
const STRIP_HEIGHT = 28;

const whole = (number: number): string => Math.round(number).toLocaleString("en");

export function result(all: Result): TemplateResult {
  const { hunting } = all;
  const { stage, failure, found } = hunting;
  return html`<section class="result" aria-labelledby="result">
    <h2 id="result" data-testid="headline" class=${found !== null && stage !== "hunting" && unbroken(found.failure.kind) === null ? "bad" : ""}><span role="status">${headline(hunting)}</span></h2>
    ${failure === "" ? nothing : html`<p class="failure" role="alert">The hunt was given up: ${failure}</p>`} ${found === null ? nothing : broken(all)} ${stage === "over" && found === null && failure === "" ? clean(all) : nothing}
    ${reached(all)}
  </section>`;
}

function headline({ stage, found, totals, job, failure }: Hunting): string {
  if (failure !== "") {
    return "No result";
  }
  if (found !== null && stage !== "hunting") {
    return unbroken(found.failure.kind) ?? `${titled(found.failure.name)} is broken`;
  }
  return {
    hunting: found === null ? `Hunting ${count(job.seeds, "run")}` : "A failure: the runs before it are awaited",
    shrinking: "",
    cancelled: `Cancelled after ${count(totals.seeds, "run")}: no failure among them`,
    over: `${count(totals.seeds, "run")}, and no failure`,
  }[stage];
}

function broken({ hunting, open, copy }: Result): TemplateResult {
  const { found, shrunk, stage, job } = hunting;
  if (found === null || stage === "hunting") {
    return html``;
  }
  const link = shrunk?.link ?? null;
  return html`<p class="sentence" data-testid="sentence">${apostrophes(shrunk?.sentence ?? found.failure.sentence)}</p>
    ${shrunk === null ? nothing : sizes(shrunk)}
    <p class="soft" data-testid="shrinking">${shrinking(hunting)}</p>
    ${shrunk === null || shrunk.ended === null
      ? nothing
      : html`<p class="row">
          <button class="primary" @click=${() => open(shrunk)}>Open in the playground</button>
          ${link === null ? nothing : html`<button @click=${() => copy(link)}>Copy link</button>`}
          ${found.failure.link === null ? nothing : html`<a href=${asHash(found.failure.link)}>The run as it was found</a>`}
        </p>`}
    <p>Seed ${found.seed}. It fails again, on any machine, with</p>
    <pre tabindex="0" aria-label="The command" data-testid="command">${command(job, found.seed, found.seed + 1)}</pre>`;
}

function shrinking({ shrunk, stage }: Hunting): string {
  if (shrunk === null) {
    return stage === "shrinking" ? "It is being made smaller." : "";
  }
  const tries = `${count(shrunk.tries, "smaller run")} tried, each replayed`;
  if (shrunk.ended === null) {
    return stage === "cancelled" ? `Cancelled: ${tries}.` : `It is being made smaller: ${tries}. Now: ${shrunk.pass}.`;
  }
  return shrunk.ended === "smallest"
    ? `${tries}. Nothing that was tried makes it smaller, and the same promise is broken in every one that was kept.`
    : `${tries}: as many as are tried. There may be a smaller one.`;
}

const SIZES: readonly (readonly [string, (size: RunSize) => number])[] = [
  ["interventions", ({ interventions }) => interventions],
  ["processes", ({ servers, clients }) => servers + clients],
  ["operations", ({ operations }) => operations],
  ["events", ({ events }) => events],
];

function sizes({ before, now }: Shrunk): TemplateResult {
  return html`<dl class="sizes" data-testid="sizes">
    ${SIZES.map(([name, of]) => html`<div><dt>${name}</dt><dd><s>${whole(of(before))}</s> <span aria-hidden="true">→</span><span class="out-of-sight">, made</span> <b>${whole(of(now))}</b></dd></div>`)}
  </dl>`;
}

/** What a hunt without a failure says, and what it does not. */
function clean({ hunting: { job, totals }, ground }: Result): TemplateResult {
  const off = job.mutation === "" ? html`The sound protocol kept` : html`Without “${ruleName(job.mutation)}” it kept`;
  const never = (ground?.rare ?? []).filter((_, index) => (totals.rare[index] ?? 0) === 0);
  return html`<div class="prose">
    <p>
      ${off} all that it promises in ${count(totals.seeds, "run")} of ${count(totals.events, "event")} together, each with up to ${count(job.faults, "fault")} of its own. Every promise was checked after every event, and every history was judged.
      Where no more lied than the protocol bears, each client was served once the faults were over.
    </p>
    <p>
      That is no proof. It says that these runs kept their promises, and nothing of those that were not tried: another seed, more servers, faults in another order.
      ${job.mutation === "" ? nothing : html`The rule may need something rarer than these runs had: more of them may show it.`}
      ${never.length === 0 ? nothing : html`What none of them did, they say nothing about: ${never.map(({ text }) => html`<i>${apostrophes(text)}</i> `)}`}
    </p>
    <pre tabindex="0" aria-label="The command" data-testid="command">${command(job, 0, job.seeds)}</pre>
  </div>`;
}

/** How deep the hunt reached. */
function reached({ hunting, ground, hands, isOwn }: Result): TemplateResult {
  const { totals, seconds, seen: all } = hunting;
  const who = isOwn ? "by the page itself, since no thread could be started" : `by ${count(hands, "worker")}`;
  return html`<div class="seen">
    ${strip(hunting)}
    <p data-testid="seen"><b>${whole(totals.seeds)}</b> ${totals.seeds === 1 ? "run" : "runs"} in ${seconds.toFixed(1)} s, ${who}: <b>${whole(seconds === 0 ? 0 : all.length / seconds)}</b> a second, <b>${whole(totals.events)}</b> events</p>
    <table>
      <caption>
        How often something rare happened in them
      </caption>
      <tbody>
        <tr>
          <th scope="row">A server began to lead.</th>
          <td>${whole(totals.leaders)}</td>
        </tr>
        ${ground?.rare.map(({ text, source }, index) => html`<tr><th scope="row">${apostrophes(text)} <small>${source}</small></th><td>${whole(totals.rare[index] ?? 0)}</td></tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** A bar for each seed, as high as the hunt got deep in it. */
function strip({ seen, job, found, stage }: Hunting): TemplateResult {
  const last = stage === "hunting" ? job.seeds : (seen.at(-1)?.seed ?? 0) + 1;
  const each = Math.max(1, Math.ceil(last / BARS));
  const depths = new Map<number, number>();
  for (const { seed, rare } of seen) {
    const bar = Math.floor(seed / each);
    depths.set(bar, Math.max(depths.get(bar) ?? 0, rare.reduce((sum, times) => sum + times, 0)));
  }
  const highest = Math.log1p(Math.max(1, ...depths.values()));
  const failing = found === null ? -1 : Math.floor(found.seed / each);
  const bars = [...depths].map(([bar, depth]) => {
    const height = bar === failing ? STRIP_HEIGHT : 2 + ((STRIP_HEIGHT - 4) * Math.log1p(depth)) / highest;
    return svg`<rect class=${bar === failing ? "bad" : ""} x=${bar * 4} y=${STRIP_HEIGHT - height} width="2.5" height=${height}></rect>`;
  });
  return html`<svg class="strip" viewBox="0 0 ${BARS * 4} ${STRIP_HEIGHT}" preserveAspectRatio="xMinYMax meet" aria-hidden="true">${bars}</svg>
    <p class="soft">A bar for ${each === 1 ? "each run" : `every ${each} runs`}, as high as rare things happened in ${each === 1 ? "it" : "one of them"}${found === null ? "." : ". The red one broke."}</p>`;
}

const asHash = (fragment: string): string => (fragment.startsWith("#") ? fragment : `#${fragment}`);

/** What the command line is asked, to hunt the same. */
export function command({ protocol, mutation, replicas, faults, liars }: Job, from: number, to: number): string {
  const scenario = JSON.stringify({ protocol, replicas });
  const further = [...(mutation === "" ? [] : ["--mutation", mutation]), "--faults", String(faults), ...(liars === null ? [] : ["--liars", String(liars)])];
  return `echo '${scenario}' | consensus-playground hunt - --seeds ${from}..${to} ${further.join(" ")}`;
}
