// One badge for all checks. It names the worst, and leads to it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { icons } from "../../design/icons.js";
import { describeError } from "../../engine/engine.js";
import { Reviving } from "../../engine/live.js";
import type { Run } from "../../engine/run.js";
import { worst } from "./worst.js";
import type { Standing, Way, Worst } from "./worst.js";

export const SIGNS: Readonly<Record<Standing, TemplateResult | typeof nothing>> = {
  violated: html`${icons.violation}`,
  lied: html`${icons.lie}`,
  open: nothing,
  waiting: nothing,
  nothing,
  kept: html`${icons.check}`,
};

/** The badge, and beside it the way to what it names. `attempt` carries out what a person asks for. */
export function badge(run: Run, attempt: (action: () => void) => void): TemplateResult {
  const found = asked(run);
  if (found === null) {
    return html`<div class="verdict" role="status" aria-label="Verdict"><span>${run.playhead.playing ? "judged when paused" : "judging…"}</span></div>`;
  }
  const { standing, words, sentence, way } = found;
  const whole = spoken(found);
  return html`<div class="verdict ${standing}" role="status" aria-label="Verdict" title=${sentence}>
      ${SIGNS[standing]}${words === whole
        ? named(words)
        : html`<span aria-hidden="true">${named(words)}</span><span class="out-of-sight">${whole}</span>`}
    </div>
    ${way === null ? nothing : html`<button class="why" title=${way.title} @click=${() => attempt(() => go(way))}>${way.label}</button>`}`;
}

/** Where space is short, what is found is cut, and its name never. */
function named(words: string): TemplateResult {
  const [name = "", ...finding] = words.split(": ");
  return html`<span class="name">${name}</span>${finding.length === 0 ? nothing : html`<span class="more">: ${finding.join(": ")}</span>`}`;
}

/** Where all is well, the words say enough: read aloud they are not repeated. */
function spoken({ standing, words, sentence }: Worst): string {
  return standing === "kept" || standing === "nothing" ? words : sentence;
}

/** The diagram comes to the front, where one view is shown at a time. */
function go(way: Way): void {
  window.dispatchEvent(new CustomEvent("playground-show", { detail: "playground-diagram" }));
  way.go();
}

/** A check that fails is no reason to do without the header. */
function asked(run: Run): Worst | null {
  try {
    return worst(run);
  } catch (error) {
    if (error instanceof Reviving) {
      throw error;
    }
    const words = "the checks could not be asked";
    return { standing: "open", words, sentence: `${words}: ${describeError(error)}`, way: null };
  }
}
