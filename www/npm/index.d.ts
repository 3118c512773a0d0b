// Types of the engine for programs.

import type * as Raft from "./types/engine.js";

export type {
  Action, Catalogue, Caption, Columns, EventView, GalleryEntry, Intervention, InvariantState, MessageView, NodeView, OperationView,
  PlaygroundError, Scenario, Status, Ticks, Verdict,
} from "./types/engine.js";

/** The names of the protocols. */
export type Protocol = "raft" | "paxos" | "multi-paxos" | "viewstamped" | "pbft" | "tendermint";

/** The protocols that a scenario can name. */
export const PROTOCOLS: readonly Protocol[];

/** The module of a protocol: every one has the same exports. */
export type Engine = Pick<typeof Raft, "Simulation" | "gallery" | "engine_version" | "fresh_seed">;

/**
 * The module of a protocol. It is fetched once, however often it is asked for. Rejects with a `RangeError` where there is no
 * such protocol.
 */
export function load(protocol: string): Promise<Engine>;

/** What came of a run. */
export interface Outcome {
  /** How many events it has. */
  events: number;
  /** Its last moment, in ticks: microseconds of virtual time. */
  now: Raft.Ticks;
  /** The hash over all events: the same scenario gives the same one everywhere. */
  hash: string;
  /** The checker's word on what the clients saw. */
  verdict: Raft.Verdict;
  /** The protocol's properties that do not hold, each with its event and its reasons. */
  broken: Raft.InvariantState[];
  /** What the clients did. */
  history: Raft.OperationView[];
}

/**
 * Runs a scenario up to a virtual time (5 seconds unless another is given), and says what came of it. Rejects with a
 * `PlaygroundError` that says what is wrong with the scenario, and where.
 */
export function run(scenario: Raft.Scenario, untilTicks?: Raft.Ticks): Promise<Outcome>;
