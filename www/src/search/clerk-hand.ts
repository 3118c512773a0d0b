// Who writes a run in some format, says why something happened in it, and judges files: with an engine of its own, which knows all protocols. It is the same
// on a thread of its own and on the page's. It imports nothing of the page; where the engine lies it is told.

import type { ExportQuestion, ExportedRun, JudgedHistory, RunFormat, WhyAnswer, WhyQuestion } from "../../../src/web/types";
import type * as Package from "../../pkg/course/course.js";
import { failed, loadEngine } from "./engine.js";
import type { Common, Failed } from "./orders.js";

export type Errand =
  /** Says what a run can be written in. */
  | { kind: "formats" }
  | { kind: "export"; question: ExportQuestion }
  /** Says why something happened in a run, or did not. */
  | { kind: "why"; question: WhyQuestion }
  /** Says whether a text is a scenario that can be run. */
  | { kind: "scenario"; text: string }
  /** Judges a history; without a model, of what its words are. */
  | { kind: "judge"; bytes: Uint8Array; model: string | undefined };

export type Done =
  | { kind: "open" }
  | { kind: "formats"; formats: RunFormat[] }
  | { kind: "export"; exported: ExportedRun }
  | { kind: "why"; answer: WhyAnswer }
  | { kind: "scenario" }
  | { kind: "judge"; judged: JudgedHistory };

export class ClerkHand {
  private engine: typeof Package | undefined;

  constructor(private readonly tell: (answer: Done | Failed) => void) {}

  take(order: Errand | Common): void {
    if (order.kind === "open") {
      this.open(order.glue, order.wasm).catch((error: unknown) => this.fail(error));
    } else if (order.kind !== "stop") {
      try {
        this.tell(this.carryOut(order));
      } catch (error) {
        this.fail(error);
      }
    }
  }

  private async open(glue: string, wasm: string): Promise<void> {
    this.engine = await loadEngine<typeof Package>(glue, wasm);
    this.tell({ kind: "open" });
  }

  private carryOut(order: Errand): Done {
    const { engine } = this;
    if (engine === undefined) {
      throw new Error("The engine was not loaded.");
    }
    if (order.kind === "formats") {
      return { kind: "formats", formats: engine.formats() };
    }
    if (order.kind === "export") {
      return { kind: "export", exported: engine.export_run(order.question) };
    }
    if (order.kind === "why") {
      return { kind: "why", answer: engine.why_of_run(order.question) };
    }
    if (order.kind === "scenario") {
      engine.check_scenario(order.text);
      return { kind: "scenario" };
    }
    return { kind: "judge", judged: engine.judge_history(order.bytes, order.model) };
  }

  private fail(error: unknown): void {
    this.tell(failed(error));
  }
}
