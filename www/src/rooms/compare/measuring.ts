// What a comparison has come to so far: the script that was read, a run of each protocol, and the figures of many. The
// work is done by several hands, one protocol at a time each, so that what comes of it does not depend on how many they are.

import type { ComparedColumn, ComparedRun, ComparisonAbout, ReadyScript } from "../../engine/engine.js";
import { plainly } from "../../engine/missing.js";
import type { CompareAnswer, CompareOrder, Refused } from "../../search/compare-orders.js";
import { COMPARING } from "../../search/comparing.js";
import { Hands } from "../../search/hands.js";
import { protocolsOf, questionOf } from "./choice.js";
import type { Choice } from "./choice.js";

/** What is asked for together, and can be given up together. */
type Group = "about" | "one" | "many" | "sweep";

interface Task {
  id: number;
  group: Group;
  order: CompareOrder;
  take: (answer: CompareAnswer) => void;
}

/** Work on many runs. */
export interface Work {
  done: number;
  total: number;
  seconds: number;
  stage: "running" | "over" | "cancelled";
}

/** What one protocol comes to with so many entries, of which a message carries one or as many as the script says. */
export interface Point {
  protocol: string;
  entries: number;
  single: boolean;
  column: ComparedColumn;
}

type Columns = ReadonlyMap<string, ComparedColumn>;

const NOTHING: Columns = new Map();

export class Measuring {
  scripts: readonly ReadyScript[] = [];
  /** Why there is nothing to compare with. */
  failure = "";
  refused: Refused | null = null;
  about: ComparisonAbout | null = null;
  /** The protocols that are compared, in the order of the columns. */
  protocols: readonly string[] = [];
  runs: ReadonlyMap<string, ComparedRun> = new Map();
  one: Columns = NOTHING;
  many: (Work & { from: number; seeds: number; columns: Columns }) | null = null;
  sweep: (Work & { points: readonly Point[] }) | null = null;
  private choice: Choice | null = null;
  private readonly hands = new Hands<CompareOrder, CompareAnswer>(COMPARING, (hand, answer) => this.onAnswer(hand, answer));
  private readonly ready = new Set<number>();
  private readonly busy = new Map<number, Task>();
  private queue: Task[] = [];
  private ids = 0;
  private readonly listeners = new Set<() => void>();

  /** Calls back whenever something here is new. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get handsCount(): number {
    return this.hands.count;
  }

  open(): void {
    if (this.hands.count === 0) {
      this.failure = "";
      this.hands.open();
    }
  }

  /** Compares something else: all that was measured before is of another choice. */
  choose(choice: Choice): void {
    this.open();
    this.giveUp("about", "one", "many", "sweep");
    // What is known of a script holds until more is known, so that what is chosen from stays where it is.
    const isSame = this.choice?.script === choice.script;
    this.about = isSame ? this.about : null;
    this.protocols = (isSame ? choice.protocols : null) ?? this.protocols;
    this.choice = choice;
    this.refused = null;
    this.runs = new Map();
    this.one = NOTHING;
    this.many = null;
    this.sweep = null;
    this.ask("about", (id) => ({ kind: "about", id, question: questionOf(choice, choice.protocols) }), (answer) => {
      if (answer.kind === "about") {
        this.begin(choice, answer.about);
      }
    });
  }

  /** The script can be followed: a run of each protocol comes first. */
  private begin(choice: Choice, about: ComparisonAbout): void {
    this.about = about;
    this.protocols = protocolsOf(choice, about.protocols.map(({ protocol }) => protocol));
    for (const protocol of this.protocols) {
      this.ask("one", (id) => ({ kind: "one", id, question: questionOf(choice, this.protocols), protocol }), (answer) => {
        if (answer.kind === "one") {
          this.runs = new Map(this.runs).set(protocol, answer.run);
          this.one = new Map(this.one).set(protocol, answer.column);
        }
      });
    }
    if (choice.seeds !== null) {
      this.measure(choice.seeds);
    }
  }

  /** Measures so many runs of each protocol. */
  measure(seeds: number): void {
    const { choice, about, protocols } = this;
    if (choice === null || about === null) {
      return;
    }
    this.open();
    this.giveUp("many");
    const began = performance.now();
    this.many = { from: choice.seed ?? about.seed, seeds, columns: NOTHING, done: 0, total: seeds * protocols.length, seconds: 0, stage: "running" };
    for (const protocol of protocols) {
      this.ask("many", (id) => ({ kind: "column", id, question: questionOf(choice, protocols), protocol, runs: seeds }), (answer) => {
        if (this.many === null) {
          return;
        }
        const seconds = (performance.now() - began) / 1_000;
        if (answer.kind === "progress") {
          this.many = { ...this.many, done: this.many.done + answer.runs, seconds };
        } else if (answer.kind === "column") {
          const columns = new Map(this.many.columns).set(protocol, answer.column);
          this.many = { ...this.many, columns, seconds, stage: columns.size === protocols.length ? "over" : "running" };
        }
      });
    }
  }

  /** Measures one run of each protocol for each of these numbers of entries, in messages of one entry and of more. */
  measureEntries(numbers: readonly number[]): void {
    const { choice, protocols } = this;
    if (choice === null) {
      return;
    }
    this.open();
    this.giveUp("sweep");
    const began = performance.now();
    this.sweep = { points: [], done: 0, total: numbers.length * protocols.length * 2, seconds: 0, stage: "running" };
    for (const entries of numbers) {
      for (const single of [false, true]) {
        for (const protocol of protocols) {
          this.ask("sweep", (id) => ({ kind: "column", id, question: questionOf({ ...choice, entries, single }, protocols), protocol, runs: 1 }), (answer) => {
            if (answer.kind === "column" && this.sweep !== null) {
              const points = [...this.sweep.points, { protocol, entries, single, column: answer.column }];
              const { total } = this.sweep;
              this.sweep = { points, done: points.length, total, seconds: (performance.now() - began) / 1_000, stage: points.length === total ? "over" : "running" };
            }
          });
        }
      }
    }
  }

  /** Ends the work on many runs. What there is of it stays. */
  cancel(what: "many" | "sweep"): void {
    this.giveUp(what);
    if (what === "many" && this.many?.stage === "running") {
      this.many = { ...this.many, stage: "cancelled" };
    } else if (what === "sweep" && this.sweep?.stage === "running") {
      this.sweep = { ...this.sweep, stage: "cancelled" };
    }
    this.changed();
  }

  private ask(group: Group, order: (id: number) => CompareOrder, take: (answer: CompareAnswer) => void): void {
    this.ids += 1;
    this.queue.push({ id: this.ids, group, order: order(this.ids), take });
    this.give();
    this.changed();
  }

  private giveUp(...groups: Group[]): void {
    this.queue = this.queue.filter(({ group }) => !groups.includes(group));
    for (const [hand, { group }] of this.busy) {
      if (groups.includes(group)) {
        this.busy.delete(hand);
        this.hands.order(hand, { kind: "stop" });
      }
    }
    this.give();
  }

  /** Gives who has nothing to do the next task. */
  private give(): void {
    for (const hand of this.ready) {
      const task = this.busy.has(hand) ? undefined : this.queue.shift();
      if (task !== undefined) {
        this.busy.set(hand, task);
        this.hands.order(hand, task.order);
      }
    }
  }

  private onAnswer(hand: number, answer: CompareAnswer): void {
    if (answer.kind === "open") {
      this.scripts = answer.scripts;
      this.ready.add(hand);
    } else if (answer.kind === "failed") {
      this.fail(plainly(answer.words));
    } else {
      const task = this.busy.get(hand);
      // Another answers what nobody wants any more.
      if (task?.id === answer.id) {
        if (answer.kind !== "progress") {
          this.busy.delete(hand);
        }
        if (answer.kind === "refused") {
          this.refuse(answer);
        } else {
          task.take(answer);
        }
      }
    }
    this.give();
    this.changed();
  }

  private refuse({ words, place }: Refused): void {
    this.giveUp("about", "one", "many", "sweep");
    this.refused = { words, place };
    this.stopWork();
  }

  /** After a failure the next work starts anew. */
  private fail(words: string): void {
    this.hands.close();
    this.ready.clear();
    this.busy.clear();
    this.queue = [];
    this.failure = words;
    this.stopWork();
  }

  private stopWork(): void {
    this.many = this.many?.stage === "running" ? { ...this.many, stage: "cancelled" } : this.many;
    this.sweep = this.sweep?.stage === "running" ? { ...this.sweep, stage: "cancelled" } : this.sweep;
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }
}
