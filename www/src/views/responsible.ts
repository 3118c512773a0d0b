// The messages that an operation's result came from; and, of an operation that cannot be placed, the one that it
// contradicts. Of a property that does not hold, the few events that Rust names as responsible, and the messages that
// led from one to the next.

import { TICKS_PER_MS, apostrophes, span, titled } from "../design/words.js";
import { NONE } from "../engine/codes.js";
import type { InvariantState, OperationView, Reason, Verdict } from "../engine/engine.js";
import type { Records } from "../engine/records.js";
import type { Run } from "../engine/run.js";
import type { ExplainedReason } from "../engine/view-state.js";

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
  const messages = between(broken.because, records);
  const reasons = broken.because.map(({ event, sentence }) => withMessage({ event, sentence: apostrophes(sentence) }, messages, records));
  const title = `Why ${titled(name)} is broken`;
  run.playhead.pause();
  run.playhead.seek(broken.event + 1);
  run.view.explain({ title, event: broken.event, sentence: apostrophes(broken.sentence), reasons, messages, generation: records.generation }, { kind: "event", event: broken.event });
  const times = [
    ...[broken.event, ...reasons.map(({ event }) => event)].map((event) => records.eventTime.at(event)),
    ...[...messages].map((message) => records.messageSent.at(message)),
  ];
  run.view.lookAt(Math.max(0, Math.min(...times) - MARGIN_TICKS), Math.max(...times) + MARGIN_TICKS);
  window.dispatchEvent(new CustomEvent("playground-follow"));
}

/** An event is seen by the message that it sent, or else by the one that it handled, if that is drawn. */
function withMessage(reason: ExplainedReason, messages: ReadonlySet<number>, records: Records): ExplainedReason {
  const sent = [...messages].find((message) => records.messageEvent.at(message) === reason.event);
  const handled = records.isMessageEvent(reason.event) ? records.eventCause.at(reason.event) : NONE;
  const message = sent ?? (messages.has(handled) ? handled : undefined);
  return message === undefined ? reason : { ...reason, message };
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

/** The moment at which the violation was complete, with both operations in the diagram and what led to their results. */
export function showWhy(run: Run): void {
  const verdict = run.moment.verdict();
  const found = contradiction(verdict, run.moment.operations());
  if (found === null || verdict === null) {
    return;
  }
  const { wrong, known } = found;
  run.playhead.pause();
  if (wrong.completed_event !== null) {
    run.playhead.seek(wrong.completed_event + 1);
  }
  run.view.explain(
    {
      title: "Why the history is not linearizable",
      event: wrong.completed_event ?? wrong.invoked_event,
      sentence: verdict.sentence,
      reasons: contradicting(run, found),
      messages: new Set([wrong, ...(known === null ? [] : [known])].flatMap((operation) => ledTo(operation, run.records))),
      generation: run.records.generation,
    },
    { kind: "operation", operation: wrong.index },
  );
  run.view.lookAt(known?.invoked_at ?? wrong.invoked_at, wrong.completed_at ?? run.playhead.clock);
  // Every view that scrolls comes to that moment.
  window.dispatchEvent(new CustomEvent("playground-follow"));
}

/** More messages than these are not told one by one: the first and the last of them are. */
const TOLD_MAX = 4;

/** How the earlier operation came to its result, that it did so first, and how the other one came to its own. */
function contradicting(run: Run, { wrong, known }: Contradiction): ExplainedReason[] {
  const { records } = run;
  const order = known?.completed_event ?? null;
  if (known === null || order === null) {
    return steps(run, wrong);
  }
  const ticks = wrong.invoked_at - (known.completed_at ?? wrong.invoked_at);
  const apart = span(ticks < TICKS_PER_MS ? ticks : Math.round(ticks / TICKS_PER_MS) * TICKS_PER_MS);
  const only = { event: wrong.invoked_event, after: order, sentence: `Only then, ${apart} later, does ${run.name(wrong.client)} begin ${wrong.text}.` };
  return [...steps(run, known), ...(records.eventTime.at(order) <= wrong.invoked_at ? [only] : []), ...steps(run, wrong)];
}

/** What was said, message by message, until an operation had its result. */
function steps(run: Run, operation: OperationView): ExplainedReason[] {
  const { records } = run;
  const chain = ledTo(operation, records);
  const told = chain.length > TOLD_MAX ? [chain[0], chain.at(-1)] : chain;
  return told.flatMap((message) => (message === undefined ? [] : [step(run, operation, message, chain)]));
}

function step(run: Run, { client, outcome }: OperationView, message: number, chain: readonly number[]): ExplainedReason {
  const { records } = run;
  const [from, to] = [records.messageFrom.at(message), records.messageTo.at(message)];
  const { label } = run.moment.message(message);
  const [one, other] = [run.name(from), run.name(to)];
  const isAnswer = to === client;
  // Who answers a request as soon as it comes has asked nobody in between.
  const asksNobody = isAnswer && outcome === "ok" && chain.length === 2 ? ", and asks nobody" : "";
  const sentence = from === client ? `${one} asks ${other}: ${label}.` : isAnswer ? `${one} answers ${other}: ${label}${asksNobody}.` : `${one} tells ${other}: ${label}.`;
  return { event: isAnswer ? records.messageEndEvent.at(message) : records.messageEvent.at(message), message, sentence };
}

/** The messages of which each caused the next, up to the one that brought an operation its result. */
function ledTo(operation: OperationView, records: Records): number[] {
  const chain: number[] = [];
  let event = operation.completed_event;
  while (event !== null && event >= operation.invoked_event && records.isMessageEvent(event)) {
    const message = records.eventCause.at(event);
    if (message === NONE || chain.includes(message)) {
      break;
    }
    chain.unshift(message);
    event = records.messageEvent.at(message);
  }
  return chain.filter((message) => records.messageFrom.at(message) !== records.messageTo.at(message));
}

/**
 * Follows causes back from the completion, until the invocation; and takes in what the client itself sent meanwhile.
 */
export function responsibleFor(operation: OperationView, records: Records): Set<number> {
  const found = new Set(ledTo(operation, records));
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
