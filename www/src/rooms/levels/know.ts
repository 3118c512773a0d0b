// What the process knows when it is asked: its own fields, its log, what it has counted, and what has come.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { brief, capital, list } from "../../design/words.js";
import type { Field, LogView, VoteSet } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochWords, looksOf } from "../../protocols/protocol.js";
import { fields } from "../../views/inspector/node.js";
import type { Posed } from "./exam.js";

/** As many of a log's last entries are shown. */
const CELLS_MAX = 6;
/** So many sets of votes at most. */
const SETS_MAX = 6;
/** Fields that every process has and no answer depends on. */
const IDLE: ReadonlySet<string> = new Set(["signed by", "signature is genuine", "genuine", "round"]);

export function know(run: Run, posed: Posed): TemplateResult {
  const { question, step } = posed;
  const { before, input } = step;
  const own = [...before.durable, ...before.volatile];
  const wanted = question.know?.flatMap((name) => own.find((each) => each.name === name) ?? []) ?? before.durable;
  return html`<section class="know" aria-label="What you know">
    <h3>What you know</h3>
    ${before.log === null || before.log.cells.length === 0 ? nothing : log(run, before.log)} ${wanted.length === 0 ? nothing : fields(run, wanted)}
    ${votes(run, posed)}
    ${input === null
      ? html`<h3>What happens</h3>
          <p>${capital(step.event.title)}.</p>`
      : html`<h3>What has come</h3>
          <p><b>${input.kind}</b> from ${run.name(input.from)}</p>
          ${fields(run, telling(input.fields, run))}`}
  </section>`;
}

/** Where nobody lies, who signed what goes without saying. */
function telling(all: readonly Field[], { catalogue }: Run): Field[] {
  const isRaft = catalogue.protocol === "raft";
  return all.filter(({ name }) => !IDLE.has(name) || (name === "round" && !isRaft));
}

function log(run: Run, { cells, commit_index: committed, snapshot_index: folded }: LogView): TemplateResult {
  const shown = cells.slice(-CELLS_MAX);
  const before = (shown[0]?.index ?? 1) - 1;
  return html`<ol class="cells" aria-label="Your log">
    ${before > 0 ? html`<li class="more">…${folded >= before ? `${folded}` : before}</li>` : nothing}
    ${shown.map(({ index, epoch, text }) => {
      const is = index <= committed ? "committed" : "not committed";
      return html`<li class=${index <= committed ? "" : "open"} aria-label="${index}: ${text}, ${epochWords(run.catalogue, epoch)}, ${is}" ${styled({ "--term": termToken(epoch) })}><small>${index}</small><span>${brief(text)}</span></li>`;
    })}
  </ol>`;
}

/** What it has counted so far. Once it has answered, this has changed: then it is not shown. */
function votes(run: Run, { step, event }: Posed): TemplateResult | typeof nothing {
  const isBefore = run.status.cursor <= event;
  const sets = isBefore ? run.moment.votes(step.before.place).filter(({ need, phase }) => need > 1 && phase !== "checkpoint") : [];
  const asked = step.input?.fields.find(({ name }) => name === "sequence" || name === "height")?.value;
  const last = Math.max(0, ...sets.map(({ index }) => index));
  const wanted = typeof asked === "number" ? asked : last;
  const shown = sets.filter(({ index, phase }) => index === wanted || phase === "view-change").slice(-SETS_MAX);
  return shown.length === 0
    ? nothing
    : html`<h3>What you have counted</h3>
        <ul class="sets">
          ${shown.map((set) => html`<li>${setWords(run, set)}</li>`)}
        </ul>`;
}

function setWords(run: Run, { phase, round, value, voters, have, need }: VoteSet): TemplateResult {
  const what = phase === "view-change" ? "" : (value ?? "nil");
  const { epoch } = looksOf(run.catalogue.protocol);
  return html`<b>${capital(phase)}</b> ${what} <span class="soft">in ${epoch} ${round}</span>: ${list(voters.map((process) => run.name(process)))}; ${have}, need ${need}`;
}
