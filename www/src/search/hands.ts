// All who search, or do what else is asked: as many threads as the machine has cores, but for one; where no thread can be
// started, the page's own.

import { MODULES } from "../engine/modules.js";
import type { ModuleAddresses } from "../engine/modules.js";
import { Hand } from "./hand.js";
import type { Answer, Common, Failed, Order } from "./orders.js";

/** Milliseconds of work at a time on the page's own thread, which must stay responsive. */
const OWN_TURN_MS = 12;

/** Many cores gain nothing for a search that is over in a second, and each thread has an engine of its own. */
const HANDS_MAX = 8;

/** What is done: on a thread, and on the page's own. */
export interface Craft<Ordered, Answered> {
  /** The engine that it takes. */
  module: ModuleAddresses;
  thread: () => Worker;
  own: (tell: (answer: Answered) => void) => { take: (order: Ordered) => void };
}

export const SEARCHING: Craft<Order, Answer> = {
  module: MODULES.hunt,
  thread: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  own: (tell) => new Hand(tell, OWN_TURN_MS),
};

interface One<Ordered> {
  take: (order: Ordered) => void;
  end: () => void;
}

function opening({ glue, wasm }: ModuleAddresses): Common {
  return { kind: "open", glue: new URL(glue, document.baseURI).href, wasm: new URL(wasm, document.baseURI).href };
}

export class Hands<Ordered, Answered> {
  private readonly all: One<Ordered | Common>[] = [];
  /** Whether the page's own thread has to do it. */
  isOwn = false;

  /** `hear`: an answer, and whose it is. */
  constructor(
    private readonly craft: Craft<Ordered | Common, Answered | Failed>,
    private readonly hear: (hand: number, answer: Answered | Failed) => void,
  ) {}

  get count(): number {
    return this.all.length;
  }

  /** As many as are of use, and no more than that. */
  open(most = HANDS_MAX): void {
    const wanted = Math.max(1, Math.min(most, (navigator.hardwareConcurrency ?? 2) - 1));
    for (let hand = 0; hand < wanted && !this.isOwn; hand += 1) {
      this.start(hand);
    }
    this.all.forEach(({ take }) => take(opening(this.craft.module)));
  }

  order(hand: number, order: Ordered): void {
    this.all[hand]?.take(order);
  }

  stop(): void {
    this.all.forEach(({ take }) => take({ kind: "stop" }));
  }

  close(): void {
    this.all.splice(0).forEach(({ end }) => end());
    this.isOwn = false;
  }

  private start(hand: number): void {
    let worker: Worker;
    try {
      worker = this.craft.thread();
    } catch {
      this.useOwn();
      return;
    }
    let answered = false;
    worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
      answered = true;
      this.hear(hand, data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (answered) {
        this.hear(hand, { kind: "failed", words: event.message ?? "its thread was ended by the browser" });
      } else if (!this.isOwn) {
        this.useOwn();
        this.all[0]?.take(opening(this.craft.module));
      }
    });
    this.all[hand] = { take: (order) => worker.postMessage(order, {}), end: () => worker.terminate() };
  }

  /** No thread can be started: the page searches itself, in small slices. */
  private useOwn(): void {
    this.close();
    this.isOwn = true;
    const own = this.craft.own((answer) => this.hear(0, answer));
    // Not at once: what it answers leads to the next order.
    this.all[0] = { take: (order) => setTimeout(() => own.take(order), 0), end: () => own.take({ kind: "stop" }) };
  }
}
