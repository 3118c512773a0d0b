// Who lets protocols follow scripts, and measures them: an engine of its own, a few runs at a time, with an ear for orders
// in between. It is the same on a thread of its own and on the page's. It imports nothing of the page; where the engine
// lies it is told.

import type { ComparisonQuestion } from "../../../src/web/types";
import type * as Package from "../../pkg/hunt/hunt.js";
import { failed, loadEngine } from "./engine.js";
import type { CompareAnswer, CompareOrder, Refused } from "./compare-orders.js";

type Engine = typeof Package;
/** A script inside the engine, and the runs of its protocols so far. */
type Comparison = InstanceType<Engine["Comparison"]>;

/** A column that is being measured. */
interface Measured {
  id: number;
  comparison: Comparison;
  protocol: string;
  runs: number;
}

export class CompareHand {
  private engine: Engine | undefined;
  private measured: Measured | null = null;

  /** `turnMs`: milliseconds of work between two looks at what was asked. */
  constructor(
    private readonly tell: (answer: CompareAnswer) => void,
    private readonly turnMs: number,
  ) {}

  take(order: CompareOrder): void {
    // What was asked before is not wanted any more.
    this.end();
    if (order.kind === "open") {
      this.open(order.glue, order.wasm).catch((error: unknown) => this.fail(error));
    } else if (order.kind !== "stop") {
      this.guarded(order.id, () => this.carryOut(order));
    }
  }

  private carryOut(order: Exclude<CompareOrder, { kind: "open" | "stop" }>): void {
    const { id } = order;
    const comparison = this.prepare(order.question);
    if (order.kind === "column") {
      const { protocol, runs } = order;
      this.measured = { id, comparison, protocol, runs };
      this.turn(this.measured, 0);
      return;
    }
    try {
      if (order.kind === "about") {
        this.tell({ kind: "about", id, about: comparison.about() });
      } else {
        const { protocol } = order;
        const run = comparison.show(protocol);
        this.tell({ kind: "one", id, run, column: comparison.column(protocol) });
      }
    } finally {
      comparison.free();
    }
  }

  private async open(glue: string, wasm: string): Promise<void> {
    this.engine = await loadEngine<Engine>(glue, wasm);
    this.tell({ kind: "open", scripts: this.engine.ready_scripts() });
  }

  private prepare(question: ComparisonQuestion): Comparison {
    if (this.engine === undefined) {
      throw new Error("The engine was not loaded.");
    }
    return new this.engine.Comparison(question);
  }

  /** Measures for a while, and then what is left. */
  private turn(measured: Measured, from: number): void {
    const { id, comparison, protocol, runs } = measured;
    const next = comparison.measure(protocol, from, runs, this.turnMs);
    if (next < runs) {
      this.tell({ kind: "progress", id, runs: next - from });
      setTimeout(() => {
        if (this.measured === measured) {
          this.guarded(id, () => this.turn(measured, next));
        }
      }, 0);
      return;
    }
    this.tell({ kind: "progress", id, runs: next - from });
    this.tell({ kind: "column", id, column: comparison.column(protocol) });
    this.end();
  }

  private end(): void {
    this.measured?.comparison.free();
    this.measured = null;
  }

  private guarded(id: number, act: () => void): void {
    try {
      act();
    } catch (error) {
      const refused = refusal(error);
      if (refused === null) {
        this.fail(error);
      } else {
        this.end();
        this.tell({ kind: "refused", id, ...refused });
      }
    }
  }

  /** After a trap inside wasm the instance must not be called again, not even to free something in it. */
  private fail(error: unknown): void {
    this.measured = null;
    this.tell(failed(error));
  }
}

/** What the engine says is wrong with what it was given; null where it is the engine that went wrong. */
function refusal(error: unknown): Refused | null {
  if (!(error instanceof Error) || error.name !== "PlaygroundError") {
    return null;
  }
  return { words: error.message, place: "place" in error && typeof error.place === "string" ? error.place : "" };
}
