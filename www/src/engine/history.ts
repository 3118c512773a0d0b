// The clients' operations as they stood at the playhead, sorted by client. What was asked for once is kept, and so is
// what lies beyond the playhead: winding about in a long run asks for nothing anew.

import { firstIndexWhere } from "./column.js";
import type { OperationView } from "./engine.js";

/** What one client did. */
export interface ClientHistory {
  operations: readonly OperationView[];
  ok: number;
  /** Failed, or of unknown outcome. */
  notOk: number;
}

const EMPTY: ClientHistory = { operations: [], ok: 0, notOk: 0 };

/**
 * One client's operations as far as they are known. They follow each other, so that only the last one can still end.
 */
class Row {
  readonly operations: OperationView[] = [];
  /** How many of those before each, and of all, went well; and how many ended otherwise. */
  private readonly ok = [0];
  private readonly notOk = [0];

  push(operation: OperationView): void {
    const { outcome } = operation;
    this.operations.push(operation);
    this.ok.push((this.ok.at(-1) ?? 0) + (outcome === "ok" ? 1 : 0));
    this.notOk.push((this.notOk.at(-1) ?? 0) + (outcome === "ok" || outcome === "pending" ? 0 : 1));
  }

  pop(): void {
    this.operations.pop();
    this.ok.pop();
    this.notOk.pop();
  }

  /** Only what was known when so many events had happened is known. */
  truncate(cursor: number): void {
    while ((this.operations.at(-1)?.invoked_event ?? -1) >= cursor) {
      this.pop();
    }
    const last = this.operations.at(-1);
    if (last !== undefined && endsAfter(last, cursor)) {
      this.pop();
      this.push(pending(last));
    }
  }

  /** As they stood when so many events had happened. */
  upTo(cursor: number): ClientHistory {
    const length = begunBefore(cursor, this.operations);
    const operations = this.operations.slice(0, length);
    const last = operations.at(-1);
    const isOpen = last !== undefined && endsAfter(last, cursor);
    if (isOpen) {
      operations[length - 1] = pending(last);
    }
    const ended = isOpen ? length - 1 : length;
    return { operations, ok: this.ok[ended] ?? 0, notOk: this.notOk[ended] ?? 0 };
  }
}

export class HistoryCache {
  /** All that is known, in the order of the invocations. */
  private readonly known: OperationView[] = [];
  private readonly rows = new Map<number, Row>();
  /** When so many events had happened, it was known. */
  private knownAt = 0;
  private shown = new Map<number, ClientHistory>();

  /** Only what was known when so many events had happened is known. */
  truncate(cursor: number): void {
    this.known.length = begunBefore(cursor, this.known);
    for (const row of this.rows.values()) {
      row.truncate(cursor);
      const last = row.operations.at(-1);
      if (last !== undefined) {
        this.known[last.index] = last;
      }
    }
    this.shown.clear();
    this.knownAt = Math.min(this.knownAt, cursor);
  }

  /** One client's operations, as `upTo` was asked for them last. */
  of(client: number): ClientHistory {
    return this.shown.get(client) ?? EMPTY;
  }

  /**
   * All operations as they stood when `cursor` events had happened. `ask` is asked at that playhead, for those from an
   * index on.
   */
  upTo(cursor: number, ask: (since: number) => OperationView[]): readonly OperationView[] {
    if (cursor > this.knownAt) {
      this.read(ask);
      this.knownAt = cursor;
    }
    const all = this.known.slice(0, begunBefore(cursor, this.known));
    this.shown = new Map([...this.rows].map(([client, row]) => [client, row.upTo(cursor)]));
    for (const { operations } of this.shown.values()) {
      const last = operations.at(-1);
      if (last !== undefined) {
        all[last.index] = last;
      }
    }
    return all;
  }

  /** Asks for what is new, and for what was still under way. */
  private read(ask: (since: number) => OperationView[]): void {
    const open = [...this.rows.values()].flatMap(({ operations }) => operations.slice(-1).filter(({ outcome }) => outcome === "pending"));
    const since = Math.min(this.known.length, ...open.map(({ index }) => index));
    const anew = ask(since);
    for (const { client } of this.known.splice(since)) {
      this.rows.get(client)?.pop();
    }
    for (const operation of anew) {
      this.known.push(operation);
      this.row(operation.client).push(operation);
    }
  }

  private row(client: number): Row {
    let row = this.rows.get(client);
    if (row === undefined) {
      row = new Row();
      this.rows.set(client, row);
    }
    return row;
  }
}

/** How many operations began before an event. */
function begunBefore(event: number, operations: readonly OperationView[]): number {
  return firstIndexWhere(operations.length, (ordinal) => (operations[ordinal]?.invoked_event ?? 0) >= event);
}

function endsAfter({ completed_event: end }: OperationView, cursor: number): boolean {
  return end !== null && end >= cursor;
}

/** An operation before its end. */
function pending(operation: OperationView): OperationView {
  return { ...operation, completed_at: null, completed_event: null, outcome: "pending", result: null };
}
