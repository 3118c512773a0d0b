// A thread with an engine of its own, which tries one question in many runs, in small advances, and listens in between.
// It imports nothing of the page; where the engine lies it is told.

import type { ThresholdQuestion } from "../../../../src/web/types";
import type * as Package from "../../../pkg/threshold/threshold.js";
import { failed, loadEngine } from "../../search/engine.js";
import type { Answer, Order } from "./orders.js";

/** Milliseconds of work between two looks at what was asked. */
const TURN_MS = 80;

type Engine = typeof Package;

let engine: Engine | undefined;
let threshold: InstanceType<Engine["Threshold"]> | undefined;
/** The question that is tried; another one, and its turns end. */
let trying: number | null = null;

const tell = (answer: Answer): void => self.postMessage(answer, {});

async function open(glue: string, wasm: string): Promise<void> {
  engine = await loadEngine<Engine>(glue, wasm);
  tell({ kind: "open" });
}

function begin(id: number, question: ThresholdQuestion): void {
  if (engine === undefined) {
    throw new Error("The engine was not loaded.");
  }
  threshold?.free();
  threshold = undefined;
  threshold = new engine.Threshold(question);
  trying = id;
  turn(id);
}

function turn(id: number): void {
  if (trying !== id || threshold === undefined) {
    return;
  }
  const report = threshold.advance(TURN_MS);
  tell({ kind: "report", id, report });
  if (report.ended) {
    trying = null;
  } else {
    setTimeout(() => guarded(() => turn(id)), 0);
  }
}

function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  trying = null;
  tell(failed(error));
}

self.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.kind === "open") {
    open(data.glue, data.wasm).catch(fail);
  } else if (data.kind === "try") {
    guarded(() => begin(data.id, data.question));
  } else {
    trying = null;
  }
});
