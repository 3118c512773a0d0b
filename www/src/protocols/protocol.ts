// What a view must ask the protocol's own folder, because the engine's general view cannot say it.

import type { NodeView, Scenario } from "../engine/engine.js";
import { raft } from "./raft/raft.js";

export interface Tally {
  /** What is counted: `votes`. */
  what: string;
  have: number;
  need: number;
}

export interface ProtocolLooks {
  /** The protocol's name as people write it. */
  title: string;
  /** What its epochs are called: term, view, ballot. */
  epoch: string;
  /** Whether a role is worth a crown. */
  crowned: (role: string) => boolean;
  /** The timers that a process is drawn with, the first that is set. */
  timers: readonly string[];
  /** What a process waits for, if it counts something. */
  tally(node: NodeView, replicas: number): Tally | null;
  /** How far the leader has come with each peer's log: next index and match index. */
  progress(node: NodeView): ReadonlyMap<number, { next: number | null; match: number | null }>;
  /** Indexes of the log's entries whose command stands further up, too: it was tried again, and is applied once. */
  repeated?(node: NodeView): ReadonlySet<number>;
  /** What a scenario switches off by its settings, in sentences. */
  settingsOff?(scenario: Scenario): readonly string[];
  /** Rules that tell more than others that fire with them: these are told first. */
  tellingRules?: readonly string[];
  /** The assumption about failures and time, in words. */
  faultModel: string;
  /** A warning when the settings make the protocol unstable, or null. */
  stability(scenario: Scenario, latencyMax: number): string | null;
}

const KNOWN: Record<string, ProtocolLooks> = { raft };

export function looksOf(protocol: string): ProtocolLooks {
  return KNOWN[protocol] ?? raft;
}
