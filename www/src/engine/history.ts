// The clients' operations, asked for once and again only while they are pending.

import type { OperationView } from "./engine.js";

export class HistoryCache {
  private known: OperationView[] = [];
  private cursor = 0;

  clear(): void {
    this.known = [];
    this.cursor = 0;
  }

  /** All operations as they stood when `cursor` events had happened. */
  upTo(cursor: number, ask: (since: number) => OperationView[]): readonly OperationView[] {
    const keep = cursor < this.cursor ? this.firstTouchedAfter(cursor) : this.firstPending();
    const fresh = ask(keep).filter((operation) => operation.invoked_event < cursor);
    this.known = [...this.known.slice(0, keep), ...fresh.map((operation) => asOf(operation, cursor))];
    this.cursor = cursor;
    return this.known;
  }

  private firstPending(): number {
    const first = this.known.findIndex((operation) => operation.outcome === "pending");
    return first === -1 ? this.known.length : first;
  }

  /** An operation that was not yet complete then must be asked for again. */
  private firstTouchedAfter(cursor: number): number {
    const first = this.known.findIndex((operation) => operation.invoked_event >= cursor || (operation.completed_event ?? Infinity) >= cursor);
    return first === -1 ? this.known.length : first;
  }
}

/** An operation that completes only later is pending still. */
function asOf(operation: OperationView, cursor: number): OperationView {
  const later = operation.completed_event !== null && operation.completed_event >= cursor;
  return later ? { ...operation, completed_at: null, completed_event: null, outcome: "pending", result: null } : operation;
}
