// The messages that an operation's result came from.

import type { OperationView } from "../engine/engine.js";
import { NONE } from "../engine/records.js";
import type { Records } from "../engine/records.js";

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
      for (let sent = 0; sent < records.eventMessages.at(each); sent += 1) {
        found.add(first + sent);
      }
    }
  }
  return found;
}
