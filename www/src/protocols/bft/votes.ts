// A set of voters, drawn: a chip for each replica, filled where it has voted, with the tally beside it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { list } from "../../design/words.js";
import type { VoteSet } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";

/** Above this many replicas their names find no space. */
const NAMED_MAX = 10;

export function isComplete({ have, need }: VoteSet): boolean {
  return have >= need;
}

/** `n1, n3 and n4: 3 of 3` */
function words(run: Run, { voters: who, have, need }: VoteSet): string {
  const names = who.length === 0 ? "nobody" : list(who.map((process) => run.name(process)));
  return `${names}: ${have}, need ${need}`;
}

/** With `only`, those who have not voted are left out. */
export function voters(run: Run, set: VoteSet, only = false): TemplateResult {
  const { replicas } = run.catalogue;
  const named = replicas <= NAMED_MAX;
  const nodes = run.moment.nodes();
  const chips = Array.from({ length: replicas }, (_, process) => {
    const voted = set.voters.includes(process) ? "voted" : "";
    const liar = nodes[process]?.honesty === "honest" ? "" : "liar";
    return only && voted === "" ? nothing : html`<i class="chip ${voted} ${liar} ${named ? "" : replicas > 2 * NAMED_MAX ? "tiny" : "small"}">${named ? process + 1 : ""}</i>`;
  });
  return html`<span class="set ${isComplete(set) ? "complete" : ""}" title=${words(run, set)} data-testid="voters" data-phase=${set.phase} data-have=${set.have} data-need=${set.need}>
    <span class="chips" aria-hidden="true">${chips}</span>
    <span class="out-of-sight">${words(run, set)}</span>
    ${set.need > 1 ? html`<span class="tally" aria-hidden="true">${set.have}/${set.need}${isComplete(set) ? html`<b> ✓</b>` : nothing}</span>` : nothing}
  </span>`;
}

/** Sets of one phase, of one number and round. */
export function ofPhase(sets: readonly VoteSet[], phase: string): VoteSet[] {
  return sets.filter((set) => set.phase === phase);
}
