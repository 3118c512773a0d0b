// One who does what is asked, one thing after the other, on a thread of its own where there can be one: a run is written
// in some format, a file is judged. The engine is fetched for the first thing that is asked.

import { plainly } from "../engine/missing.js";
import { MODULES } from "../engine/modules.js";
import { ClerkHand } from "./clerk-hand.js";
import type { Done, Errand } from "./clerk-hand.js";
import { Hands } from "./hands.js";
import type { Craft } from "./hands.js";
import type { Common, Failed } from "./orders.js";

const CLERKING: Craft<Errand | Common, Done | Failed> = {
  module: MODULES.course,
  thread: () => new Worker(new URL("./clerk-worker.ts", import.meta.url), { type: "module" }),
  own: (tell) => new ClerkHand(tell),
};

/** What is answered to an errand. */
type DoneTo<Kind extends Errand["kind"]> = Extract<Done, { kind: Kind }>;

interface Asked {
  resolve: (answer: Done) => void;
  reject: (error: Error) => void;
}

const ended = (): Error => new Error("It was ended.");

export class Clerk {
  private readonly waiting: Asked[] = [];
  /** What was asked last, and is done before anything else. */
  private last: Promise<unknown> = Promise.resolve();
  /** How often it was closed: what was asked before is not begun any more. */
  private closings = 0;
  private readonly hands = new Hands<Errand, Done>(CLERKING, (_, answer) => this.hear(answer));

  /** Throws what is wrong with what was asked. */
  ask<Kind extends Errand["kind"]>(errand: Errand & { kind: Kind }): Promise<DoneTo<Kind>> {
    const { closings } = this;
    const answered = this.last.then(() => {
      if (this.closings !== closings) {
        throw ended();
      }
      return this.carryOut(errand);
    });
    this.last = answered.catch(() => undefined);
    return answered as Promise<DoneTo<Kind>>;
  }

  private async carryOut(errand: Errand): Promise<Done> {
    if (this.hands.count === 0) {
      const opened = this.next();
      this.hands.open(1);
      await opened;
    }
    const done = this.next();
    this.hands.order(0, errand);
    return done;
  }

  /** Ends what it does: whoever waits for it is told so. */
  close(): void {
    this.closings += 1;
    this.hands.close();
    this.waiting.splice(0).forEach(({ reject }) => reject(ended()));
  }

  private next(): Promise<Done> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private hear(answer: Done | Failed): void {
    const asked = this.waiting.shift();
    if (answer.kind === "failed") {
      // A thread that has failed may have no memory left: the next order has a fresh one.
      this.hands.close();
      asked?.reject(new Error(plainly(answer.words)));
    } else {
      asked?.resolve(answer);
    }
  }
}
