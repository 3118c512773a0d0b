// The only module that knows the wasm packages. Everything else sees `Engine`.

import type {
  Action, Caption, Catalogue, Columns, Culprits, EventView, GalleryEntry, HeldProof, InterventionView, InvariantState, LinkContent, MessageView, NetworkView,
  NodeView, OperationView, Phases, QuorumsView, ReachedMoment, Scenario, SlotView, Status, Verdict, VoteSet,
} from "../../../src/web/types";
import { MISSING, isMissing } from "./missing.js";
import { MODULES } from "./modules.js";
import type { Family, Package } from "./modules.js";

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
  plan_heal(tick: number): void;
  columns(events: number, messages: number, resolutions: number): Columns;
  nodes(): NodeView[];
  network(): NetworkView;
  message(index: number): MessageView;
  event(index: number): EventView;
  labels(messages: Uint32Array): string[];
  history(since: number): OperationView[];
  verdict(): Verdict;
  /** The writes that clients were told are done, and that are lost. */
  lost_writes(): OperationView[];
  invariants(): InvariantState[];
  votes(node: number): VoteSet[];
  proofs(): HeldProof[];
  culprits(): Culprits | null;
  phases(from: number, to: number): Phases[];
  quorums(): QuorumsView;
  slots(first: number, last: number): SlotView[];
  interventions(): InterventionView[];
  transcript(from_event: number, to_event: number): string;
  /** As `run_until`, but messages that would decide are held back. */
  keep_undecided(tick: number, budget_ms: number): Status;
  /** Lets all that is held back arrive. */
  let_go(): Status;
  /** How many messages are held back; nothing where that is not known of the protocol. */
  held_back(): number | undefined;
  /** Where the captions are in the run as it is recorded, in their order; null for what is not reached. */
  moments(): (ReachedMoment | null)[];
  /** Gives the run other words. */
  set_captions(captions: readonly Caption[]): void;
  link_content(): LinkContent;
  hash_after(events: number): string;
}

/** One living instance of the engine. */
export interface Engine {
  simulate(scenario: Scenario): Simulation;
  gallery(): GalleryEntry[];
  freshSeed(): number;
  version(): string;
}

const compiled = new Map<Family, WebAssembly.Module>();
let instances = 0;

/** Starts an engine for a family of protocols. */
export async function startEngine(family: Family): Promise<Engine> {
  return engineOf(await startModule<typeof Package>(family));
}

/** What the exports of a module that was started are to the page. */
export function engineOf(glue: typeof Package): Engine {
  return {
    simulate: (scenario) => new glue.Simulation(scenario),
    gallery: () => glue.gallery(),
    freshSeed: () => glue.fresh_seed(),
    version: () => glue.engine_version(),
  };
}

/** What wasm-bindgen makes of every module. */
interface Glue {
  default: (from: { module_or_path: WebAssembly.Module }) => Promise<unknown>;
}

/**
 * Starts a module. A panic leaves an instance that must not be called again, and the package's `init()` would hand that
 * dead instance out once more. So each start but the first imports the package under another address: a module of its
 * own, with memory of its own. The compiled code is shared.
 */
export async function startModule<T extends Glue>(family: Family): Promise<T> {
  const { glue: glueAddress } = MODULES[family];
  const address = compiled.has(family) ? `${glueAddress}?instance=${instances}` : glueAddress;
  instances += 1;
  const [glue, code] = await Promise.all([
    import(/* @vite-ignore */ new URL(address, document.baseURI).href) as Promise<T>,
    compile(family),
  ]);
  await glue.default({ module_or_path: code });
  return glue;
}

async function compile(family: Family): Promise<WebAssembly.Module> {
  const known = compiled.get(family);
  if (known !== undefined) {
    return known;
  }
  const response = await fetch(MODULES[family].wasm);
  if (!response.ok) {
    throw new Error(MISSING);
  }
  const code = await WebAssembly.compile(await response.arrayBuffer());
  compiled.set(family, code);
  return code;
}

/** Whether an error is the engine's death: a trap inside wasm, after which the instance must not be called again. */
export function isDeath(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}

/** A sentence for a person, and the place in what was handed in where it went wrong. */
export function describeError(error: unknown): string {
  if (isMissing(error)) {
    return MISSING;
  }
  if (error instanceof Error) {
    const place = "place" in error && typeof error.place === "string" ? error.place : "";
    return error.message.includes(place) ? error.message : `${error.message} (at ${place})`;
  }
  return String(error);
}
