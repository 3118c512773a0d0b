// A hunt by several hands whose result does not depend on how many they are: the lowest seed that fails, and what was
// seen up to it.

import type { HuntFailure, HuntGround, HuntOptions, HuntedSeed, Shrunk } from "../../engine/engine.js";
import { plainly } from "../../engine/missing.js";
import { Hands, SEARCHING } from "../../search/hands.js";
import type { Answer } from "../../search/orders.js";

/** What is chosen. */
export interface Job {
  protocol: string;
  /** The rule that is switched off; empty for none. */
  mutation: string;
  replicas: number;
  faults: number;
  /** null: as each seed draws. */
  liars: number | null;
  /** How many seeds. */
  seeds: number;
}

export interface Totals {
  seeds: number;
  events: number;
  leaders: number;
  rare: number[];
}

/** A hunt, as far as it is. */
export interface Hunting {
  job: Job;
  seen: HuntedSeed[];
  totals: Totals;
  /** The lowest seed known to fail: final once the hunt is over. */
  found: { seed: number; failure: HuntFailure } | null;
  shrunk: Shrunk | null;
  seconds: number;
  stage: "hunting" | "shrinking" | "over" | "cancelled";
  failure: string;
}

/** Seeds handed out at a time: whole blocks, of which each is a run and its forks. */
const PIECE = 8;

const none = (): Totals => ({ seeds: 0, events: 0, leaders: 0, rare: [] });

export function optionsOf({ protocol, mutation, replicas, faults, liars }: Job): HuntOptions {
  return { protocol, mutations: mutation === "" ? [] : [mutation], replicas, faults, ...(liars === null ? {} : { liars }) };
}

function add(totals: Totals, { events, leaders, rare }: HuntedSeed): void {
  totals.seeds += 1;
  totals.events += events;
  totals.leaders += leaders;
  rare.forEach((times, index) => (totals.rare[index] = (totals.rare[index] ?? 0) + times));
}

export class Hunt {
  grounds: readonly HuntGround[] = [];
  current: Hunting | null = null;
  /** Why there is nothing to hunt with. */
  failure = "";
  private readonly hands = new Hands(SEARCHING, (hand, answer) => this.onAnswer(hand, answer));
  private readonly ready = new Set<number>();
  /** The first seed of the piece that each hand is at. */
  private readonly busy = new Map<number, number>();
  private next = 0;
  private id = 0;
  private began = 0;
  private readonly listeners = new Set<() => void>();

  /** Calls back whenever something here is new. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get isRunning(): boolean {
    return this.current?.stage === "hunting" || this.current?.stage === "shrinking";
  }

  get handsCount(): number {
    return this.hands.count;
  }

  get isOwn(): boolean {
    return this.hands.isOwn;
  }

  open(): void {
    if (this.hands.count === 0) {
      this.failure = "";
      this.hands.open();
    }
  }

  start(job: Job): void {
    this.open();
    this.id += 1;
    this.next = 0;
    this.busy.clear();
    this.began = performance.now();
    this.current = { job, seen: [], totals: none(), found: null, shrunk: null, seconds: 0, stage: "hunting", failure: "" };
    [...this.ready].forEach((hand) => this.give(hand));
    this.changed();
  }

  /** Ends the hunt. What it has found stays. */
  cancel(): void {
    if (this.isRunning) {
      this.id += 1;
      this.hands.stop();
      this.busy.clear();
      this.change({ stage: "cancelled" });
    }
  }

  /** Gives a hand its next piece; none where all that could matter is given. */
  private give(hand: number): void {
    const { current } = this;
    if (current?.stage !== "hunting" || this.busy.has(hand)) {
      return;
    }
    const end = Math.min(current.job.seeds, current.found?.seed ?? Infinity);
    if (this.next < end) {
      const from = this.next;
      this.next = from + PIECE;
      this.busy.set(hand, from);
      this.hands.order(hand, { kind: "hunt", id: this.id, options: optionsOf(current.job), from, to: Math.min(this.next, current.job.seeds) });
    } else if ([...this.busy.values()].every((from) => from >= end)) {
      this.end(hand);
    }
  }

  /** All seeds up to the lowest that fails were hunted. */
  private end(hand: number): void {
    const { current } = this;
    if (current === null) {
      return;
    }
    const last = current.found?.seed ?? Infinity;
    const totals = none();
    const seen = current.seen.filter(({ seed }) => seed <= last).toSorted((one, other) => one.seed - other.seed);
    seen.forEach((each) => add(totals, each));
    const seconds = this.elapsed();
    if (current.found === null) {
      this.change({ seen, totals, seconds, stage: "over" });
    } else {
      this.change({ seen, totals, seconds, stage: "shrinking" });
      this.hands.order(hand, { kind: "shrink", id: this.id, options: optionsOf(current.job), seed: current.found.seed });
    }
  }

  private onAnswer(hand: number, answer: Answer): void {
    if (answer.kind === "open") {
      this.grounds = answer.grounds;
      this.ready.add(hand);
      this.give(hand);
      this.changed();
    } else if (answer.kind === "failed") {
      this.fail(plainly(answer.words));
    } else if (answer.id === this.id) {
      if (answer.kind === "hunted") {
        this.onHunted(hand, answer.seeds, answer.done);
      } else if (answer.kind === "shrunk") {
        this.change({ shrunk: answer.shrunk, ...(answer.shrunk.ended === null ? {} : { stage: "over" }) });
      }
    } else {
      // It was at work for an earlier hunt, and is free by now.
      this.give(hand);
    }
  }

  private onHunted(hand: number, seeds: readonly HuntedSeed[], done: boolean): void {
    const { current } = this;
    if (current?.stage !== "hunting") {
      return;
    }
    const { totals } = current;
    seeds.forEach((each) => add(totals, each));
    let { found } = current;
    const failing = seeds.find(({ failure }) => failure !== null);
    if (failing?.failure && failing.seed < (found?.seed ?? Infinity)) {
      found = { seed: failing.seed, failure: failing.failure };
    }
    current.seen.push(...seeds);
    this.change({ found, seconds: this.elapsed() });
    if (done) {
      this.busy.delete(hand);
      this.give(hand);
    }
  }

  private elapsed(): number {
    return (performance.now() - this.began) / 1_000;
  }

  /** After a failure the next hunt starts anew. */
  private fail(words: string): void {
    this.id += 1;
    this.hands.close();
    this.ready.clear();
    this.busy.clear();
    if (this.isRunning) {
      this.change({ stage: "over", failure: words });
    } else {
      this.failure = words;
      this.changed();
    }
  }

  private change(change: Partial<Hunting>): void {
    if (this.current !== null) {
      this.current = { ...this.current, ...change };
    }
    this.changed();
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }
}
