// Accountability: what can be proved of whom, by whom and since when; and whether the honest ones agree all the same.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { list, seconds } from "../../design/words.js";
import type { Culprits, HeldProof, SignedText } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { elsewhere } from "../../views/liars/elsewhere.js";
import { showMessages } from "../../views/responsible.js";

/** The properties by which honest replicas agree, whatever liars say. */
const AGREEMENT = ["agreement", "execution", "state-equal"];

export function proofs(run: Run, held: readonly HeldProof[]): TemplateResult {
  const culprits = [...new Set(held.map(({ culprit }) => culprit))].toSorted((one, other) => one - other);
  return html`${agreement(run)} ${blamed(run, run.moment.culprits())} ${culprits.length === 0 ? none(run) : culprits.map((culprit) => card(run, culprit, held.filter((each) => each.culprit === culprit)))} ${elsewhere(run)}`;
}

function agreement(run: Run): TemplateResult {
  const watched = run.moment.invariants().filter(({ name }) => AGREEMENT.includes(name));
  const broken = watched.filter((each) => each.broken !== null);
  return broken.length === 0
    ? html`<p class="agree" data-testid="agreement"><b class="good">Honest replicas agree.</b> ${watched.map(({ text }) => text).join(" ")} It held after every event so far.</p>`
    : html`<p class="agree" data-testid="agreement"><b class="bad">Honest replicas disagree.</b> ${broken.map(({ broken: found }) =>
          found === null
            ? nothing
            : html`${found.sentence} (<button class="link" @click=${() => run.view.select({ kind: "event", event: found.event })}>event ${found.event}</button>). `,
        )}</p>`;
}

/** Who is to blame for a disagreement: what all honest replicas have received together proves it. */
function blamed(run: Run, culprits: Culprits | null): TemplateResult | typeof nothing {
  if (culprits === null) {
    return nothing;
  }
  const names = culprits.named.map(({ culprit }) => run.name(culprit));
  return html`<section data-testid="culprits">
    <p class="why">
      ${names.length === 0 ? "Nobody can be blamed for it." : html`To blame: <b>${list(names)}</b>. What honest replicas have received together proves it.`} ${culprits.missing ?? ""}
    </p>
    ${culprits.named.map(
      ({ culprit, charge, said, excuse }) => html`<article class="proof" data-testid="culprit" data-culprit=${run.name(culprit)}>
        <h3>${charge}</h3>
        ${signed(run, said)} ${excuse === null ? nothing : html`<p>${excuse}.</p>`}
      </article>`,
    )}
  </section>`;
}

/** The halves of a proof, each with a way to the message that carried it. */
function signed(run: Run, said: readonly SignedText[]): TemplateResult {
  const messages = said.flatMap(({ message }) => (message === null ? [] : [message]));
  return html`<ol>
    ${said.map(
      ({ text, message }) => html`<li>
        <span class="value">${text}</span>
        ${message === null
          ? html`<span class="soft">(in no message of its own)</span>`
          : html`<button class="link" @click=${() => showMessages(run, [message, ...messages.filter((other) => other !== message)])}>to ${run.name(run.records.messageTo.at(message))} at ${seconds(run.records.messageSent.at(message))}</button>`}
      </li>`,
    )}
  </ol>`;
}

function none(run: Run): TemplateResult {
  const liars = run.moment.nodes().filter(({ honesty }) => honesty !== "honest");
  return html`<p class="why">
    ${liars.length === 0
      ? "Nobody has lied, and nobody holds a proof of misbehaviour."
      : `${list(liars.map(({ name }) => name))} ${liars.length === 1 ? "has" : "have"} lied, as you see and they do not: no replica holds two signed messages that contradict each other. Silence, delay and replay can never be proved.`}
  </p>`;
}

function card(run: Run, culprit: number, held: readonly HeldProof[]): TemplateResult {
  const first = held.toSorted((one, other) => one.since - other.since)[0];
  if (first === undefined) {
    return html``;
  }
  return html`<article class="proof" data-testid="proof" data-culprit=${run.name(culprit)}>
    <h3>${run.name(culprit)} signed both:</h3>
    ${signed(run, first.said)} ${first.excuse === null ? nothing : html`<p data-testid="excuse">${first.excuse}.</p>`}
    <p>
      Anybody can check two signatures, and nobody else could have made them. Held by
      ${held
        .toSorted((one, other) => one.since - other.since)
        .map(
          ({ holder, since, event }, ordinal) => html`${ordinal === 0 ? "" : ", "}<b data-testid="holder">${run.name(holder)}</b> since ${event === null
              ? seconds(since)
              : html`<button class="link" @click=${() => run.view.select({ kind: "event", event })}>${seconds(since)}</button>`}`,
        )}.
    </p>
  </article>`;
}
