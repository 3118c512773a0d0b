// Two ways to space events: by virtual time, or by cause alone, evenly.

import { DELIVERED, FLAG, IN_FLIGHT, NOBODY, NONE } from "../../engine/codes.js";
import { floats, bytes } from "../../engine/column.js";
import type { Records } from "../../engine/records.js";

export interface Spacing {
  readonly kind: "true" | "causal";
  event(event: number): number;
  sent(message: number): number;
  end(message: number): number;
  extent(): number;
  /** Whether an event only sends or answers heartbeats. */
  folded(event: number): boolean;
  /** About how much is in a span: to tell whether single arrows can be drawn before looking at each. */
  estimate(start: number, end: number): { messages: number; heartbeats: number };
  eachMessage(start: number, end: number, visit: (message: number) => void): void;
  eachEvent(start: number, end: number, visit: (event: number) => void): void;
  /** The playhead's position on a lane, after `cursor` events. */
  now(process: number, cursor: number, clock: number): number;
}

/** Whether an event only sends or answers heartbeats, and nothing else came of it. */
function isFolded(records: Records, event: number): boolean {
  if ((records.eventFlags.at(event) & ~FLAG.persisted) !== 0) {
    return false;
  }
  const sent = records.eventMessages.at(event);
  const first = records.eventFirstMessage.at(event);
  for (let message = first; message < first + sent; message += 1) {
    if (!records.isHeartbeat(message)) {
      return false;
    }
  }
  return records.isMessageEvent(event) ? records.isHeartbeat(records.eventCause.at(event)) : records.isTimerEvent(event) && sent > 0;
}

export class TrueSpacing implements Spacing {
  readonly kind = "true";

  constructor(private readonly records: Records) {}

  event(event: number): number {
    return this.records.eventTime.at(event);
  }

  sent(message: number): number {
    return this.records.messageSent.at(message);
  }

  end(message: number): number {
    return this.records.messageEnd(message);
  }

  extent(): number {
    return this.records.end;
  }

  folded(event: number): boolean {
    return isFolded(this.records, event);
  }

  estimate(start: number, end: number): { messages: number; heartbeats: number } {
    return this.records.countSent(start, end);
  }

  eachMessage(start: number, end: number, visit: (message: number) => void): void {
    this.records.eachMessageWithin(start, end, visit);
  }

  eachEvent(start: number, end: number, visit: (event: number) => void): void {
    const last = this.records.eventsUpTo(end);
    for (let event = this.records.eventsUpTo(start - 1); event < last; event += 1) {
      visit(event);
    }
  }

  now(_place: number, _cursor: number, clock: number): number {
    return clock;
  }
}

const BLOCK = 256;
/** How far back or on a lane's nearest event is looked for. */
const LOOK_FAR = 20_000;

/**
 * Each event stands one step after the later of its process's last event and the sending of the message that it
 * handles. What concerns the whole network is a line that all lanes cross. Heartbeats, while they are folded, take no
 * space.
 */
export class CausalSpacing implements Spacing {
  readonly kind = "causal";
  private readonly layers = floats();
  /** The highest layer up to each event. */
  private readonly reached = floats();
  private readonly foldedEvents = bytes();
  private readonly eventBlocks: { least: number; most: number }[] = [];
  private readonly messageBlocks: { least: number; most: number; full: boolean }[] = [];
  private last: number[] = [];
  private most = 0;

  constructor(
    private readonly records: Records,
    private readonly foldHeartbeats: boolean,
  ) {}

  /** Takes in what was recorded since. */
  update(): void {
    const { records } = this;
    for (let event = this.layers.length; event < records.events; event += 1) {
      const folded = isFolded(records, event);
      const layer = this.layerOf(event, folded && this.foldHeartbeats ? 0 : 1);
      this.layers.push(layer);
      this.foldedEvents.push(folded ? 1 : 0);
      this.most = Math.max(this.most, layer);
      this.reached.push(this.most);
      const block = (this.eventBlocks[Math.floor(event / BLOCK)] ??= { least: layer, most: layer });
      block.least = Math.min(block.least, layer);
      block.most = Math.max(block.most, layer);
    }
    this.blockMessages();
  }

  private layerOf(event: number, weight: number): number {
    const { records, last } = this;
    const node = records.eventNode.at(event);
    if (node === NOBODY) {
      const layer = this.most + 1;
      this.last = this.last.map(() => layer);
      for (let process = 0; process < records.catalogue.processes.length; process += 1) {
        this.last[process] = layer;
      }
      return layer;
    }
    let before = last[node] ?? 0;
    const message = records.eventCause.at(event);
    if (records.isMessageEvent(event) && message !== NONE) {
      before = Math.max(before, this.layers.at(records.messageEvent.at(message)));
    }
    const layer = before + weight;
    last[node] = layer;
    return layer;
  }

  /** A block is measured again as long as one of its messages is still on its way, be it for long. */
  private blockMessages(): void {
    const { records } = this;
    const blocks = Math.ceil(records.messages / BLOCK);
    for (let number = 0; number < blocks; number += 1) {
      const known = this.messageBlocks[number];
      if (known?.full === true) {
        continue;
      }
      const block = { least: Infinity, most: -Infinity, full: (number + 1) * BLOCK <= records.messages };
      for (let message = number * BLOCK; message < Math.min(records.messages, (number + 1) * BLOCK); message += 1) {
        block.full &&= records.messageFate.at(message) !== IN_FLIGHT;
        block.least = Math.min(block.least, this.sent(message));
        block.most = Math.max(block.most, this.end(message));
      }
      this.messageBlocks[number] = block;
    }
  }

  event(event: number): number {
    return this.layers.at(event);
  }

  sent(message: number): number {
    return this.layers.at(this.records.messageEvent.at(message));
  }

  end(message: number): number {
    const { records } = this;
    return records.messageFate.at(message) === DELIVERED ? this.layers.at(records.messageEndEvent.at(message)) : this.sent(message) + 1;
  }

  extent(): number {
    return this.most;
  }

  folded(event: number): boolean {
    return this.foldedEvents.at(event) === 1;
  }

  estimate(start: number, end: number): { messages: number; heartbeats: number } {
    const total = { messages: 0, heartbeats: 0 };
    this.messageBlocks.forEach((block, number) => {
      if (block.most >= start && block.least <= end) {
        const first = number * BLOCK;
        const last = Math.min(this.records.messages - 1, first + BLOCK - 1);
        const share = Math.min(1, (Math.min(end, block.most) - Math.max(start, block.least) + 1) / (block.most - block.least + 1));
        total.messages += (last - first + 1) * share;
        total.heartbeats += (this.records.heartbeatsBefore.at(last) - this.records.heartbeatsBefore.at(first)) * share;
      }
    });
    return { messages: Math.round(total.messages), heartbeats: Math.round(total.heartbeats) };
  }

  eachMessage(start: number, end: number, visit: (message: number) => void): void {
    this.messageBlocks.forEach((block, number) => {
      if (block.most < start || block.least > end) {
        return;
      }
      for (let message = number * BLOCK; message < Math.min(this.records.messages, (number + 1) * BLOCK); message += 1) {
        if (this.sent(message) <= end && this.end(message) >= start) {
          visit(message);
        }
      }
    });
  }

  eachEvent(start: number, end: number, visit: (event: number) => void): void {
    this.eventBlocks.forEach((block, number) => {
      if (block.most < start || block.least > end) {
        return;
      }
      for (let event = number * BLOCK; event < Math.min(this.layers.length, (number + 1) * BLOCK); event += 1) {
        const layer = this.layers.at(event);
        if (layer >= start && layer <= end) {
          visit(event);
        }
      }
    });
  }

  /** As far on as the lane's next event allows, so that the line is straight wherever it can be. */
  now(process: number, cursor: number): number {
    const least = this.near(process, cursor - 1, -1) ?? 0;
    const next = this.near(process, cursor, 1) ?? Infinity;
    return Math.max(least + 0.5, Math.min(this.reached.at(cursor - 1) + 0.5, next - 0.5));
  }

  /** The layer of the nearest event that a lane takes part in. */
  private near(process: number, from: number, step: 1 | -1): number | undefined {
    for (let event = from; event >= 0 && event < this.layers.length && Math.abs(event - from) < LOOK_FAR; event += step) {
      const node = this.records.eventNode.at(event);
      if (node === process || node === NOBODY) {
        return this.layers.at(event);
      }
    }
    return undefined;
  }
}
