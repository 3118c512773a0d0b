// A question as it stands on the page: what is asked, the answers, and what the core says to the one that was chosen.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { apostrophes } from "../../design/words.js";
import { looksOf } from "../../protocols/protocol.js";
import type { Posed } from "./exam.js";
import { fill } from "./fill.js";
import { know } from "./know.js";
import type { Play } from "./play.js";
import type { Worldly } from "./world.js";

export function questionPart(play: Play, posed: Posed, acts: Worldly): TemplateResult {
  const { level, place, exam } = play;
  const { question, step } = posed;
  const say = (text: string): TemplateResult => fill(text, step, (process) => play.run.name(process));
  return html`<section class="node" aria-labelledby="asked">
    <header>
      <h2>You are ${level.role}</h2>
      <p class="soft">question ${place + 1} of ${exam.posed.length} · right at first: ${play.rightAtFirst}</p>
    </header>
    <div class="two">
      ${know(play.run, posed)}
      <div>
        <p class="ask" id="asked" tabindex="-1">${say(question.ask)}</p>
        <div class="answers" role="group" aria-labelledby="asked">${question.answers.map(({ text }, ordinal) => answer(play, posed, ordinal, say(text)))}</div>
        <div class="judged" role="status">${judgement(play, posed, say)}</div>
        ${row(play, posed, acts)}
      </div>
    </div>
  </section>`;
}

function answer(play: Play, { right }: Posed, ordinal: number, text: TemplateResult): TemplateResult {
  const { place } = play;
  const isAnswered = play.isAnswered(place);
  const isChosen = play.triedAt(place).chosen.includes(ordinal);
  const kind = isChosen && ordinal !== right ? "wrong" : isAnswered && ordinal === right ? "right" : "";
  const whose = { wrong: "your answer", right: isChosen ? "your answer, and the core’s" : `what ${looksOf(play.level.scenario.protocol).title} does`, "": "" }[kind];
  return html`<button class="answer ${kind}" aria-disabled=${isAnswered || isChosen} data-ordinal=${ordinal} @click=${() => play.choose(ordinal)}>
    <i aria-hidden="true">${{ wrong: "✗", right: "✓", "": "" }[kind]}</i><span>${text}</span>${whose === "" ? nothing : html`<em>${whose}</em>`}
  </button>`;
}

function judgement(play: Play, { question, step, right }: Posed, say: (text: string) => TemplateResult): TemplateResult | typeof nothing {
  const { chosen, standable, hinted } = play.triedAt(play.place);
  const last = chosen.at(-1);
  if (play.isAnswered(play.place)) {
    return html`<p class="why"><b class="good">${last === right ? "Right." : "The core’s answer."}</b> ${say(question.why)}</p>
      ${rules(step)}`;
  }
  if (last === undefined) {
    return hinted && question.hint !== undefined ? html`<p class="why"><b>A hint.</b> ${say(question.hint)}</p>` : nothing;
  }
  const stays = standable.includes(last) ? nothing : html`<p class="soft">No one rule that can be switched off leads to this answer: it cannot come into the world, and what would come of it stays open.</p>`;
  return html`<p class="why"><b class="bad">Not so.</b> ${say(question.answers[last]?.why ?? "The core does something else.")}</p>
    ${rules(step)} ${stays}`;
}

/** The rules that the core follows in this step, as it names them. */
function rules({ event }: Posed["step"]): TemplateResult {
  return html`<ul class="rules" aria-label="The rules of this step">
    ${event.rules.map(({ text, source }) => html`<li>${apostrophes(text)} <small>${source}</small></li>`)}
  </ul>`;
}

function row(play: Play, { question }: Posed, { enter, next, before }: Worldly): TemplateResult {
  const { place, exam } = play;
  const { chosen, standable, hinted } = play.triedAt(place);
  const last = chosen.at(-1);
  const isAnswered = play.isAnswered(place);
  const wrong = isAnswered ? standable.at(-1) : standable.find((each) => each === last);
  const isLast = place === exam.posed.length - 1;
  return html`<div class="row">
    ${isAnswered ? html`<button class="primary" @click=${next}>${isLast ? "To the end" : "Next question"}</button>` : nothing}
    ${wrong === undefined ? nothing : html`<button @click=${() => enter(wrong)}>What if your answer stands?</button>`}
    ${isAnswered || hinted || question.hint === undefined || last !== undefined ? nothing : html`<button @click=${() => play.hint()}>A hint</button>`}
    ${isAnswered ? nothing : html`<button @click=${() => play.tell()}>Let the core answer</button>`}
    ${place === 0 ? nothing : html`<button class="quiet" @click=${before}>Back</button>`}
  </div>`;
}
