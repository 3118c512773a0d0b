// What a run has recorded so far, in columns, with the few indexes that drawing needs.
// Nothing here works out what a protocol does: it only sorts what the engine said.

import { NO_EPOCH } from "../design/palette.js";
import { Changes } from "./changes.js";
import { DELIVERED, FLAG, IN_FLIGHT, MESSAGE_FLAG } from "./codes.js";
import { bytes, countUpTo, floats, halves, words } from "./column.js";
import type { Catalogue, Columns, InterventionView, Status } from "./engine.js";

const BLOCK = 256;
let generations = 0;
/** Events in a block of `blockCounts`. */
export const COUNT_BLOCK = 64;

export class Records {
  readonly eventTime = floats();
  readonly eventNode = halves();
  readonly eventInput = bytes();
  readonly eventCause = words();
  readonly eventDetail = bytes();
  readonly eventEpoch = words();
  readonly eventRole = bytes();
  readonly eventFirstMessage = words();
  readonly eventMessages = halves();
  readonly eventRule = bytes();
  readonly eventFlags = bytes();

  readonly messageFrom = halves();
  readonly messageTo = halves();
  readonly messageSent = floats();
  readonly messageDue = floats();
  readonly messageEvent = words();
  readonly messageKind = bytes();
  readonly messageEpoch = words();
  readonly messageFlags = bytes();
  /**
   * What became of each message: code of the fate, when, and the event that handled it (or the number of events before
   * it).
   */
  readonly messageFate = bytes();
  readonly messageEndTime = floats();
  readonly messageEndEvent = words();

  /** What each message was good for, 0 where nothing is known, and the event after which that shows. */
  readonly messageWeight = bytes();
  readonly messageWeightEvent = words();

  /** How many of the messages before each are heartbeats. */
  readonly heartbeatsBefore = words();
  /** For each block of 64 events, how many each process handled: what a drawing far out needs. */
  readonly blockCounts = words();
  /**
   * The latest arrival within each block of 256 messages: with it, the messages that touch a span of time are found
   * without looking at all.
   */
  readonly blockLatest = floats();

  /** Messages that came to nothing, in the order in which they did. */
  undelivered: number[] = [];

  /** Goes up whenever something was recorded or discarded. */
  revision = 0;
  /** Another number for every run, and whenever something was discarded. */
  generation = 0;

  private resolutions = 0;
  /** Messages whose way was changed by hand, and by which event. */
  private rescheduled: { event: number; message: number }[] = [];
  /** Of the messages before this one, it is known when they were due before what is being brought in. */
  private dueKnown = 0;
  private readonly inputs: { message: number; timer: number; intervention: number };
  readonly catalogue: Catalogue;
  private readonly crownedRole: number;
  /** What changed when. */
  readonly changes: Changes;
  private readonly epochless: ReadonlySet<number>;

  /**
   * `crowned` says which role is a leader's, `epochless` which kinds of messages belong to no epoch although they say
   * 0.
   */
  constructor(catalogue: Catalogue, crowned: (role: string) => boolean, epochless: readonly string[] = []) {
    this.catalogue = catalogue;
    this.epochless = new Set(epochless.map((kind) => catalogue.message_kinds.indexOf(kind)));
    this.crownedRole = catalogue.replica_roles.findIndex(crowned);
    this.changes = new Changes(catalogue, this.crownedRole);
    const code = (name: string): number => catalogue.input_kinds.indexOf(name);
    this.inputs = { message: code("message"), timer: code("timer"), intervention: code("intervention") };
    generations += 1;
    this.generation = generations;
  }

  get events(): number {
    return this.eventTime.length;
  }

  get messages(): number {
    return this.messageSent.length;
  }

  /** Time of the last event recorded. */
  get end(): number {
    return this.events === 0 ? 0 : this.eventTime.at(this.events - 1);
  }

  /** Whether a replica became leader by an event. */
  becameLeader(event: number): boolean {
    return (this.eventFlags.at(event) & FLAG.role) !== 0 && this.eventRole.at(event) === this.crownedRole && this.eventNode.at(event) < this.catalogue.replicas;
  }

  isMessageEvent(event: number): boolean {
    return this.eventInput.at(event) === this.inputs.message;
  }

  isTimerEvent(event: number): boolean {
    return this.eventInput.at(event) === this.inputs.timer;
  }

  isIntervention(event: number): boolean {
    return this.eventInput.at(event) === this.inputs.intervention;
  }

  isHeartbeat(message: number): boolean {
    return (this.messageFlags.at(message) & MESSAGE_FLAG.heartbeat) !== 0;
  }

  /** Whether a liar sent it, and not as its honest half wanted to. */
  isLie(message: number): boolean {
    return (this.messageFlags.at(message) & MESSAGE_FLAG.lie) !== 0;
  }

  /** What a message was good for, as far as it shows when `cursor` events had happened: see `WEIGHT`. */
  weightOf(message: number, cursor: number): number {
    return this.messageWeightEvent.at(message) < cursor ? this.messageWeight.at(message) : 0;
  }

  /** Whether a message had an end when `cursor` events had happened. */
  isResolved(message: number, cursor: number): boolean {
    const fate = this.messageFate.at(message);
    if (fate === IN_FLIGHT) {
      return false;
    }
    return this.messageEndEvent.at(message) < cursor;
  }

  /** How many events had happened at a time. */
  eventsUpTo(time: number): number {
    return countUpTo(this.eventTime.values, this.events, time);
  }

  /** Calls back for every message in flight at some time from `start` to `end`. */
  eachMessageWithin(start: number, end: number, visit: (message: number) => void): void {
    const last = countUpTo(this.messageSent.values, this.messages, end);
    for (let block = 0; block * BLOCK < last; block += 1) {
      if (this.blockLatest.at(block) < start) {
        continue;
      }
      const stop = Math.min(last, (block + 1) * BLOCK);
      for (let message = block * BLOCK; message < stop; message += 1) {
        if (this.messageEnd(message) >= start) {
          visit(message);
        }
      }
    }
  }

  /** About how many messages, and how many heartbeats among them, were sent from `start` to `end`. */
  countSent(start: number, end: number): { messages: number; heartbeats: number } {
    const first = countUpTo(this.messageSent.values, this.messages, start);
    const last = countUpTo(this.messageSent.values, this.messages, end);
    const before = (message: number): number => (message < this.messages ? this.heartbeatsBefore.at(message) : this.heartbeatsAll());
    return { messages: last - first, heartbeats: before(last) - before(first) };
  }

  private heartbeatsAll(): number {
    const last = this.messages - 1;
    return last < 0 ? 0 : this.heartbeatsBefore.at(last) + (this.isHeartbeat(last) ? 1 : 0);
  }

  /** When a message arrives, or would have. */
  messageEnd(message: number): number {
    return this.messageFate.at(message) === DELIVERED ? this.messageEndTime.at(message) : this.messageDue.at(message);
  }

  /** The messages in flight when `cursor` events had happened. */
  inFlight(cursor: number, now: number): number[] {
    const found: number[] = [];
    this.eachMessageWithin(now - 1, now, (message) => {
      if (this.messageEvent.at(message) < cursor && !this.isResolved(message, cursor)) {
        found.push(message);
      }
    });
    return found;
  }

  /**
   * Discards all from an event on. `due` says when a message arrives that was rescheduled later, and so is on its first
   * way again.
   */
  truncate(event: number, due: (message: number) => number): void {
    const processes = this.catalogue.processes.length;
    const messages = countUpTo(this.messageEvent.values, this.messages, event - 1);
    for (const column of this.columnsOfEvents()) {
      column.truncate(event);
    }
    this.truncateMessages(messages, event);
    // The last block is counted again.
    const block = Math.floor(this.events / COUNT_BLOCK);
    this.blockCounts.truncate(block * processes);
    this.countEvents(block * COUNT_BLOCK);
    const later = this.rescheduled.filter((each) => each.event >= event);
    this.rescheduled = this.rescheduled.filter((each) => each.event < event);
    for (const { message } of later) {
      if (message < messages) {
        this.messageDue.values[message] = due(message);
      }
    }
    this.changes.truncate(event);
    this.revision += 1;
    generations += 1;
    this.generation = generations;
  }

  private truncateMessages(messages: number, event: number): void {
    for (const column of this.columnsOfMessages()) {
      column.truncate(messages);
    }
    this.blockLatest.truncate(Math.ceil(messages / BLOCK));
    for (let message = 0; message < messages; message += 1) {
      if (this.messageWeightEvent.at(message) >= event) {
        this.messageWeight.values[message] = 0;
        this.messageWeightEvent.values[message] = 0;
      }
    }
    this.resolutions = 0;
    for (let message = 0; message < messages; message += 1) {
      if (this.messageFate.at(message) !== IN_FLIGHT) {
        if (this.messageEndEvent.at(message) < event) {
          this.resolutions += 1;
        } else {
          this.messageFate.values[message] = IN_FLIGHT;
          this.messageEndTime.values[message] = 0;
          this.messageEndEvent.values[message] = 0;
        }
      }
    }
    const isEnded = (message: number): boolean => message < messages && this.messageFate.at(message) !== IN_FLIGHT;
    this.undelivered = this.undelivered.filter(isEnded);
  }

  /** Brings in what was recorded since. */
  fetch(status: Status, read: (events: number, messages: number, resolutions: number) => Columns, interventions: () => InterventionView[]): void {
    if (status.events === this.events && status.messages === this.messages && status.resolutions === this.resolutions) {
      return;
    }
    const more = read(this.events, this.messages, this.resolutions);
    const firstEvent = this.events;
    this.dueKnown = this.messages;
    this.appendEvents(more);
    this.countEvents(firstEvent);
    this.appendMessages(more);
    this.resolve(more);
    this.weigh(more);
    this.changes.index(this, firstEvent, interventions);
    this.revision += 1;
  }

  private appendEvents(more: Columns): void {
    this.eventTime.append(more.event_time);
    this.eventNode.append(more.event_node);
    this.eventInput.append(more.event_input);
    this.eventCause.append(more.event_cause);
    this.eventDetail.append(more.event_detail);
    this.eventEpoch.append(more.event_epoch);
    this.eventRole.append(more.event_role);
    this.eventFirstMessage.append(more.event_first_message);
    this.eventMessages.append(more.event_messages);
    this.eventRule.append(more.event_rule);
    this.eventFlags.append(more.event_flags);
  }

  private countEvents(first: number): void {
    const processes = this.catalogue.processes.length;
    this.blockCounts.extend(Math.ceil(this.events / COUNT_BLOCK) * processes, 0);
    for (let event = first; event < this.events; event += 1) {
      const node = this.eventNode.at(event);
      if (node < processes) {
        const at = Math.floor(event / COUNT_BLOCK) * processes + node;
        this.blockCounts.values[at] = this.blockCounts.at(at) + 1;
      }
    }
  }

  private appendMessages(more: Columns): void {
    const first = this.messages;
    this.messageFrom.append(more.message_from);
    this.messageTo.append(more.message_to);
    this.messageSent.append(more.message_sent);
    this.messageDue.append(more.message_due);
    this.messageEvent.append(more.message_event);
    this.messageKind.append(more.message_kind);
    this.messageEpoch.append(more.message_epoch);
    this.messageFlags.append(more.message_flags);
    this.messageFate.extend(this.messages, IN_FLIGHT);
    this.messageEndTime.extend(this.messages, 0);
    this.messageEndEvent.extend(this.messages, 0);
    this.messageWeight.extend(this.messages, 0);
    this.messageWeightEvent.extend(this.messages, 0);
    this.blockLatest.extend(Math.ceil(this.messages / BLOCK), 0);
    let heartbeats = first === 0 ? 0 : this.heartbeatsBefore.at(first - 1) + (this.isHeartbeat(first - 1) ? 1 : 0);
    for (let message = first; message < this.messages; message += 1) {
      this.reach(message, this.messageDue.at(message));
      if (this.epochless.has(this.messageKind.at(message))) {
        this.messageEpoch.values[message] = NO_EPOCH;
      }
      this.heartbeatsBefore.push(heartbeats);
      heartbeats += this.isHeartbeat(message) ? 1 : 0;
    }
  }

  private resolve(more: Columns): void {
    for (let row = 0; row < more.resolution_message.length; row += 1) {
      const message = more.resolution_message[row] ?? 0;
      const time = more.resolution_time[row] ?? 0;
      const fate = more.resolution_fate[row] ?? DELIVERED;
      this.messageFate.values[message] = fate;
      if (fate !== DELIVERED) {
        this.undelivered.push(message);
      }
      this.messageEndTime.values[message] = time;
      this.messageEndEvent.values[message] = more.resolution_event[row] ?? 0;
      this.reach(message, time);
    }
    this.resolutions += more.resolution_message.length;
  }

  private weigh({ weight_message: messages, weight, weight_event: event }: Columns): void {
    messages?.forEach((message, row) => {
      const own = weight?.[row] ?? 0;
      if (own > this.messageWeight.at(message)) {
        this.messageWeight.values[message] = own;
        this.messageWeightEvent.values[message] = event?.[row] ?? 0;
      }
    });
  }

  private reach(message: number, time: number): void {
    const block = Math.floor(message / BLOCK);
    if (this.blockLatest.at(block) < time) {
      this.blockLatest.values[block] = time;
    }
  }

  /**
   * A message that is still on its way arrives at another time than was said before. One that is brought in with what
   * was done to it comes with the right time; one that waits for a paused process has arrived.
   */
  reschedule(event: number, message: number, now: number, due: number): void {
    this.rescheduled.push({ event, message });
    if (message < this.dueKnown && this.messageFate.at(message) === IN_FLIGHT && this.messageDue.at(message) >= now) {
      this.messageDue.values[message] = due;
      this.reach(message, due);
    }
  }

  private columnsOfEvents(): { truncate(length: number): void }[] {
    return [
      this.eventTime, this.eventNode, this.eventInput, this.eventCause, this.eventDetail, this.eventEpoch, this.eventRole,
      this.eventFirstMessage, this.eventMessages, this.eventRule, this.eventFlags,
    ];
  }

  private columnsOfMessages(): { truncate(length: number): void }[] {
    return [
      this.messageFrom, this.messageTo, this.messageSent, this.messageDue, this.messageEvent, this.messageKind,
      this.messageEpoch, this.messageFlags, this.messageFate, this.messageEndTime, this.messageEndEvent, this.messageWeight, this.messageWeightEvent, this.heartbeatsBefore,
    ];
  }
}
