// The messages that an operation's result came from.

import type { OperationView } from "../engine/engine.js";
import { NONE } from "../engine/records.js";
import type { Records } from "../engine/records.js";
import type { Run } from "../engine/run.js";

/** Leads to an operation, and in the diagram to the messages that brought it its result. */
export function showOperation(run: Run, index: number): void {
  const operation = run.operations()[index];
  if (operation === undefined) {
    return;
  }
  run.pause();
  run.select({ kind: "operation", operation: index });
  run.highlight(responsibleFor(operation, run.records));
  run.lookAt(operation.invoked_at, operation.completed_at ?? run.clock);
}

/** The last write to an operation's key that had completed before it was invoked: what a read must not be older than. */
export function lastWriteBefore(operation: OperationView, operations: readonly OperationView[]): OperationView | undefined {
  let last: OperationView | undefined;
  for (const other of operations) {
    const at = other.completed_at;
    const wrote = other.kind !== "get" && other.outcome === "ok" && other.key === operation.key;
    if (wrote && at !== null && at < operation.invoked_at && at > (last?.completed_at ?? -1)) {
      last = other;
    }
  }
  return last;
}

/** Follows causes back from the completion, until the invocation; and takes in what the client itself sent meanwhile. */
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
