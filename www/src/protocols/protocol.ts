// What a view must ask the protocol's own folder, because the engine's general view cannot say it. A protocol is one
// folder beside this file and one line in `KNOWN`. Its board is an element that `board.fetch` imports.

import type { TemplateResult } from "lit";

import type { Changes } from "../engine/changes.js";
import type { Catalogue, NodeView, Scenario } from "../engine/engine.js";
import type { Family } from "../engine/modules.js";
import type { Run } from "../engine/run.js";
import { multiPaxos } from "./multi_paxos/multi_paxos.js";
import { paxos } from "./paxos/paxos.js";
import { pbft } from "./pbft/pbft.js";
import { raft } from "./raft/raft.js";
import { tendermint } from "./tendermint/tendermint.js";
import { viewstamped } from "./viewstamped/viewstamped.js";

export interface Tally {
  /** What is counted: `votes`. */
  what: string;
  have: number;
  need: number;
}

/** A rule that is off because a setting says so. */
export interface SettingOff {
  name: string;
  /** What happens without it. */
  text: string;
  /** The setting with which it is on. */
  on: Partial<Scenario>;
}

/** A kind of event that one wants to get to. */
export interface Jump {
  /** `election`, `ballot`. */
  name: string;
  marks: (changes: Changes) => readonly number[];
}

export interface ProtocolLooks {
  /** The protocol's name as people write it. */
  title: string;
  /** The wasm module that has it. */
  family: Family;
  /** What its epochs are called: term, view, ballot. */
  epoch: string;
  /** Its epochs in a letter, where a ring has no space for the word. */
  epochLetter?: string;
  /** Whether a role is worth a crown. */
  crowned: (role: string) => boolean;
  /** What the process with the crown is called; null where there is none. */
  leader: string | null;
  /**
   * Whom the one press at the side cuts off, where that is not the process with the crown: what it is called, which role
   * it has, and what is said where there is none.
   */
  side?: { whom: string; is: (node: NodeView) => boolean; nobody: string };
  /** Who leads, or what else there is to say of all replicas, in a sentence. */
  caption(replicas: readonly NodeView[], catalogue: Catalogue): string;
  /** The timers that a process is drawn with, the first that is set. */
  timers: readonly string[];
  /** What a process waits for, if it counts something. */
  tally(node: NodeView, replicas: number): Tally | null;
  /** How far the leader has come with each peer's log: next index and match index. */
  progress(node: NodeView): ReadonlyMap<number, { next: number | null; match: number | null }>;
  /** Indexes of the log's entries whose command stands further up, too: it was tried again, and is applied once. */
  repeated?(node: NodeView): ReadonlySet<number>;
  /** What a scenario switches off by its settings. */
  settingsOff?(scenario: Scenario): readonly SettingOff[];
  /** Rules that tell more than others that fire with them: these are told first. */
  tellingRules?: readonly string[];
  /** Where the keys E and C lead. */
  jumps: { epoch: Jump; decision: Jump };
  /** The view of what the replicas have stored: its name, what fetches its element, and how it is drawn. */
  board: { name: string; fetch: () => Promise<unknown>; draw: (run: Run) => TemplateResult };
  /** Whether so many replicas can decide without the others; where nothing is said, a majority can. */
  isQuorum?: (side: readonly number[], replicas: number, scenario: Scenario) => boolean;
  /** Kinds of messages that belong to no epoch, where an epoch may be 0. */
  epochless?: readonly string[];
  /** Which way time runs on the diagram, unless a person says otherwise. Where nothing is said: down. */
  direction?: "down" | "right";
  /** Whether replicas have no disk in such a run, so that a crash forgets all. Where nothing is said, they have one. */
  isDiskless?(scenario: Scenario): boolean;
  /** Rules by which a message is thrown away. */
  rejections?: readonly string[];
  /** What a decision is called whose phases are headed on the diagram: `number 3, view 0`. */
  decision?: (index: number, round: number) => string;
  /** A prepared run of another protocol with such a liar, and what is said of it. */
  liarElsewhere?: { protocol: string; entry: string; words: string };
  /** What the protocol does about liars, in a sentence or two. */
  liars?: string;
}

const KNOWN: Record<string, ProtocolLooks> = { raft, paxos, "multi-paxos": multiPaxos, viewstamped, pbft, tendermint };

/** The protocol that the page opens with. */
export const PROTOCOL_FIRST = "raft";

/** All protocols that can be chosen, with the names that scenarios have for them. */
export const PROTOCOLS: readonly (readonly [string, ProtocolLooks])[] = Object.entries(KNOWN);

/** Whether the page has a protocol of that name. */
export function isKnown(protocol: string): boolean {
  return Object.hasOwn(KNOWN, protocol);
}

export function looksOf(protocol: string): ProtocolLooks {
  return KNOWN[protocol] ?? raft;
}

/** Whether epochs are counted from 0: there, 0 is an epoch like any other. */
export function countsFromZero(protocol: string): boolean {
  return looksOf(protocol).epochless !== undefined;
}

/** Whether a crash leaves what was written to disk. */
export function hasDisks(scenario: Scenario): boolean {
  return looksOf(scenario.protocol).isDiskless?.(scenario) !== true;
}

/** An epoch as people write it: `3`; a ballot with its owner: `3.n2`. */
export function epochName({ epoch_places: owners, processes }: Catalogue, epoch: number): string {
  return owners === null ? String(epoch) : `${Math.floor(epoch / owners)}.${processes[epoch % owners] ?? "?"}`;
}

/** An epoch in words: `term 3`, `ballot 3.n2`. */
export function epochWords(catalogue: Catalogue, epoch: number): string {
  const what = looksOf(catalogue.protocol).epoch;
  return epoch === 0 && catalogue.epoch_places !== null ? `no ${what}` : `${what} ${epochName(catalogue, epoch)}`;
}
