// Questions that are tried one after the other, on a thread of their own, and what was seen.

import type { ThresholdReport } from "../../engine/engine.js";
import { plainly } from "../../engine/missing.js";
import { MODULES } from "../../engine/modules.js";
import type { Sizes } from "./arithmetic.js";
import type { Answer, Order } from "./orders.js";

export const keyOf = ({ n, f, q }: Sizes): string => `${n} ${f} ${q}`;

export class Trials {
  /** What was seen of each question, as far as it was tried. */
  readonly seen = new Map<string, ThresholdReport>();
  /** What is tried now. */
  current: Sizes | null = null;
  failure = "";
  private queue: { sizes: Sizes; seeds: number }[] = [];
  private worker: Worker | undefined;
  private id = 0;
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  of(sizes: Sizes): ThresholdReport | undefined {
    return this.seen.get(keyOf(sizes));
  }

  /** Tries each of them in so many runs; those that have been tried stay as they are. */
  start(all: readonly Sizes[], seeds: number): void {
    this.stop();
    this.failure = "";
    this.queue = all.filter((sizes) => this.of(sizes)?.ended !== true).map((sizes) => ({ sizes, seeds }));
    if (this.worker === undefined) {
      this.open();
    } else {
      this.next();
    }
  }

  stop(): void {
    this.queue = [];
    this.current = null;
    this.id += 1;
    this.order({ kind: "stop" });
    this.changed();
  }

  /** Ends the thread. What was seen stays. */
  close(): void {
    this.stop();
    this.worker?.terminate();
    this.worker = undefined;
  }

  private open(): void {
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.onAnswer(data));
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.fail(event.message ?? "its thread could not be started");
    });
    const { glue, wasm } = MODULES.threshold;
    this.order({ kind: "open", glue: new URL(glue, document.baseURI).href, wasm: new URL(wasm, document.baseURI).href });
  }

  private order(order: Order): void {
    this.worker?.postMessage(order);
  }

  private next(): void {
    const job = this.queue.shift();
    this.current = job?.sizes ?? null;
    if (job !== undefined) {
      this.id += 1;
      this.order({ kind: "try", id: this.id, question: { ...job.sizes, seeds: job.seeds } });
    }
    this.changed();
  }

  private onAnswer(answer: Answer): void {
    if (answer.kind === "open") {
      this.next();
    } else if (answer.kind === "failed") {
      this.fail(answer.words);
    } else if (answer.id === this.id) {
      this.seen.set(keyOf(answer.report), answer.report);
      if (answer.report.ended) {
        this.next();
      }
    }
    this.changed();
  }

  /** After a failure the next question starts another thread. */
  private fail(words: string): void {
    this.failure = `The runs were given up: ${plainly(words)}`;
    this.queue = [];
    this.current = null;
    this.worker?.terminate();
    this.worker = undefined;
    this.changed();
  }
}
