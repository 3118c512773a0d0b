// The explorer's own thread: it has an instance of the engine, searches in small advances, and listens in between. It
// imports nothing of the page, so that its file is small; where the engine lies it is told.

import type { ExplorationOptions } from "../../../../src/web/types";
import type * as Package from "../../../pkg/explore/explore.js";
import type { Answer, Order } from "./orders.js";

/** Milliseconds of work between two looks at what was asked. */
const TURN_MS = 60;
const STATES_PER_ADVANCE = 2_000;
const MEGABYTE = 1_000_000;

type Engine = typeof Package;

let engine: Engine | undefined;
let memory: WebAssembly.Memory | undefined;
let exploration: InstanceType<Engine["Exploration"]> | undefined;
/** The search that goes on; another number, or null, and its turns end. */
let searching: number | null = null;
let worked = 0;

const tell = (answer: Answer): void => self.postMessage(answer, {});
const heap = (): number => memory?.buffer.byteLength ?? 0;

async function open(glue: string, wasm: string): Promise<void> {
  engine = (await import(/* @vite-ignore */ glue)) as Engine;
  ({ memory } = await engine.default({ module_or_path: wasm }));
  tell({ kind: "models", models: engine.models() });
}

function start(id: number, model: string, options: ExplorationOptions): void {
  if (engine === undefined) {
    throw new Error("The explorer was not loaded.");
  }
  exploration?.free();
  exploration = undefined;
  exploration = new engine.Exploration(model, options);
  searching = id;
  worked = 0;
  turn(id);
}

/** Works for a while, says how far it is, and lets what was asked meanwhile come in. */
function turn(id: number): void {
  if (searching !== id || exploration === undefined) {
    return;
  }
  const began = performance.now();
  let progress = exploration.advance(STATES_PER_ADVANCE);
  while (progress.ended === null && performance.now() - began < TURN_MS) {
    progress = exploration.advance(STATES_PER_ADVANCE);
  }
  worked += performance.now() - began;
  const seconds = worked / 1_000;
  tell({ kind: "progress", id, progress, seconds, heap: heap() });
  if (progress.ended === null) {
    setTimeout(() => guarded(() => turn(id)), 0);
  } else {
    searching = null;
    tell({ kind: "report", id, report: exploration.report(), seconds, heap: heap() });
  }
}

function cancel(id: number): void {
  if (searching === id && exploration !== undefined) {
    exploration.cancel();
    turn(id);
  }
}

/** What goes wrong is said; after a trap inside wasm the instance must not be called again. */
function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  searching = null;
  const died = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  const words = error instanceof Error ? error.message : String(error);
  tell({ kind: "failed", words, died, megabytes: Math.round(heap() / MEGABYTE) });
}

self.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.kind === "open") {
    open(data.glue, data.wasm).catch(fail);
    return;
  }
  guarded(() => {
    if (data.kind === "start") {
      start(data.id, data.model, data.options);
    } else if (data.kind === "cancel") {
      cancel(data.id);
    } else {
      tell({ kind: "scenario", property: data.property, scenario: exploration?.scenario(data.property) ?? null });
    }
  });
});
