// An event: one input, handled by one process; what caused it, which rules fired, and what followed.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { count } from "../../design/words.js";
import type { EventView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochWords } from "../../protocols/protocol.js";
import { eventLink, eventWords, messageLink } from "./links.js";

export function eventBody(run: Run, event: EventView): TemplateResult {
  // A command that is handed to a client is no message on the network.
  const sent = event.sent.filter((message) => !isOwn(run, message));
  run.labels.want(sent);
  return html`
    <p class="prose">${sentence(run, event)}</p>
    ${run.moment.violationsAt(event).map((violation) => html`<p class="prose bad">${violation}</p>`)}
    ${run.view.selection?.kind === "event" && event.index + 1 !== run.status.cursor
      ? html`<div class="row actions"><button @click=${() => run.playhead.seek(event.index + 1)}>Put the playhead here</button></div>`
      : nothing}
    ${cause(run, event)}
    ${event.effects.length === 0
      ? nothing
      : html`<h3>What it did</h3>
          <ul class="plain">
            ${event.effects.map((effect) => html`<li>${effect}</li>`)}
          </ul>`}
    ${sent.length === 0
      ? nothing
      : html`<h3>${count(sent.length, "message")} sent</h3>
          <ul class="plain">
            ${sent.map((message) => html`<li>${messageLink(run, message)}</li>`)}
          </ul>`}
  `;
}

function sentence(run: Run, event: EventView): TemplateResult {
  if (event.node === null) {
    return html`<b>${event.title}</b>: done from outside.`;
  }
  const isAction = event.input === "intervention";
  const after = run.isReplica(event.node) && !isAction ? html` After it, it is ${event.role} in ${epochWords(run.catalogue, event.epoch)}.` : "";
  return isAction ? html`<b>${event.title}</b>: done from outside.` : html`${run.name(event.node)}: <b>${event.title}</b>.${after}`;
}

function isOwn({ records, catalogue }: Run, message: number): boolean {
  return records.messageFrom.at(message) === records.messageTo.at(message) && records.messageFrom.at(message) >= catalogue.replicas;
}

function cause(run: Run, event: EventView): TemplateResult | typeof nothing {
  if (event.cause_message !== null) {
    return html`<p>Caused by ${messageLink(run, event.cause_message)}.</p>`;
  }
  if (event.cause_event !== null && event.cause_event !== event.index) {
    const words = eventWords(run, event.cause_event);
    return html`<p>${event.input === "timer" ? "The timer was set by" : "Caused by"} ${eventLink(run, event.cause_event, words)}.</p>`;
  }
  return nothing;
}
