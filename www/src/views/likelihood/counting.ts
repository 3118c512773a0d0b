// Forks of a run, counted by several hands: the numbers do not depend on how many they are. The moments that tell most
// come first.

import type { LikelihoodPlan, LikelihoodQuestion, LikelihoodReading, RunOutcome } from "../../engine/engine.js";
import { plainly } from "../../engine/missing.js";
import { Hands, SEARCHING } from "../../search/hands.js";
import type { Answer } from "../../search/orders.js";

/** A run as a question takes it. */
export interface Whole {
  scenario: string;
  events: number;
}

/** What was counted of a moment. */
export interface Counted {
  /** How many forks end so. */
  same: number;
  /** The first fork that does, and the first that does not; -1 where there is none. */
  first: { so: number; otherwise: number };
}

/** `opening` until the engine is there, `listing` until it has said how the run ends. */
export type Stage = "opening" | "listing" | "planning" | "counting" | "over" | "stopped" | "failed";

export class Counting {
  stage: Stage = "opening";
  /** How the run ends; what is broken comes first. */
  outcomes: readonly RunOutcome[] = [];
  /** What is asked for. */
  outcome = "";
  plan: LikelihoodPlan | null = null;
  /** By the place of the moment; a hole where nothing was counted yet. */
  counted: (Counted | undefined)[] = [];
  /** Once all was counted. */
  reading: LikelihoodReading | null = null;
  failure = "";
  private readonly hands = new Hands(SEARCHING, (hand, answer) => this.onAnswer(hand, answer));
  private readonly ready = new Set<number>();
  private readonly busy = new Set<number>();
  private queue: number[] = [];
  private wantedLink: { place: number; number: number; use: (link: string) => void } | null = null;
  private id = 0;
  private whole: Whole = { scenario: "", events: 0 };
  private wantedEvent: number | null = null;

  constructor(private readonly changed: () => void) {}

  get isAtWork(): boolean {
    return this.stage !== "over" && this.stage !== "stopped" && this.stage !== "failed";
  }

  /** How many moments were counted. */
  get done(): number {
    return this.counted.filter((each) => each !== undefined).length;
  }

  /** Asks how a run ends, and counts forks for what is so after an event, or else for the first. */
  begin(whole: Whole, event: number | null): void {
    this.clear();
    this.whole = whole;
    this.wantedEvent = event;
    this.outcomes = [];
    this.outcome = "";
    this.failure = "";
    this.stage = "opening";
    if (this.hands.count === 0) {
      this.hands.open();
    } else {
      this.list();
    }
    this.changed();
  }

  /** Counts forks for one way in which the run ends. */
  ask(outcome: string): void {
    this.clear();
    this.outcome = outcome;
    this.stage = "planning";
    const [hand] = this.ready;
    if (hand !== undefined) {
      this.hands.order(hand, { kind: "plan", id: this.id, question: this.question });
    }
    this.changed();
  }

  /** What was counted stays. */
  stop(): void {
    if (this.isAtWork) {
      this.id += 1;
      this.hands.stop();
      this.busy.clear();
      this.queue = [];
      this.stage = "stopped";
      this.changed();
    }
  }

  /** Ends all threads. */
  close(): void {
    this.clear();
    this.hands.close();
    this.ready.clear();
  }

  /** Hands over a link to a fork. */
  link(place: number, number: number, use: (link: string) => void): void {
    const [hand] = this.ready;
    if (hand !== undefined && !this.isAtWork) {
      this.wantedLink = { place, number, use };
      this.hands.order(hand, { kind: "link", id: this.id, question: this.question, place, number });
    }
  }

  private get question(): LikelihoodQuestion {
    return { ...this.whole, outcome: this.outcome };
  }

  private clear(): void {
    this.id += 1;
    this.hands.stop();
    this.busy.clear();
    this.queue = [];
    this.plan = null;
    this.counted = [];
    this.reading = null;
    this.wantedLink = null;
  }

  private list(): void {
    const [hand] = this.ready;
    if (hand !== undefined) {
      this.stage = "listing";
      this.hands.order(hand, { kind: "outcomes", id: this.id, ...this.whole });
    }
  }

  private give(hand: number): void {
    if (this.stage !== "counting" || this.busy.has(hand)) {
      return;
    }
    const place = this.queue.shift();
    if (place !== undefined) {
      this.busy.add(hand);
      this.hands.order(hand, { kind: "fork", id: this.id, question: this.question, place });
    } else if (this.busy.size === 0 && this.plan !== null) {
      this.busy.add(hand);
      this.hands.order(hand, { kind: "read", id: this.id, same: this.counted.map((each) => each?.same ?? 0), forks: this.plan.forks });
    }
  }

  private onAnswer(hand: number, answer: Answer): void {
    if (answer.kind === "open") {
      this.ready.add(hand);
      if (this.stage === "opening") {
        this.list();
      } else {
        this.give(hand);
      }
    } else if (answer.kind === "failed") {
      this.fail(plainly(answer.words));
    } else if (answer.id === this.id) {
      this.onNews(hand, answer);
    } else {
      // It was at work for an earlier question, and is free by now.
      this.give(hand);
    }
    this.changed();
  }

  private onNews(hand: number, answer: Exclude<Answer, { kind: "open" | "failed" }>): void {
    switch (answer.kind) {
      case "outcomes": {
        this.outcomes = answer.outcomes;
        const wanted = answer.outcomes.find(({ event }) => event !== null && event === this.wantedEvent) ?? answer.outcomes[0];
        if (wanted === undefined) {
          this.stage = "over";
        } else {
          this.ask(wanted.outcome);
        }
        break;
      }
      case "plan":
        this.plan = answer.plan;
        this.counted = answer.plan.moments.map(() => undefined);
        this.queue = [...answer.plan.order];
        this.stage = "counting";
        [...this.ready].forEach((each) => this.give(each));
        break;
      case "forked":
        this.counted[answer.place] = { same: answer.ends.filter(Boolean).length, first: { so: answer.ends.indexOf(true), otherwise: answer.ends.indexOf(false) } };
        this.busy.delete(hand);
        this.give(hand);
        break;
      case "read":
        this.reading = answer.reading;
        this.busy.clear();
        this.stage = "over";
        break;
      case "linked":
        this.wantedLink?.use(answer.link);
        this.wantedLink = null;
        break;
      case "hunted":
      case "shrunk":
        break;
    }
  }

  private fail(words: string): void {
    this.close();
    this.failure = words;
    this.stage = "failed";
  }
}
