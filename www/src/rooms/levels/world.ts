// What comes of a wrong answer that stands: the run goes on with it, and says whether a promise broke.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { apostrophes, count, seconds, titled } from "../../design/words.js";
import type { Continuation } from "../../engine/clone.js";
import { ruleName } from "../../protocols/rules.js";
import type { Posed, World } from "./exam.js";
import { fill } from "./fill.js";
import { FORKS } from "./hunt.js";
import type { Hunted } from "./hunt.js";
import type { Play, Standing } from "./play.js";

/** So many broken promises are listed at most. */
const FURTHER_MAX = 5;

/** What can be asked for. */
export interface Worldly {
  enter: (ordinal: number) => void;
  next: () => void;
  /** To the question before. */
  before: () => void;
  /** Back from a world to the question. */
  back: () => void;
  hunt: () => void;
  /** Opens what is shown in the playground; null where there is none around. */
  open: ((continuation: Continuation) => void) | null;
}

/** Stands in the place of the question, beneath the run that is shown. */
export function standing(play: Play, posed: Posed, stands: Standing, acts: Worldly): TemplateResult {
  const { answer, world, hunted } = stands;
  return html`<section class="node" aria-labelledby="stands">
    <h2 id="stands" tabindex="-1">If your answer stands</h2>
    <p class="quoted">“${fill(answer.text, posed.step, (process) => play.run.name(process))}”</p>
    <div class="world" role="status" aria-busy=${isHunting(stands)}>
      <p>${entered(play, world)} ${outcome(world.continuation)}</p>
      ${further(play, stands, world.continuation)} ${hunted === null ? nothing : html`<p>${found(hunted, world.continuation, stands.showsShortest)}</p>`}
    </div>
    <div class="row">
      <button class="primary" @click=${acts.back}>Back to the question</button>
      ${more(play, stands, acts)}
    </div>
  </section>`;
}

/** Whether other ways on are looked for right now. */
function isHunting({ hunted }: Pick<Standing, "hunted">): boolean {
  return hunted !== null && hunted.tried < FORKS;
}

function more(play: Play, { world: { continuation }, hunted, showsShortest, shown }: Standing, { hunt, open }: Worldly): TemplateResult {
  const shortest = hunted?.shortest ?? null;
  const isUnderWay = isHunting({ hunted });
  return html`${hunted === null || isUnderWay ? html`<button aria-disabled=${isUnderWay ? "true" : nothing} @click=${hunt}>Look for other ways on</button>` : nothing}
    ${shortest === null || showsShortest || shortest === continuation ? nothing : html`<button @click=${() => play.showShortest()}>Show the shortest</button>`}
    ${open === null ? nothing : html`<button @click=${() => open({ ...(showsShortest ? (shortest ?? continuation) : continuation), broken: shown })}>Open in the playground</button>`}`;
}

function entered({ level }: Play, { mutation }: World): TemplateResult {
  return mutation === null ? html`What ${level.role} says then gets lost, as if it had kept silent.` : html`${level.role} goes without the rule <b>${ruleName(mutation)}</b>, for one step.`;
}

function outcome({ broken, entered: from, reached }: Continuation): TemplateResult {
  if (broken === null) {
    return html`In this run nothing broke, up to ${seconds(reached)}.`;
  }
  return html`<b class="bad">◆ ${brokenName(broken.promise)} is broken</b>${later(broken.event - from)}: ${sentence(broken.sentence)}`;
}

/** What else breaks, each to be looked at. */
function further(play: Play, { shown, showsShortest }: Standing, { broken, further: rest }: Continuation): TemplateResult | typeof nothing {
  if (broken === null || rest.length === 0) {
    return nothing;
  }
  const all = [broken, ...rest].slice(0, FURTHER_MAX);
  return html`<p>What breaks, and when:</p>
    <ol class="breaks">
    ${all.map(
      (each) => html`<li>
        <button class="quiet" aria-pressed=${each === shown && !showsShortest} @click=${() => play.showFurther(each)}>${seconds(each.time)}</button> <b>${brokenName(each.promise)}</b>: ${sentence(each.sentence)}
      </li>`,
    )}
  </ol>`;
}

function found({ tried, broke, shortest }: Hunted, shown: Continuation, showsShortest: boolean): TemplateResult {
  if (tried < FORKS) {
    return html`Trying other ways on: ${tried} of ${FORKS}.`;
  }
  const ways = `${FORKS} other ways on, each with crashes, cuts and timers of its own`;
  if (broke === 0) {
    return html`In ${ways}, nothing broke. That is no proof that nothing can.`;
  }
  return html`Of ${ways}, ${broke === 1 ? "one breaks" : `${broke} break`} a promise. ${least(shortest, shown, showsShortest)}`;
}

/** What the shortest of all comes to. */
function least(shortest: Continuation | null, shown: Continuation, isShown: boolean): TemplateResult {
  const broken = shortest?.broken ?? null;
  if (broken === null || shortest === null || shortest === shown) {
    return html`None does so sooner than the run that is shown.`;
  }
  return html`The shortest${isShown ? ", which is shown" : ""}: ${brokenName(broken.promise)} is broken${later(broken.event - shortest.entered)}, ${sentence(broken.sentence)}`;
}

function later(events: number): string {
  return events <= 0 ? " at once" : `, ${count(events, "event")} later`;
}

const brokenName = (promise: string | null): string => (promise === null ? "Linearizability" : titled(promise));

/** With one point at its end. */
const sentence = (text: string): string => `${apostrophes(text).replace(/\.$/, "")}.`;
