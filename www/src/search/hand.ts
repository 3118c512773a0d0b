// Who searches: an engine of its own, a few seeds, tries or forks at a time, with an ear for orders in between. It is the
// same on a thread of its own and on the page's. It imports nothing of the page; where the engine lies it is told.

import type { HuntOptions, LikelihoodQuestion } from "../../../src/web/types";
import type * as Package from "../../pkg/hunt/hunt.js";
import { failed, loadEngine } from "./engine.js";
import type { Answer, Order } from "./orders.js";

type Engine = typeof Package;

/** What was prepared, and for which search. */
interface Prepared<Kind extends { free: () => void }> {
  id: number;
  made: Kind;
}

export class Hand {
  private engine: Engine | undefined;
  private hunt: Prepared<InstanceType<Engine["Hunt"]>> | undefined;
  private likelihood: (Prepared<InstanceType<Engine["Likelihood"]>> & { forks: number }) | undefined;
  /** Goes up with every order: what an earlier one began ends. */
  private orders = 0;

  /** `turnMs`: milliseconds of work between two looks at what was asked. */
  constructor(
    private readonly tell: (answer: Answer) => void,
    private readonly turnMs: number,
  ) {}

  take(order: Order): void {
    this.orders += 1;
    if (order.kind === "open") {
      this.open(order.glue, order.wasm).catch((error: unknown) => this.fail(error));
    } else {
      this.guarded(() => this.carryOut(order));
    }
  }

  private carryOut(order: Exclude<Order, { kind: "open" }>): void {
    const { orders } = this;
    switch (order.kind) {
      case "hunt":
        this.prepareHunt(order.id, order.options);
        this.seeds(orders, order.id, order.from, order.to);
        break;
      case "shrink":
        this.prepareHunt(order.id, order.options).begin_shrink(order.seed);
        this.tries(orders, order.id);
        break;
      case "outcomes":
        this.tell({ kind: "outcomes", id: order.id, outcomes: this.loaded.outcomes(order.scenario, order.events) });
        break;
      case "plan":
        this.tell({ kind: "plan", id: order.id, plan: this.prepareForks(order.id, order.question).plan() });
        break;
      case "fork":
        this.prepareForks(order.id, order.question);
        this.forks(orders, order.id, order.place, []);
        break;
      case "link":
        this.tell({ kind: "linked", id: order.id, link: this.prepareForks(order.id, order.question).link(order.place, order.number) });
        break;
      case "read":
        this.tell({ kind: "read", id: order.id, reading: this.loaded.read_shares(Uint32Array.from(order.same), order.forks) });
        break;
      case "stop":
        break;
    }
  }

  private async open(glue: string, wasm: string): Promise<void> {
    this.engine = await loadEngine<Engine>(glue, wasm);
    this.tell({ kind: "open", grounds: this.engine.grounds() });
  }

  private get loaded(): Engine {
    if (this.engine === undefined) {
      throw new Error("The engine was not loaded.");
    }
    return this.engine;
  }

  private prepareHunt(id: number, options: HuntOptions): InstanceType<Engine["Hunt"]> {
    if (this.hunt?.id !== id) {
      this.hunt?.made.free();
      this.hunt = undefined;
      this.hunt = { id, made: new this.loaded.Hunt(options) };
    }
    return this.hunt.made;
  }

  private prepareForks(id: number, question: LikelihoodQuestion): InstanceType<Engine["Likelihood"]> {
    if (this.likelihood?.id !== id) {
      this.likelihood?.made.free();
      this.likelihood = undefined;
      const made = new this.loaded.Likelihood(question);
      this.likelihood = { id, made, forks: made.plan().forks };
    }
    return this.likelihood.made;
  }

  private seeds(orders: number, id: number, from: number, to: number): void {
    if (orders !== this.orders || this.hunt === undefined) {
      return;
    }
    const seeds = this.hunt.made.next(from, to, this.turnMs);
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
    const shrunk = this.hunt.made.shrink(this.turnMs);
    this.tell({ kind: "shrunk", id, shrunk });
    if (shrunk.ended === null) {
      this.later(() => this.tries(orders, id));
    }
  }

  private forks(orders: number, id: number, place: number, before: readonly boolean[]): void {
    if (orders !== this.orders || this.likelihood === undefined) {
      return;
    }
    const more = this.likelihood.made.forks(place, before.length, this.turnMs);
    const ends = [...before, ...more];
    if (more.length === 0 || ends.length >= this.likelihood.forks) {
      this.tell({ kind: "forked", id, place, ends });
    } else {
      this.later(() => this.forks(orders, id, place, ends));
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
    this.tell(failed(error));
  }
}
