// A message: every field, where it came from and what came of it, and what can be done to it while it is on its way.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { isNoEpoch } from "../../design/palette.js";
import { seconds, span } from "../../design/words.js";
import type { MessageView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochName, looksOf } from "../../protocols/protocol.js";
import { actionsButton } from "../actions/ask.js";
import { lieBody, rejection } from "./lie.js";
import { eventLink, eventName } from "./links.js";
import { fields } from "./node.js";

/** Fates as a sentence goes on after "It was". */
const ENDINGS: Record<string, string> = {
  "receiver down": "It arrived at a process that was down.",
  cut: "It was stopped where the network is cut.",
  lost: "The network lost it.",
  "dropped by hand": "It was dropped by hand.",
  withheld: "It was kept back by its sender.",
  "never sent": "It was never sent: its sender crashed before the write that it depends on was on disk.",
};

export function messageBody(run: Run, message: MessageView): TemplateResult {
  return html`
    <p class="prose"><b>${message.kind}</b> from ${run.name(message.from)} to ${run.name(message.to)}${message.label === "" ? "" : html`: ${message.label}`}. ${ending(message)}</p>
    ${lieBody(run, message)} ${rejection(run, message)} ${message.in_flight ? actionsButton(`Actions on message ${message.index.toLocaleString("en")}`) : nothing}
    <dl>
      <dt>Sent</dt>
      <dd>${seconds(message.sent)} by ${eventLink(run, message.sent_by, `event ${message.sent_by.toLocaleString("en")}: ${eventName(run, message.sent_by)}`)}</dd>
      <dt>${message.handled_by === null ? "Due" : "Handled"}</dt>
      <dd>
        ${message.handled_by === null
          ? seconds(message.due)
          : html`${seconds(run.records.eventTime.at(message.handled_by))} as ${eventLink(run, message.handled_by, `event ${message.handled_by.toLocaleString("en")} at ${run.name(message.to)}`)}`}
      </dd>
      <dt>On its way</dt>
      <dd>${span(message.due - message.sent)}</dd>
      ${isNoEpoch(run.records.messageEpoch.at(message.index))
        ? nothing
        : html`<dt>Of ${looksOf(run.catalogue.protocol).epoch}</dt>
            <dd>${epochName(run.catalogue, message.epoch)}</dd>`}
      ${message.copy_of === null
        ? nothing
        : html`<dt>Copy of</dt>
            <dd><button class="link" @click=${() => run.view.select({ kind: "message", message: message.copy_of ?? 0 })}>message ${message.copy_of}</button></dd>`}
    </dl>
    <h3>Every field</h3>
    ${fields(run, message.fields)}
  `;
}

function ending(message: MessageView): string {
  if (message.in_flight) return "It is on its way.";
  if (message.handled_by !== null) return "It was delivered.";
  return ENDINGS[message.fate] ?? `It was ${message.fate}.`;
}
