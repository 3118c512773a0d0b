// Which events a filter lets through, worked out as the run grows.

import { NOBODY, NONE } from "../engine/records.js";
import type { Run } from "../engine/run.js";

export interface Wanted {
  /** A process's place, or -1 for all. */
  node: number;
  /** A kind of input or of message, or "" for all. */
  kind: string;
  text: string;
}

export class EventFilter {
  /** The rows of the last answer. */
  last = new Uint32Array(0);
  private store = new Uint32Array(1024);
  private length = 0;
  private looked = 0;
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
    }
    const needle = wanted.text.trim().toLowerCase();
    if (needle !== "") {
      this.wantLabels(run, wanted);
    }
    for (; this.looked < records.events; this.looked += 1) {
      if (this.passes(run, this.looked, wanted, needle)) {
        this.push(this.looked);
      }
    }
    this.last = this.store.subarray(0, this.length);
    return this.last;
  }

  /** The row of an event, or of the last one before it; -1 where there is none. */
  placeOf(event: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.store[middle] ?? 0) <= event) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
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
      return run.interventionText(event) || input;
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
      if (input !== wanted.kind && kind !== wanted.kind) {
        return false;
      }
    }
    return needle === "" || this.words(run, event).toLowerCase().includes(needle);
  }

  private wantLabels(run: Run, wanted: Wanted): void {
    const { records } = run;
    const messages: number[] = [];
    for (let event = this.looked; event < records.events; event += 1) {
      if (records.isMessageEvent(event) && (wanted.node === -1 || records.eventNode.at(event) === wanted.node)) {
        messages.push(records.eventCause.at(event));
      }
    }
    run.labels.want(messages);
  }

  private push(event: number): void {
    if (this.length === this.store.length) {
      const larger = new Uint32Array(this.store.length * 2);
      larger.set(this.store);
      this.store = larger;
    }
    this.store[this.length] = event;
    this.length += 1;
  }
}
