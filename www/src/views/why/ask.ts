// Why what is selected happened, or did not: the engine makes the run again on a thread of its own, and its words stand
// where those of a property that does not hold stand. Of an event the diagram draws the cone: its past and its future
// strong, all else faded.

import { apostrophes, count } from "../../design/words.js";
import { DELIVERED } from "../../engine/codes.js";
import type { WhyAnswer } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import type { ExplainedReason, Selection } from "../../engine/view-state.js";
import { Clerk } from "../../search/clerk.js";

/** So many messages of a cone are drawn strong, those nearest to the event: more make no picture, and take long. */
const MESSAGES_MAX = 1_500;
const MARGIN_TICKS = 20_000;

interface Asked {
  what: "event" | "operation" | "leader";
  of: string;
  title: string;
  /** The event that stands for what has none. */
  event: number;
  selection: Selection;
}

const clerk = new Clerk();

/** Of what is selected; where nothing is, of the event at the playhead. */
export async function ask(run: Run): Promise<void> {
  const asked = askedOf(run);
  run.playhead.pause();
  const { ordinal, records } = run;
  const { generation } = records;
  const { scenario, events: recorded } = run.linkContent();
  // The future of an event is all that was recorded; an operation and a server are asked about as they are at the playhead.
  const events = asked.what === "event" ? recorded : run.status.cursor;
  const { answer } = await clerk.ask({ kind: "why", question: { scenario: JSON.stringify(scenario), events, what: asked.what, of: asked.of } });
  // Somebody may have gone on meanwhile.
  if (run.ordinal === ordinal && run.records.generation === generation) {
    show(run, asked, answer);
  }
}

function askedOf(run: Run): Asked {
  const { view, status, records } = run;
  const { selection } = view;
  if (selection?.kind === "operation") {
    const all = run.moment.operations();
    const operation = all[selection.operation];
    if (operation !== undefined) {
      const number = all.slice(0, selection.operation + 1).filter(({ client }) => client === operation.client).length;
      return { what: "operation", of: `${run.name(operation.client)}.${number}`, title: `What became of ${operation.text}`, event: operation.invoked_event, selection };
    }
  }
  if (selection?.kind === "node" && run.isReplica(selection.node)) {
    const name = run.name(selection.node);
    return { what: "leader", of: name, title: `Why ${name} does not lead`, event: Math.max(0, status.cursor - 1), selection };
  }
  const event = selection?.kind === "event" ? selection.event : selection?.kind === "message" ? eventOf(records, selection.message) : status.cursor - 1;
  if (event < 0) {
    throw new Error("Nothing has happened yet that could be asked about.");
  }
  return { what: "event", of: `${event}`, title: `Why event ${event} happened`, event, selection: { kind: "event", event } };
}

/** Where a message was handled; one that was not, where it was sent. */
function eventOf(records: Run["records"], message: number): number {
  const end = records.messageEndEvent.at(message);
  return records.messageFate.at(message) === DELIVERED ? end : records.messageEvent.at(message);
}

function show(run: Run, { what, title, event, selection }: Asked, { sentence, steps, left_out, past, future }: WhyAnswer): void {
  const { records } = run;
  const isOfEvent = what === "event";
  const reasons: ExplainedReason[] = steps.map((step) => ({ event: step.event ?? event, sentence: apostrophes(step.sentence) }));
  const messages = isOfEvent ? cone(run, event, past, future) : spokenOf(run, reasons);
  const more = left_out === 0 ? "" : ` (${count(left_out, "more step")} ${left_out === 1 ? "is" : "are"} left out here; the command line’s why tells all.)`;
  const said = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.${more}`;
  run.view.explain({ title, event, sentence: apostrophes(said), reasons, messages, generation: records.generation, isQuestion: true }, selection);
  const times = [event, ...reasons.map((reason) => reason.event)].map((each) => records.eventTime.at(each));
  run.view.lookAt(Math.max(0, Math.min(...times) - MARGIN_TICKS), Math.max(...times) + MARGIN_TICKS);
  window.dispatchEvent(new CustomEvent("playground-follow"));
}

/** The messages from one event of the past to another, and from one of the future to another. */
function cone({ records }: Run, event: number, past: WhyAnswer["past"], future: WhyAnswer["future"]): Set<number> {
  const isPast = (each: number): boolean => each <= (past[records.eventNode.at(each)] ?? -1);
  const isFuture = (each: number): boolean => each >= (future[records.eventNode.at(each)] ?? Infinity);
  const found: number[] = [];
  for (let message = 0; message < records.messages; message += 1) {
    if (records.messageFate.at(message) === DELIVERED && records.messageFrom.at(message) !== records.messageTo.at(message)) {
      const [sent, handled] = [records.messageEvent.at(message), records.messageEndEvent.at(message)];
      if ((isPast(sent) && isPast(handled)) || (isFuture(sent) && isFuture(handled))) {
        found.push(message);
      }
    }
  }
  const away = (message: number): number => Math.abs(records.messageEvent.at(message) - event);
  return new Set(found.length <= MESSAGES_MAX ? found : found.toSorted((one, other) => away(one) - away(other)).slice(0, MESSAGES_MAX));
}

/** What was sent and handled in the events that are spoken of. */
function spokenOf({ records }: Run, reasons: readonly ExplainedReason[]): Set<number> {
  const found = new Set<number>();
  for (const { event } of reasons) {
    const first = records.eventFirstMessage.at(event);
    for (let message = first; message < first + records.eventMessages.at(event); message += 1) {
      found.add(message);
    }
    if (records.isMessageEvent(event)) {
      found.add(records.eventCause.at(event));
    }
  }
  return new Set([...found].filter((message) => records.messageFrom.at(message) !== records.messageTo.at(message)));
}
