// The messages that an operation's result came from; and, of an operation that cannot be placed, the one that it
// contradicts. Of a property that does not hold, the few events that Rust names as responsible, and the messages that
// led from one to the next.

import { apostrophes, titled } from "../design/words.js";
import { NONE } from "../engine/codes.js";
import type { InvariantState, OperationView, Reason, Verdict } from "../engine/engine.js";
import type { Records } from "../engine/records.js";
import type { Run } from "../engine/run.js";

/** How much of the run is shown around an event, to either side; and around messages. */
const AROUND_TICKS = 100_000;
const MARGIN_TICKS = 20_000;

/** Leads to an operation, and in the diagram to the messages that brought it its result. */
export function showOperation(run: Run, index: number): void {
  const operation = run.moment.operations()[index];
  if (operation === undefined) {
    return;
  }
  run.playhead.pause();
  run.view.select({ kind: "operation", operation: index });
  run.view.highlight(responsibleFor(operation, run.records));
  run.view.lookAt(operation.invoked_at, operation.completed_at ?? run.playhead.clock);
}

/** Leads to the moment right after an event. */
export function showEvent(run: Run, event: number): void {
  run.playhead.pause();
  run.playhead.seek(event + 1);
  run.view.select({ kind: "event", event });
  const at = run.records.eventTime.at(event);
  run.view.lookAt(at - AROUND_TICKS, at + AROUND_TICKS);
  window.dispatchEvent(new CustomEvent("playground-follow"));
}

/** The moment at which a property was broken, with the events that are responsible drawn alone. */
export function showReasons(run: Run, { name, broken }: InvariantState): void {
  if (broken === null) {
    return;
  }
  const { records } = run;
  const reasons = broken.because.map(({ event, sentence }) => ({ event, sentence: apostrophes(sentence) }));
  const messages = between(broken.because, records);
  const title = `Why ${titled(name)} is broken`;
  run.playhead.pause();
  run.playhead.seek(broken.event + 1);
  run.view.explain({ title, event: broken.event, sentence: apostrophes(broken.sentence), reasons, messages, generation: records.generation }, broken.event);
  const times = [
    ...[broken.event, ...reasons.map(({ event }) => event)].map((event) => records.eventTime.at(event)),
    ...[...messages].map((message) => records.messageSent.at(message)),
  ];
  run.view.lookAt(Math.max(0, Math.min(...times) - MARGIN_TICKS), Math.max(...times) + MARGIN_TICKS);
  window.dispatchEvent(new CustomEvent("playground-follow"));
}

/** At most so many messages are followed back from one event that is responsible to another. */
const HOPS_MAX = 6;

/**
 * Follows the causes of each event back to another that is responsible; where none is soon found, its own cause alone
 * is drawn.
 */
function between(reasons: readonly Reason[], records: Records): Set<number> {
  const responsible = new Set(reasons.map(({ event }) => event));
  const found = new Set<number>();
  for (const reason of reasons) {
    const chain: number[] = [];
    let { event } = reason;
    while (chain.length < HOPS_MAX && records.isMessageEvent(event) && (chain.length === 0 || !responsible.has(event))) {
      const message = records.eventCause.at(event);
      if (message === NONE) {
        break;
      }
      chain.push(message);
      event = records.messageEvent.at(message);
    }
    for (const message of responsible.has(event) ? chain : chain.slice(0, 1)) {
      found.add(message);
    }
  }
  return new Set([...found].filter((message) => records.messageFrom.at(message) !== records.messageTo.at(message)));
}

/** Leads to messages that belong together: the first is selected, all are marked. */
export function showMessages(run: Run, messages: readonly number[]): void {
  const [message] = messages;
  if (message === undefined) {
    return;
  }
  run.playhead.pause();
  run.view.select({ kind: "message", message });
  run.view.highlight(messages);
  const sent = messages.map((each) => run.records.messageSent.at(each));
  const ended = messages.map((each) => run.records.messageEnd(each));
  run.view.lookAt(Math.min(...sent) - MARGIN_TICKS, Math.max(...ended) + MARGIN_TICKS);
}

/**
 * Two operations that contradict each other: one that no order explains, and the write that it should have known of.
 */
export interface Contradiction {
  wrong: OperationView;
  known: OperationView | null;
}

/** What the checker's word comes down to; null where it finds nothing wrong, or has not spoken yet. */
export function contradiction(verdict: Verdict | null, operations: readonly OperationView[]): Contradiction | null {
  const wrong = verdict === null || verdict.blamed === null ? undefined : operations[verdict.blamed];
  return verdict === null || wrong === undefined ? null : { wrong, known: lastWriteBefore(wrong, operations, verdict) };
}

/**
 * The write to an operation's key that must have taken effect before it was invoked; of several the last in the longest
 * order that exists. It had completed by then, or, if nobody knows its outcome, something that had completed comes
 * after it in that order. Null where there is none, or where it is the very write whose value was read: then the order
 * alone does not say what is wrong.
 */
function lastWriteBefore(wrong: OperationView, operations: readonly OperationView[], { linearization_operation: order }: Verdict): OperationView | null {
  let isBefore = false;
  for (let ordinal = order.length - 1; ordinal >= 0; ordinal -= 1) {
    const other = operations[order[ordinal] ?? -1];
    if (other === undefined || other.key !== wrong.key) {
      continue;
    }
    isBefore ||= (other.completed_at ?? Infinity) < wrong.invoked_at && other.outcome === "ok";
    const value = written(other);
    if (isBefore && value !== null) {
      return wrong.kind === "get" && value === wrong.result ? null : other;
    }
  }
  return null;
}

/** What an operation that took effect wrote; null where it wrote nothing. Of a cas without an answer nobody knows. */
function written({ kind, outcome, result, text }: OperationView): string | null {
  switch (kind) {
    case "put":
      return text.slice(text.indexOf("=") + 1);
    case "delete":
      return "nothing";
    case "cas":
      return outcome === "ok" && result === "ok" ? text.slice(text.lastIndexOf("→") + 1) : null;
    default:
      return null;
  }
}

/** The moment at which the violation was complete, with both operations in the diagram and their messages marked. */
export function showWhy(run: Run): void {
  const found = contradiction(run.moment.verdict(), run.moment.operations());
  if (found === null) {
    return;
  }
  const { wrong, known } = found;
  run.playhead.pause();
  if (wrong.completed_event !== null) {
    run.playhead.seek(wrong.completed_event + 1);
  }
  run.view.select({ kind: "operation", operation: wrong.index });
  run.view.highlight([wrong, ...(known === null ? [] : [known])].flatMap((operation) => [...responsibleFor(operation, run.records)]));
  run.view.lookAt(known?.invoked_at ?? wrong.invoked_at, wrong.completed_at ?? run.playhead.clock);
  // Every view that scrolls comes to that moment.
  window.dispatchEvent(new CustomEvent("playground-follow"));
}

/**
 * Follows causes back from the completion, until the invocation; and takes in what the client itself sent meanwhile.
 */
export function responsibleFor(operation: OperationView, records: Records): Set<number> {
  const found = new Set<number>();
  let event = operation.completed_event;
  while (event !== null && event >= operation.invoked_event && records.isMessageEvent(event)) {
    const message = records.eventCause.at(event);
    if (message === NONE || found.has(message)) {
      break;
    }
    found.add(message);
    event = records.messageEvent.at(message);
  }
  const last = operation.completed_event ?? records.events - 1;
  for (let each = operation.invoked_event; each <= last; each += 1) {
    if (records.eventNode.at(each) === operation.client) {
      const first = records.eventFirstMessage.at(each);
      for (let message = first; message < first + records.eventMessages.at(each); message += 1) {
        found.add(message);
      }
    }
  }
  // What a process hands to itself is no message on the network.
  return new Set([...found].filter((message) => records.messageFrom.at(message) !== records.messageTo.at(message)));
}
