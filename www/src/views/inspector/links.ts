// Events and messages by what they were, and the way to them.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { seconds } from "../../design/words.js";
import type { Run } from "../../engine/run.js";

export function eventLink(run: Run, event: number, words: string): TemplateResult {
  return html`<button class="link" @click=${() => run.view.select({ kind: "event", event })}>${words}</button>`;
}

export function messageLink(run: Run, message: number): TemplateResult {
  const { records } = run;
  const label = run.labels.of(message);
  const words = `${run.name(records.messageFrom.at(message))} → ${run.name(records.messageTo.at(message))}${label === "" ? "" : `: ${label}`}`;
  return html`<button class="link" @click=${() => run.view.select({ kind: "message", message })}>${words}</button>`;
}

/** An event by what it was: `the heartbeat of n1`, `the election timer of n3`. */
export function eventName(run: Run, index: number): string {
  const event = run.moment.event(index);
  if (event.cause_message !== null) {
    const { records, catalogue } = run;
    const message = event.cause_message;
    const kind = catalogue.message_kinds[records.messageKind.at(message)] ?? "message";
    const isAnswer = kind.endsWith("Reply") || kind.endsWith("reply");
    const what = records.isHeartbeat(message) ? (isAnswer ? "answer to a heartbeat" : "heartbeat") : kind;
    return `the ${what} of ${run.name(records.messageFrom.at(message))}`;
  }
  const own = event.node === null ? "" : ` of ${run.name(event.node)}`;
  if (event.input === "timer") {
    return `the ${event.title}${own}`;
  }
  return event.input === "start" ? `the start${own}` : `${event.title}${event.node === null ? "" : ` at ${run.name(event.node)}`}`;
}

/** The same with its time. */
export function eventWords(run: Run, index: number): string {
  const { cause_message: cause, input, time } = run.moment.event(index);
  const isNamed = cause !== null || input === "timer" || input === "start";
  return `${eventName(run, index)}${isNamed ? " at" : ","} ${seconds(time)}`;
}
