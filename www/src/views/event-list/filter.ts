// Which events a filter lets through, worked out as the run grows.

import { list } from "../../design/words.js";
import { DELIVERED, IN_FLIGHT, NOBODY, NONE } from "../../engine/codes.js";
import { countUpTo } from "../../engine/column.js";
import type { Run } from "../../engine/run.js";

export interface Wanted {
  /** A process, by its index, or -1 for all. */
  node: number;
  /** A kind of input or of message, what became of a message that was sent, or "" for all. */
  kind: string;
  text: string;
}

export class EventFilter {
  /** The rows of the last answer. */
  last = new Uint32Array(0);
  private store = new Uint32Array(1024);
  private length = 0;
  private looked = 0;
  /** How many of the messages that came to nothing are taken into account. */
  private lossesSeen = 0;
  private key = "";
  private records: unknown = null;

  /** The events that pass, in order. */
  rows(run: Run, wanted: Wanted): Uint32Array {
    const { records } = run;
    const key = `${wanted.node}|${wanted.kind}|${wanted.text}|${records.generation}`;
    if (key !== this.key || this.records !== records) {
      this.key = key;
      this.records = records;
      this.length = 0;
      this.looked = 0;
      this.lossesSeen = records.undelivered.length;
    }
    const needle = wanted.text.trim().toLowerCase();
    if (needle !== "") {
      this.wantLabels(run, wanted);
    }
    for (; this.looked < records.events; this.looked += 1) {
      if (this.passes(run, this.looked, wanted, needle)) {
        this.insert(this.length, this.looked);
      }
    }
    this.lookAgain(run, wanted, needle);
    this.last = this.store.subarray(0, this.length);
    return this.last;
  }

  /** The row of an event, or of the last one before it; -1 where there is none. */
  ordinalOf(event: number): number {
    return countUpTo(this.store, this.length, event) - 1;
  }

  /** An event in a few words. */
  words(run: Run, event: number): string {
    const { records, catalogue } = run;
    const node = records.eventNode.at(event);
    const cause = records.eventCause.at(event);
    const input = catalogue.input_kinds[records.eventInput.at(event)] ?? "";
    if (records.isMessageEvent(event) && cause !== NONE) {
      const label = run.labels.of(cause);
      const kind = catalogue.message_kinds[records.messageKind.at(cause)] ?? "message";
      return `${kind} from ${run.name(records.messageFrom.at(cause))}${label === "" ? "" : `: ${label}`}`;
    }
    if (records.isTimerEvent(event)) {
      const timers = node !== NOBODY && run.isReplica(node) ? catalogue.replica_timers : catalogue.client_timers;
      return `${timers[records.eventDetail.at(event)] ?? ""} timer fired`;
    }
    if (records.isIntervention(event)) {
      return run.moment.interventionText(event) || input;
    }
    if (isCommand(run, event)) {
      return `${input}: ${run.labels.of(spokenOf(run, event))}${cause === NONE ? "" : ", by hand"}`;
    }
    return input;
  }

  private passes(run: Run, event: number, wanted: Wanted, needle: string): boolean {
    const { records, catalogue } = run;
    if (wanted.node !== -1 && records.eventNode.at(event) !== wanted.node) {
      return false;
    }
    if (wanted.kind !== "") {
      const input = catalogue.input_kinds[records.eventInput.at(event)];
      const cause = records.eventCause.at(event);
      const kind = records.isMessageEvent(event) && cause !== NONE ? catalogue.message_kinds[records.messageKind.at(cause)] : undefined;
      if (input !== wanted.kind && kind !== wanted.kind && !lossesOf(run, event).has(wanted.kind)) {
        return false;
      }
    }
    return needle === "" || `${this.words(run, event)} ${lossWords(run, event)}`.toLowerCase().includes(needle);
  }

  /** A message comes to nothing after the event that sent it has been looked at: then that event may pass after all. */
  private lookAgain(run: Run, wanted: Wanted, needle: string): void {
    const { undelivered, messageEvent } = run.records;
    for (; this.lossesSeen < undelivered.length; this.lossesSeen += 1) {
      const event = messageEvent.at(undelivered[this.lossesSeen] ?? 0);
      const ordinal = this.ordinalOf(event);
      if (event < this.looked && this.store[ordinal] !== event && this.passes(run, event, wanted, needle)) {
        this.insert(ordinal + 1, event);
      }
    }
  }

  private wantLabels(run: Run, wanted: Wanted): void {
    const { records } = run;
    const messages: number[] = [];
    for (let event = this.looked; event < records.events; event += 1) {
      const message = spokenOf(run, event);
      if (message !== NONE && (wanted.node === -1 || records.eventNode.at(event) === wanted.node)) {
        messages.push(message);
      }
    }
    run.labels.want(messages);
  }

  private insert(ordinal: number, event: number): void {
    if (this.length === this.store.length) {
      const larger = new Uint32Array(this.store.length * 2);
      larger.set(this.store);
      this.store = larger;
    }
    this.store.copyWithin(ordinal + 1, ordinal, this.length);
    this.store[ordinal] = event;
    this.length += 1;
  }
}

/** Whether a client is handed a command by an event. */
export function isCommand({ records, catalogue }: Run, event: number): boolean {
  const first = records.eventFirstMessage.at(event);
  const isInvocation = catalogue.input_kinds[records.eventInput.at(event)] === "invoke";
  return isInvocation && records.eventMessages.at(event) > 0 && records.messageFrom.at(first) === records.messageTo.at(first);
}

/** The message whose text an event's words have: the one it handles, or the command that a client is handed. */
export function spokenOf(run: Run, event: number): number {
  const { records } = run;
  return records.isMessageEvent(event) ? records.eventCause.at(event) : isCommand(run, event) ? records.eventFirstMessage.at(event) : NONE;
}

/** What became of the messages that an event sent and that came to nothing: by fate, whom they were for. */
function lossesOf(run: Run, event: number): Map<string, string[]> {
  const { records, catalogue } = run;
  const losses = new Map<string, string[]>();
  const first = records.eventFirstMessage.at(event);
  for (let message = first; message < first + records.eventMessages.at(event); message += 1) {
    const code = records.messageFate.at(message);
    if (code !== IN_FLIGHT && code !== DELIVERED) {
      const fate = catalogue.message_fates[code] ?? "";
      losses.set(fate, [...(losses.get(fate) ?? []), run.name(records.messageTo.at(message))]);
    }
  }
  return losses;
}

/** `lost: to n2 and n3; cut: to n5`. */
export function lossWords(run: Run, event: number): string {
  return [...lossesOf(run, event)].map(([fate, names]) => `${fate}: to ${list(names)}`).join("; ");
}
