// The only module that knows the wasm package. Everything else sees `Engine`.

import glueAddress from "../../pkg/consensus_playground.js?url";
import wasmAddress from "../../pkg/consensus_playground_bg.wasm?url";
import type * as Package from "../../pkg/consensus_playground.js";
import type {
  Action, Catalogue, Columns, EventView, GalleryEntry, InterventionView, InvariantState, MessageView, NetworkView, NodeView,
  OperationView, Scenario, Status, Verdict,
} from "../../../src/web/types";

export type * from "../../../src/web/types";

/** A run inside the engine. Every call may throw a `PlaygroundError`, or the engine's death. */
export interface Simulation {
  free(): void;
  catalogue(): Catalogue;
  scenario(): Scenario;
  status(): Status;
  step(): boolean;
  run_until(tick: number, budget_ms: number): Status;
  seek(event: number): Status;
  intervene(action: Action): { discarded_events: number; status: Status };
  columns(events: number, messages: number, resolutions: number): Columns;
  nodes(): NodeView[];
  network(): NetworkView;
  message(index: number): MessageView;
  event(index: number): EventView;
  labels(messages: Uint32Array): string[];
  history(since: number): OperationView[];
  verdict(): Verdict;
  invariants(): InvariantState[];
  interventions(): InterventionView[];
  transcript(from_event: number, to_event: number): string;
}

/** One living instance of the engine. */
export interface Engine {
  simulate(scenario: Scenario): Simulation;
  gallery(): GalleryEntry[];
  freshSeed(): number;
  version(): string;
}

let compiled: WebAssembly.Module | undefined;
let instances = 0;

/**
 * Starts an engine. A panic leaves an instance that must not be called again, and the package's `init()` would hand that
 * dead instance out once more. So each start imports the package under another address: a module of its own, with memory of its own.
 * The compiled code is shared.
 */
export async function startEngine(): Promise<Engine> {
  const address = instances === 0 ? glueAddress : `${glueAddress}?instance=${instances}`;
  instances += 1;
  const [glue, code] = await Promise.all([
    import(/* @vite-ignore */ new URL(address, document.baseURI).href) as Promise<typeof Package>,
    compile(),
  ]);
  await glue.default({ module_or_path: code });
  return {
    simulate: (scenario) => new glue.Simulation(scenario),
    gallery: () => glue.gallery(),
    freshSeed: () => glue.fresh_seed(),
    version: () => glue.engine_version(),
  };
}

async function compile(): Promise<WebAssembly.Module> {
  if (compiled === undefined) {
    const response = await fetch(wasmAddress);
    if (!response.ok) {
      throw new Error(`The engine could not be loaded: ${response.status} ${response.statusText}`);
    }
    compiled = await WebAssembly.compile(await response.arrayBuffer());
  }
  return compiled;
}

/** Whether an error is the engine's death: a trap inside wasm, after which the instance must not be called again. */
export function isDeath(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}

/** A sentence for a person, and the place in what was handed in where it went wrong. */
export function describeError(error: unknown): string {
  if (error instanceof Error) {
    const place = "place" in error && typeof error.place === "string" ? error.place : "";
    return error.message.includes(place) ? error.message : `${error.message} (at ${place})`;
  }
  return String(error);
}
