// Who hunts: an engine of its own, a few seeds or tries at a time, with an ear for orders in between. It is the same on
// a thread of its own and on the page's. It imports nothing of the page; where the engine lies it is told.

import type { HuntOptions } from "../../../../src/web/types";
import type * as Package from "../../../pkg/hunt/hunt.js";
import type { Answer, Order } from "./orders.js";

type Engine = typeof Package;

export class Hand {
  private engine: Engine | undefined;
  private hunt: InstanceType<Engine["Hunt"]> | undefined;
  /** What the hunt at hand was prepared for. */
  private id = 0;
  /** Goes up with every order: what an earlier one began ends. */
  private orders = 0;

  /** `turnMs`: milliseconds of work between two looks at what was asked. */
  constructor(
    private readonly tell: (answer: Answer) => void,
    private readonly turnMs: number,
  ) {}

  take(order: Order): void {
    this.orders += 1;
    const { orders } = this;
    if (order.kind === "open") {
      this.open(order.glue, order.wasm).catch((error: unknown) => this.fail(error));
    } else if (order.kind === "hunt") {
      this.guarded(() => {
        this.prepare(order.id, order.options);
        this.seeds(orders, order.id, order.from, order.to);
      });
    } else if (order.kind === "shrink") {
      this.guarded(() => {
        this.prepare(order.id, order.options).begin_shrink(order.seed);
        this.tries(orders, order.id);
      });
    }
  }

  private async open(glue: string, wasm: string): Promise<void> {
    this.engine = (await import(/* @vite-ignore */ glue)) as Engine;
    await this.engine.default({ module_or_path: wasm });
    this.tell({ kind: "open", grounds: this.engine.grounds() });
  }

  private prepare(id: number, options: HuntOptions): InstanceType<Engine["Hunt"]> {
    if (this.engine === undefined) {
      throw new Error("The engine was not loaded.");
    }
    if (this.hunt === undefined || this.id !== id) {
      this.hunt?.free();
      this.hunt = undefined;
      this.hunt = new this.engine.Hunt(options);
      this.id = id;
    }
    return this.hunt;
  }

  private seeds(orders: number, id: number, from: number, to: number): void {
    if (orders !== this.orders || this.hunt === undefined) {
      return;
    }
    const seeds = this.hunt.next(from, to, this.turnMs);
    const next = from + seeds.length;
    const done = next >= to || seeds.some(({ failure }) => failure !== null);
    this.tell({ kind: "hunted", id, seeds, done });
    if (!done) {
      this.later(() => this.seeds(orders, id, next, to));
    }
  }

  private tries(orders: number, id: number): void {
    if (orders !== this.orders || this.hunt === undefined) {
      return;
    }
    const shrunk = this.hunt.shrink(this.turnMs);
    this.tell({ kind: "shrunk", id, shrunk });
    if (shrunk.ended === null) {
      this.later(() => this.tries(orders, id));
    }
  }

  private later(act: () => void): void {
    setTimeout(() => this.guarded(act), 0);
  }

  private guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.orders += 1;
    this.tell({ kind: "failed", words: error instanceof Error ? error.message : String(error) });
  }
}
