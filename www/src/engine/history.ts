// The clients' operations, asked for once and again only while they are pending; sorted by client as they come.

import type { OperationView } from "./engine.js";

/** What one client did. */
export interface ClientHistory {
  operations: OperationView[];
  ok: number;
  /** Failed, or of unknown outcome. */
  notOk: number;
}

const EMPTY: ClientHistory = { operations: [], ok: 0, notOk: 0 };

export class HistoryCache {
  private readonly known: OperationView[] = [];
  private readonly clients = new Map<number, ClientHistory>();
  private cursor = 0;
  /** All before this one are complete. */
  private settled = 0;

  clear(): void {
    this.keep(0);
    this.cursor = 0;
  }

  of(client: number): ClientHistory {
    return this.clients.get(client) ?? EMPTY;
  }

  /** All operations as they stood when `cursor` events had happened. The array is the cache's own: read it at once. */
  upTo(cursor: number, ask: (since: number) => OperationView[]): readonly OperationView[] {
    this.keep(cursor < this.cursor ? this.firstTouchedAfter(cursor) : this.firstPending());
    for (const operation of ask(this.known.length)) {
      if (operation.invoked_event < cursor) {
        this.add(asOf(operation, cursor));
      }
    }
    this.cursor = cursor;
    return this.known;
  }

  private add(operation: OperationView): void {
    this.known.push(operation);
    let client = this.clients.get(operation.client);
    if (client === undefined) {
      client = { operations: [], ok: 0, notOk: 0 };
      this.clients.set(operation.client, client);
    }
    client.operations.push(operation);
    this.count(client, operation, 1);
  }

  private keep(length: number): void {
    while (this.known.length > length) {
      const operation = this.known.pop();
      const client = operation === undefined ? undefined : this.clients.get(operation.client);
      if (operation !== undefined && client !== undefined) {
        client.operations.pop();
        this.count(client, operation, -1);
      }
    }
    this.settled = Math.min(this.settled, length);
  }

  private count(client: ClientHistory, { outcome }: OperationView, by: 1 | -1): void {
    if (outcome === "ok") {
      client.ok += by;
    } else if (outcome !== "pending") {
      client.notOk += by;
    }
  }

  private firstPending(): number {
    while (this.settled < this.known.length && this.known[this.settled]?.outcome !== "pending") {
      this.settled += 1;
    }
    return this.settled;
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
