/** A process's place in the cluster: replicas first, from 0, then clients. */
export type ProcessPlace = number;
/** Virtual time in ticks. One tick is one microsecond. */
export type Ticks = number;
/** Place of an event in the run, from 0. An event is one input handled by one process. */
export type EventIndex = number;
/** Place of a message in the run, from 0. A duplicate is a message of its own. */
export type MessageIndex = number;

/** What every call that fails throws. */
export interface PlaygroundError extends Error {
  name: "PlaygroundError";
  /** What kind of thing was wrong: `scenario`, `intervention`, `argument`, `limit`, `link`. */
  code: string;
  /** Where, as a path into what was handed in (`network.latency_ticks.min`), or "". */
  place: string;
}

export interface Range { min: Ticks; max: Ticks }
/** A probability as a ratio of whole numbers. */
export interface Ratio { numerator: number; denominator: number }

/** What a run is made of. Every field but `protocol` may be left out. */
export interface Scenario {
  protocol: string;
  title?: string;
  seed?: number;
  replicas?: number;
  clients?: number;
  network?: Partial<Network>;
  /** How long a flush takes, on every disk, and on single replicas' own, by name. */
  disk?: { flush_ticks?: Ticks; own_flush_ticks?: Record<string, Range> };
  workload?: Partial<Workload>;
  client?: { attempt_ticks?: Ticks; deadline_ticks?: Ticks; backoff_ticks_max?: Ticks };
  /** How clients read: `linearizable` unless something else is said, `lease`, `session` or `local`. */
  reads?: string;
  /** How fast each replica's clock runs, in order, in ticks per million ticks. */
  clock_rates_ppm?: number[];
  /** By how much clocks may differ in speed for a lease to hold. */
  clock_drift_ppm?: number;
  raft?: Partial<RaftSettings>;
  paxos?: Partial<PaxosSettings>;
  pbft?: Partial<PbftSettings>;
  tendermint?: Partial<TendermintSettings>;
  multi_paxos?: Partial<MultiPaxosSettings>;
  viewstamped?: Partial<ViewstampedSettings>;
  mutations?: string[];
  interventions?: Intervention[];
  limits?: { events?: number };
  /** Words at moments of the run, in the order in which they are read. They change nothing in it. */
  captions?: Caption[];
}

/** Words at a moment of a run, as plain text. At most 40, with 600 characters of text each. */
export interface Caption {
  moment: CaptionMoment;
  title: string;
  text?: string;
  look?: CaptionLook;
  /** Whether play halts there. */
  halt?: boolean;
  ask?: CaptionAsk;
}
/** A moment: a virtual time, or the n-th event of a kind. */
export interface CaptionMoment {
  on:
    | { at: Ticks } | { role: string } | { rule: string } | { message: string } | { broken: string }
    | "decided" | "invoked" | "completed" | "intervention" | "violation" | "contradiction" | "proof";
  /** Where it happens; anywhere, if no process is named. */
  node?: string;
  /** Who sent the message. */
  from?: string;
  operation?: "get" | "put" | "delete" | "cas";
  ending?: "ok" | "failed" | "unknown";
  /** Which of such events: the first, 1, if nothing is said. */
  nth?: number;
}
/** What to look at: what is named is selected, and the span of time, around the moment, is in view. */
export interface CaptionLook {
  node?: string;
  message?: MessageIndex;
  cell?: { node: string; index: number };
  /** By its number in the history, from 0. */
  operation?: number;
  span?: { before: Ticks; after: Ticks };
  /** The events that are responsible for what is wrong are shown. */
  why?: boolean;
}
export type CaptionAsk =
  | { act: { words: string; action: Action } }
  /** `right`: the right choice, from 0. `answer` is said once one is chosen. */
  | { question: { question: string; choices: string[]; right: number; answer: string } };
/** Where a caption's moment is: so many events have happened then, up to and with that of the moment. */
export interface ReachedMoment { events: number; time: Ticks }
export interface Network { latency_ticks: Range; loss: Ratio; duplication: Ratio; reordering: Ratio }
export interface Workload {
  /** Operations each client invokes; null: without end. */
  operations_per_client: number | null;
  keys: number;
  think_ticks: Range;
  mix: { get: number; put: number; cas: number; delete: number };
}
export interface RaftSettings {
  election_timeout_ticks: Range;
  heartbeat_ticks: Ticks;
  pre_vote: boolean;
  check_quorum: boolean;
  /** Reads are entries of the log like any other command; absent: no. */
  reads_through_log?: boolean;
  snapshot_threshold: number;
  snapshot_trailing: number;
  entries_per_message_max: number;
}

export interface PaxosSettings {
  retry_ticks: Ticks;
  backoff_ticks: Ticks;
  backoff_ticks_max: Ticks;
}

export interface PbftSettings {
  /** f; left out: (n - 1) / 3. */
  faults: number;
  /** q; left out: the smallest of which any two share an honest replica. */
  quorum: number;
  checkpoint_interval: number;
  log_window: number;
  view_change_ticks: Ticks;
  status_ticks: Ticks;
  read_only: boolean;
}

export interface StepTimeout { initial_ticks: Ticks; delta_ticks: Ticks }
export interface TendermintSettings {
  propose: StepTimeout;
  prevote: StepTimeout;
  precommit: StepTimeout;
  resend_ticks: Ticks;
  status_ticks: Ticks;
  idle_ticks: Ticks;
  requests_per_block_max: number;
  /** Voting power of each validator; those without a number have 1. */
  powers: number[];
  liars: number;
}

export interface ViewstampedSettings {
  view_change_ticks: Range;
  commit_ticks: Ticks;
  /** Replicas keep on a disk what they must not forget; otherwise a crash forgets all. */
  on_disk: boolean;
  checkpoint_threshold: number;
  checkpoint_trailing: number;
  entries_per_message_max: number;
}
export interface MultiPaxosSettings {
  election_timeout_ticks: Range;
  heartbeat_ticks: Ticks;
  check_quorum: boolean;
  snapshot_threshold: number;
  snapshot_trailing: number;
  slots_per_message_max: number;
}

/** Something done to the run from outside, at a time. With `after_event`, just after that event; else before all events of that tick. */
export interface Intervention { at: Ticks; after_event?: EventIndex; action: Action }
/** Processes are named: replicas n1, n2, ..., clients c1, c2, ... */
export type Action =
  | { partition: { groups: string[][] } }
  | { cut: { links: Link[] } }
  | { restore: { links: Link[] } }
  | "heal"
  | { crash: { node: string } }
  /** The process dies, and its machine lives on: what it had handed to its disk still gets there. */
  | { kill: { node: string } }
  /** A crash that waits for a write. Between the writes of one step is beyond the fault model. */
  | { crash_between: { node: string; point: "write_and_send" | "writes" } }
  | { restart: { node: string } }
  | { pause: { node: string } }
  | { resume: { node: string } }
  | { wipe_disk: { node: string } }
  | { disk: { node: string; flush_ticks: Range } }
  | { stall_disk: { node: string } }
  | { release_disk: { node: string } }
  /** Its disk says "done" of what a loss of power then loses: beyond the fault model. */
  | { lose_flushes: { node: string } }
  | { keep_flushes: { node: string } }
  | { drop_message: { message: MessageIndex } }
  | { delay_message: { message: MessageIndex; by_ticks: Ticks } }
  | { duplicate_message: { message: MessageIndex } }
  | { deliver_message_now: { message: MessageIndex } }
  | { network: Partial<Network> }
  | { link_latency: { from: string; to: string; latency_ticks: Range } }
  | { link_loss: { from: string; to: string; loss: Ratio } }
  /** Dials that are left out take their defaults. */
  | { workload: Partial<Workload> }
  | { invoke: { client: string; command: Command } }
  | { fire_timer: { node: string; timer: string } }
  /** Makes a process lie from now on, in this way. */
  | { corrupt: { node: string; strategy: Strategy } }
  /** Puts a line before all others that a process lies by. */
  | { say: { node: string; line: LieLine } }
  /** These share their keys: each can sign in the name of all. */
  | { collude: { processes: string[] } }
  /** Makes a process lie that does not keep to one more of its rules. */
  | { depart: { node: string; mutation: string } }
  | { reform: { node: string } }
  /** New random numbers from here on: a fork of the run. */
  | { reseed: { seed: number } }
  /** A process handles its next input with one rule switched off. */
  | { misstep: { node: string; mutation: string } }
  | "remove_faults";
/** How a liar lies. Names in `to`; without names, everybody. */
export type Strategy =
  | { silence: { to?: string[] } }
  | { equivocation: { to: string[]; say: Alteration; others?: Alteration } }
  | { falsehood: { say: Alteration } }
  | "replay"
  | { delay: { by_ticks: Ticks } }
  | "drawn"
  | { by_hand: { lines: LieLine[] } };
/** What becomes of the messages of a kind to some receivers. */
export interface LieLine { to?: string[]; kind?: string; deed: Deed; once?: boolean }
export type Deed = "truth" | "withhold" | { alter: Alteration } | { two_faced: Alteration } | { delay: { by_ticks: Ticks } } | "replay";
/** What a liar changes in a message; what means nothing for a kind of message is left alone. */
export type Alteration = { value: number } | "digest" | "nil" | "sequence_up" | "sequence_down" | "epoch_up" | "epoch_down" | { impersonate: string };
export interface Link { from: string; to: string }
export type Command =
  | { get: { key: string } }
  | { put: { key: string; value: string } }
  | { delete: { key: string } }
  /** `expected` null: the key must not be there. */
  | { cas: { key: string; expected: string | null; new: string } }
  /** As `cas`, and as a `put` where the key is not there. */
  | { cas_or_create: { key: string; expected: string; new: string } };

/** What does not change while a scenario runs: names for the numbers in the columns, and the texts of the rules. */
export interface Catalogue {
  protocol: string;
  engine_version: string;
  /** Names by place: n1, n2, ..., then c1, c2, ... */
  processes: string[];
  replicas: number;
  /** Names of roles by code, for replicas (`follower`, `pre-candidate`, `candidate`, `leader`) and clients. */
  replica_roles: string[];
  client_roles: string[];
  message_kinds: string[];
  replica_timers: string[];
  client_timers: string[];
  replica_rules: CatalogueRule[];
  client_rules: CatalogueRule[];
  mutations: CatalogueRule[];
  invariants: { name: string; text: string; source: string }[];
  input_kinds: string[];
  message_fates: string[];
  /** The one key that there is, where the protocol decides on one value only: clients may get it, or set it from nothing by cas. null: any key. */
  only_key: string | null;
  /** Where an epoch is a ballot: the epoch is the ballot's round times this, plus the place of its owner. null where epochs are counted from 1. */
  epoch_places: number | null;
}
export interface CatalogueRule { name: string; text: string; source: string }

/** Where the run and its playhead are. */
export interface Status {
  /** Events before the playhead: the playhead stands just after event `cursor - 1`. */
  cursor: number;
  /** Events recorded so far. */
  events: number;
  messages: number;
  resolutions: number;
  /** Time at the playhead. */
  now: Ticks;
  /** Time of the last event recorded. */
  end: Ticks;
  /** Why it cannot go on, or null: `limit` (the scenario's limit on events), `idle` (nothing is left to happen). */
  stopped: string | null;
  /** Hash over all events up to the playhead, 32 hexadecimal digits. */
  trace_hash: string;
}

/** What a link carries: `Simulation.link_content` gives it, `write_link` makes the text, `read_link` reads it. */
export interface LinkContent {
  /** The version of the engine that made the link. */
  engine_version: string;
  /** Whether this engine has that version. If not, say so: the run may come out differently. */
  is_of_this_engine: boolean;
  /** The scenario with all interventions. */
  scenario: Scenario;
  /** How many events the run has: step so many, and then compare `Simulation.hash_after(events)` with `trace_hash`. */
  events: number;
  /** Where the playhead stood: `seek` there. */
  playhead: number;
  /** The trace hash right after the last of the events, 32 hexadecimal digits. */
  trace_hash: string;
}

/** Columns of what was recorded since the given numbers of events, messages and resolutions. All arrays are copies. */
export interface Columns {
  /** Number of the first event, message, resolution in these columns. */
  first_event: number;
  first_message: number;
  first_resolution: number;
  event_time: Float64Array;
  /** Place of the process; 65535 for an intervention that concerns no single one. */
  event_node: Uint16Array;
  /** Code into `Catalogue.input_kinds`: start, message, timer, persisted, intervention, invoke. */
  event_input: Uint8Array;
  /** Message handled; for a timer the event that set it; for an intervention its number; 4294967295 where there is none. */
  event_cause: Uint32Array;
  /** For a timer, code into `replica_timers` or `client_timers`. */
  event_detail: Uint8Array;
  /** The process's term and role after the event. */
  event_epoch: Uint32Array;
  event_role: Uint8Array;
  /** First message sent by the event, and how many follow it without a gap. */
  event_first_message: Uint32Array;
  event_messages: Uint16Array;
  /** The first rule that fired, as a code; 255 for none. */
  event_rule: Uint8Array;
  /** Bits: 1 persisted something, 2 violation reported, 4 invocation, 8 completion, 16 learnt of a decision (its commit index rose), 32 changed its role. */
  event_flags: Uint8Array;
  message_from: Uint16Array;
  message_to: Uint16Array;
  message_sent: Float64Array;
  /** When it arrives, or would have. */
  message_due: Float64Array;
  /** The event that sent it. */
  message_event: Uint32Array;
  message_kind: Uint8Array;
  message_epoch: Uint32Array;
  /** Bits: 1 heartbeat, 2 duplicate made by the network, 4 not what, or not when, its sender's honest half wanted to say. */
  message_flags: Uint8Array;
  /** What became of messages, in order: a message without a resolution is in flight. */
  resolution_message: Uint32Array;
  /** Code into `Catalogue.message_fates`: delivered, lost, cut, receiver down, dropped by hand, never sent, withheld. */
  resolution_fate: Uint8Array;
  resolution_time: Float64Array;
  /** The event that handled it (delivered), else the number of events before its end. Either way it has ended where this is less than the playhead's `cursor`. */
  resolution_event: Uint32Array;
  /**
   * Messages that were good for something, as the events in these columns show, in order. The others made no difference
   * that is known.
   */
  weight_message?: Uint32Array;
  /** 1: it came when all was decided. 2: it is one of those by which something was decided, or somebody elected. */
  weight?: Uint8Array;
  /** The event after which that shows. */
  weight_event?: Uint32Array;
}

export interface Field { name: string; value: FieldValue }
export type FieldValue = null | boolean | number | string | { process: ProcessPlace } | FieldValue[];

/** A process at the playhead. */
export interface NodeView {
  place: ProcessPlace;
  name: string;
  role: string;
  epoch: number;
  /** `up`, `down` (crashed) or `paused`. */
  condition: "up" | "down" | "paused";
  leader: ProcessPlace | null;
  durable: Field[];
  volatile: Field[];
  peers: { place: ProcessPlace; fields: Field[] }[];
  /** Timers that are set, with the time they were set and the time they fire. */
  timers: { name: string; set_at: Ticks; fires_at: Ticks }[];
  log: LogView | null;
  store: { key: string; value: string }[];
  inbox_held: number;
  /** For the reader; no process knows it of another: `lied` is one that has lied and does no more, `colludes` one that has given its keys away. */
  honesty: "honest" | "lies" | "lies and colludes" | "colludes" | "lied";
}
export interface LogView {
  snapshot_index: number;
  snapshot_epoch: number;
  commit_index: number;
  last_applied: number;
  cells: { index: number; epoch: number; text: string }[];
  /** Entries that it held and that others have replaced, in the order in which that happened. */
  overwritten?: { index: number; epoch: number; text: string; event: EventIndex }[];
}

export interface MessageView {
  index: MessageIndex;
  from: ProcessPlace;
  to: ProcessPlace;
  kind: string;
  label: string;
  epoch: number;
  fields: Field[];
  sent: Ticks;
  due: Ticks;
  sent_by: EventIndex;
  /** The message that it is a copy of, made by the network. */
  copy_of: MessageIndex | null;
  /** At the playhead. */
  fate: string;
  handled_by: EventIndex | null;
  in_flight: boolean;
  /** What its sender, a liar, did to it. */
  lie: Lie | null;
  /** All messages, itself among them, by which a liar said to several what its honest half would have said once. */
  faces: MessageIndex[];
}
export interface Lie {
  /** `added`: the truth was said to the same receiver, right before. */
  kind: "altered" | "added" | "withheld" | "delayed" | "replayed";
  /** What was changed: `value`, `digest`, `nil`, `sequence up`, `sequence down`, `epoch up`, `epoch down`, `impersonate`. */
  alteration: string | null;
  late_by: Ticks | null;
  /** What the honest half wanted to say in its place, if that is something else. */
  honest: { kind: string; label: string; fields: Field[] } | null;
}

/** Processes that said the same, as one replica has counted them: a certificate, or what there is of one. */
export interface VoteSet {
  /** A sequence number or a height. */
  index: number;
  /** The view or the round. */
  round: number;
  /** PBFT: `pre-prepare`, `prepare`, `commit`, `checkpoint`, `view-change`. Tendermint: `proposal`, `prevote`, `precommit`. */
  phase: string;
  /** A digest or a block's name; null is a vote for nil. */
  value: string | null;
  /** The value in a few words, as far as the replica knows it. */
  text: string;
  voters: ProcessPlace[];
  /** What their votes count together, and what is needed. A proposal that has not come has 0 needed, and its proposer for a voter. */
  have: number;
  need: number;
}

/** Two messages that contradict each other under one signature, and who holds them. */
export interface HeldProof {
  culprit: ProcessPlace;
  holder: ProcessPlace;
  since: Ticks;
  /** The event by which the holder got it. */
  event: EventIndex | null;
  /** The two halves, each with the first message that carried it. */
  said: SignedText[];
  /** Why the culprit is no liar: an honest replica whose disk was wiped has forgotten what it said. */
  excuse: string | null;
}

/** Something that was signed, with the first message that carried it. */
export interface SignedText {
  text: string;
  message: MessageIndex | null;
}

/** Who is to blame for a disagreement of honest replicas, as far as these can prove it together. */
export interface Culprits {
  /** The event after which they disagreed. */
  event: EventIndex;
  named: { culprit: ProcessPlace; charge: string; said: SignedText[]; excuse: string | null }[];
  /** Why no more can be named, where they are fewer than f + 1. */
  missing: string | null;
}

/** The phases of one decision, each from the first message that belongs to it: request, those of the protocol, reply. */
export interface Phases {
  index: number;
  round: number;
  phases: { name: string; from: Ticks }[];
  until: Ticks;
}

export interface EventView {
  index: EventIndex;
  time: Ticks;
  node: ProcessPlace | null;
  /** In a few words: `RequestVote from n2`, `election timer fired`. */
  title: string;
  input: string;
  cause_message: MessageIndex | null;
  cause_event: EventIndex | null;
  rules: CatalogueRule[];
  sent: MessageIndex[];
  /** Timers set and cleared, writes, reports, in words. */
  effects: string[];
  violations: string[];
  role: string;
  epoch: number;
}

/** An operation of a client. */
export interface OperationView {
  index: number;
  client: ProcessPlace;
  sequence: number;
  text: string;
  /** `get`, `put`, `delete` or `cas`. */
  kind: string;
  key: string;
  invoked_at: Ticks;
  invoked_event: EventIndex;
  completed_at: Ticks | null;
  completed_event: EventIndex | null;
  outcome: "pending" | "ok" | "failed" | "unknown";
  result: string | null;
}

/** The checker's word on the history up to the playhead. */
export interface Verdict {
  kind: "linearizable" | "not-linearizable" | "undecided";
  /** Operations judged. */
  operations: number;
  /** One sentence: `linearizable: 41 operations`, or which operation cannot be placed, and why. */
  sentence: string;
  /** The operation whose completion has no linearization, by index. */
  blamed: number | null;
  /** Operations in the order of their linearization points; for a violation the longest order that exists. */
  linearization_operation: Uint32Array;
  /** For each of them the time of its point, which lies within the operation. */
  linearization_at: Float64Array;
}

export interface InvariantState {
  name: string;
  text: string;
  source: string;
  /** null while it holds. */
  broken: Broken | null;
}

export interface Broken {
  /** After this event it did not hold. */
  event: EventIndex;
  sentence: string;
  /** The few events that are responsible, in their order: at least one, at most eight. */
  because: Reason[];
  /** The entries of logs, slots, numbers or heights that it is about, and whose. */
  cells?: { node: ProcessPlace; index: number }[];
}

export interface Reason {
  event: EventIndex;
  /** What it has to do with what was found. */
  sentence: string;
}

/** A ballot, and who has promised and accepted it by the playhead. */
export interface BallotView {
  epoch: number;
  /** In answer to a prepare. */
  promised: ProcessPlace[];
  accepted: ProcessPlace[];
  /** What they have accepted. */
  value: string | null;
  /** A majority has promised it. */
  has_promises: boolean;
  /** A majority has accepted it: its value is chosen. */
  is_chosen: boolean;
}

/** The ballots of single-decree Paxos, and where two majorities met that matter. */
export interface QuorumsView { ballots: BallotView[]; meeting: MeetingView | null }

/** Two majorities of two ballots, and the acceptors that are in both. */
export interface MeetingView {
  /** The first ballot that was chosen; where none was, the last but one that a majority promised. */
  earlier: number;
  /** The last ballot that a majority promised. */
  later: number;
  /** The earlier ballot was chosen: its majority is the one that accepted it, else the one that promised it. */
  is_chosen: boolean;
  shared: ProcessPlace[];
  /** Who of them accepted the earlier ballot before it promised the later one, and so reported it. Where a promise binds, all that have accepted it. */
  carried_by: ProcessPlace[];
}

/** Where an entry of a log comes from. */
export interface Origin {
  /** Who held it first: the leader that wrote it. */
  written: { node: ProcessPlace; event: EventIndex } | null;
  /** Whose command it is; null for one of nobody's. */
  client: ProcessPlace | null;
  /** Raft: who first committed it; Multi-Paxos: with whose acceptance it was chosen. */
  decided: { node: ProcessPlace; event: EventIndex } | null;
  /** Those whose word decided it. */
  backers: ProcessPlace[];
}

/**
 * A slot of a log, and who has accepted what in it by the playhead, lowest ballot first. Of Raft: the entries seen at
 * an index, by their terms, and who has acknowledged them.
 */
export interface SlotView {
  slot: number;
  /** What is chosen in it: a majority has accepted it in one ballot. */
  chosen: string | null;
  /** `is_chosen`: the value is the chosen one, in this ballot or in another. */
  accepted: { epoch: number; value: string; acceptors: ProcessPlace[]; is_chosen: boolean; origin?: Origin }[];
}

/** The network at the playhead. */
export interface NetworkView {
  /** Links that are cut, one way each. */
  cut: { from: ProcessPlace; to: ProcessPlace }[];
  latency_ticks: Range;
  loss: Ratio;
  duplication: Ratio;
  reordering: Ratio;
  in_flight: MessageIndex[];
  /** When it heals by itself; null if that is not planned. */
  heals_at: Ticks | null;
}

/** An intervention as it was carried out; `after_event` is the place of the event that it is itself. */
export interface InterventionView { at: Ticks; after_event: EventIndex; text: string; action: Action }

export interface GalleryEntry { name: string; title: string; about: string; watch: string; scenario: Scenario }

/** A model that can be explored. */
export interface ExplorationModel {
  name: string;
  text: string;
  /** The protocol whose core is explored, and that has runs; null for a model that is none. */
  protocol: string | null;
  /** The rules that can be switched off. `shown`: this is the model that shows what happens then. */
  mutations: (CatalogueRule & { shown: boolean })[];
}
/** Rules that are switched off, and when to stop although there is more. What is left out has the engine's default. */
export interface ExplorationOptions {
  mutations?: string[];
  states_max?: number;
  depth_max?: number;
  memory_bytes_max?: number;
  beyond_failure?: boolean;
}
/** What a search has covered so far. */
export interface ExplorationProgress {
  /** Distinct states found; each was checked. */
  states: number;
  /** States all of whose steps were taken. */
  expanded: number;
  transitions: number;
  out_of_bounds: number;
  depth: number;
  /** States found and not yet expanded. */
  frontier: number;
  visited_bytes: number;
  frontier_bytes: number;
  shared_bytes: number;
  /** Null while it goes on. */
  ended: null | "exhausted" | "failed" | "states cap" | "depth cap" | "memory cap" | "cancelled";
}
export interface ExplorationStep { kind: string; node: ProcessPlace | null; from: ProcessPlace | null; text: string; after: string[] }
export interface ExplorationProperty {
  name: string;
  sentence: string;
  kind: "always" | "reachable";
  outcome: "not broken" | "broken" | "reached" | "not yet reached" | "out of reach";
  /** All of it in one line, worded no stronger than what was explored. */
  line: string;
  /** A shortest path to the state that decides it. */
  path: null | { start: string[]; steps: ExplorationStep[] };
}
export interface ExplorationReport {
  bounds: string[];
  properties: ExplorationProperty[];
  progress: ExplorationProgress;
  /** Why the search ended, and what that means. */
  ending: string;
  /** What was covered. */
  covered: string;
  failed: boolean;
}

/** What there is to hunt in a protocol. A module of its own, `hunt`, has it. */
export interface HuntGround {
  protocol: string;
  /** How many replicas there are, and how many faults at most in one run, unless the options say otherwise. */
  replicas: number;
  faults: number;
  /** Whether replicas may lie. */
  has_liars: boolean;
  /** The rules that can be switched off. `only_a_script`: why no hunt sees that it is missing, where that is so. */
  mutations: { rule: CatalogueRule; only_a_script: string | null }[];
  /** The rules that a run seldom follows, in the order of `HuntedSeed.rare`. */
  rare: CatalogueRule[];
}
/** What is hunted, as the command line has it. What is left out has the engine's default. */
export interface HuntOptions {
  protocol: string;
  mutations?: string[];
  replicas?: number;
  /** Most faults in one run. */
  faults?: number;
  /** So many lie, also more than the protocol bears; left out: as each seed draws. */
  liars?: number;
}
export interface HuntFailure {
  kind: string;
  /** What is broken. */
  name: string;
  sentence: string;
  /** Of the run as it was found; null if it is too large for a link. */
  link: string | null;
}
/** What came of a seed. */
export interface HuntedSeed {
  seed: number;
  events: number;
  /** How often a replica began to lead. */
  leaders: number;
  /** How often each rare rule was followed. */
  rare: number[];
  failure: HuntFailure | null;
}
/** What a reader counts of a run, up to what is broken. */
export interface RunSize { interventions: number; servers: number; clients: number; operations: number; events: number }
/** How small a failure has become. `begin_shrink(seed)`, then `shrink(budget_ms)` until `ended` is not null. */
export interface Shrunk {
  promise: string;
  sentence: string;
  /** After which event of the small run it is broken. */
  event: EventIndex;
  before: RunSize;
  now: RunSize;
  /** How many runs were tried. */
  tries: number;
  /** What is being tried. */
  pass: string;
  ended: null | "smallest" | "tries" | "events";
  /** The small run, once all is tried. */
  scenario: Scenario | null;
  link: string | null;
}

/** A script that several protocols can follow, as `compare --list` has it. */
export interface ReadyScript {
  name: string;
  /** What happens in it, in a sentence or two. */
  about: string;
  /** The script, as a person would write it. */
  json: string;
}
/** A script as JSON, and what is changed of it. What is left out is as the script says. */
export interface ComparisonQuestion {
  script: string;
  protocols?: string[] | null;
  seed?: number | null;
  /** How many entries the leader is left with: 0 to 200, where the script leaves it with some. */
  entries?: number | null;
  /** Most entries of one message. */
  batch?: number | null;
}
/** What is known of a comparison before its first run. */
export interface ComparisonAbout {
  title: string | null;
  /** In the order of the columns; with the reason why one cannot follow the script with any seed. */
  protocols: { protocol: string; not_applicable: string | null }[];
  /** Those that could be compared, too. */
  others: string[];
  seed: number;
  /** How many entries the leader is left with; null where the script says nothing of that. */
  entries: number | null;
  entries_max: number;
  /** From here on is measured. */
  steady: Ticks;
  /** The runs end here. */
  until: Ticks;
}
/** A run that followed the script, and when in it things happened. */
export interface ComparedRun {
  protocol: string;
  seed: number;
  /** Why there is none; null where there is one. */
  not_applicable: string | null;
  /** With all that was done to it: the same run again. */
  scenario: Scenario | null;
  /** How many events it has up to its end, and the trace hash after them. */
  events: number;
  trace_hash: string;
  /** Null if it is too large for a link. */
  link: string | null;
  /** The first fault; the last that undoes no other; what undid the last. */
  fault: Ticks | null;
  struck: Ticks | null;
  undone: Ticks | null;
  /** From `struck` to the next answer to an operation that was asked for after it. */
  unserved: Ticks | null;
  /** From `fault` until another replica led. */
  elected: Ticks | null;
  /** From `fault` until all entries that the leader was left with were carried out. */
  carried_out: Ticks | null;
}
/** Nearest ranks: each is one of the numbers. */
export interface Quantiles { count: number; min: number; p50: number; p95: number; p99: number; max: number }
/** What came in some runs, so long after the first fault, and what replicas sent until then. */
export interface ReachedSum { runs: number; ticks: Quantiles; message_delays: Quantiles; messages: Quantiles; bytes: Quantiles }
/** What the runs of a protocol came to. `new Comparison(question)`, then `measure(protocol, from, to, budget_ms)` until it gives `to`. */
export interface ComparedColumn {
  protocol: string;
  /** How many runs there are. */
  runs: number;
  /** Why there are not more, with the first seed of which there is none; and of how many there is none. */
  not_applicable: string | null;
  not_applicable_runs: number;
  /** What does not fit into a cell of a table, in a line each. */
  remarks: string[];
  /** The figures, in the parts of a table. `figure` is null where the script does not ask for it. */
  sections: { title: string; rows: { label: string; figure: string | null }[] }[];
  has_faults: boolean;
  /** Of each run from the last fault that undoes no other to the next answer; null where none came. */
  unserved: (Ticks | null)[];
  unserved_ticks: Quantiles | null;
  /** Until all entries that the leader was left with were carried out; of none, until another replica led. */
  carried_out: ReachedSum | null;
}

/** What a run can be written in. The module `hunt` has what follows. */
export interface RunFormat {
  name: string;
  /** What it is, and what it is for. */
  about: string;
}
/** A run, and in which format it is wanted. */
export interface ExportQuestion {
  /** The run's scenario as JSON, with all interventions. */
  scenario: string;
  /** How many events the run has. */
  events: number;
  /** After which event the playhead stands. */
  playhead: number;
  /** Of diagrams, logs and states: from this event on. */
  from: number;
  /** Up to, but without, this one. */
  to: number;
  format: string;
}
export interface ExportedRun {
  text: string;
  /** What of the run is not in it, in a sentence; null where all is. */
  left_out: string | null;
}
/** What of a run is asked: why an event happened, what became of an operation, why a server does not lead. */
export interface WhyQuestion {
  /** The run's scenario as JSON, with all interventions. */
  scenario: string;
  /** How many events the run has. */
  events: number;
  /** `event`, `operation` or `leader`. */
  what: string;
  /** The event's number, the operation (`c1.3` is the third of c1), or the server's name. */
  of: string;
}
/** A fact, or a step of a chain; its event, if it speaks of one. */
export interface WhyStep { event: EventIndex | null; sentence: string }
export interface WhyAnswer {
  sentence: string;
  steps: WhyStep[];
  /** So many steps are left out. */
  left_out: number;
  /** Of an event: for each process the last event in its past. */
  past: (EventIndex | null)[];
  /** Of an event: for each process the first event in its future. */
  future: (EventIndex | null)[];
}
/** An operation of a history in a file. */
export interface LineOfHistory { line: number; description: string }
/** Why a history is not linearizable. */
export interface BrokenHistory {
  /** What is wrong with the operation that has no point at which it can have taken effect. */
  sentence: string;
  invoked_in_line: number;
  completed_in_line: number;
  /** False if there may be an earlier one, since a bound was reached. */
  is_first: boolean;
  /** The last operation with which the history is linearizable. */
  until_then: LineOfHistory | null;
  /** The last operations of the longest linearization, in its order. */
  before: LineOfHistory[];
}
/** What a history in a file was judged to be. */
export interface JudgedHistory {
  /** What it is a history of: `kv`, `register`, `mutex`, `set`, `queue`. */
  model: string;
  /** Yes, no, or null where nothing is known. */
  linearizable: boolean | null;
  operations: number;
  /** Operations of unknown outcome. */
  unknown: number;
  open_at_once: number;
  /** The bound that the search reached before it knew. */
  bound: string | null;
  /** Keys on which nothing is known. */
  open_keys: string[];
  violation: BrokenHistory | null;
  /** What the second judge says, in a sentence; null if the model has none. */
  second_judge: string | null;
  /** Where the judges contradict each other: then one of them has a fault, and nothing is known. */
  contradiction: string | null;
  /** How long it took to read and judge. */
  milliseconds: number;
}

/** One way in which a run ends. */
export interface RunOutcome {
  /** As a question names it: `leader:n3`. */
  outcome: string;
  /** What it says, a sentence without its point. */
  sentence: string;
  /** After which event it is so; null where only the end of the run says it. */
  event: EventIndex | null;
}
/** At which moments of a run how many forks end as it does. */
export interface LikelihoodQuestion {
  /** The run's scenario as JSON, with all interventions. */
  scenario: string;
  /** How many events the run has. */
  events: number;
  outcome: string;
  /** At how many moments; 60 unless given. */
  moments?: number;
  /** How many forks at each; 30 unless given. */
  forks?: number;
}
/** A moment where forks leave the run: after so many events. */
export interface ForkMoment { event: number; time: Ticks }
export interface LikelihoodPlan {
  outcome: string;
  sentence: string;
  /** Whether the run itself ends so. */
  is_so: boolean;
  events: number;
  end: Ticks;
  forks: number;
  moments: ForkMoment[];
  /** The places of all moments, in the order in which they tell most. */
  order: number[];
}
/** Places of moments: to which the share rises most from the one before, and from which on all forks end so. */
export interface LikelihoodReading { jumps: number[]; all_from: number | null }

/** The threshold, tried out: PBFT with n replicas, of which f lie, and quorums of q, in so many runs. A module of its own, `threshold`, has it. */
export interface ThresholdQuestion {
  n: number;
  /** Fewer than n. */
  f: number;
  /** 1 to n. */
  q: number;
  /** How many runs, one for each seed. */
  seeds: number;
  /** 0 unless given. */
  first_seed?: number;
}
/** A run that shows something: play `scenario` for `events` events, with the playhead right after `event`. */
export interface ThresholdShown { seed: number; sentence: string; event: EventIndex; events: number; scenario: Scenario }
/** What was seen so far. `new Threshold(question)`, then `advance(budget_ms)` until `ended`: a call tries at least one seed. */
export interface ThresholdReport {
  n: number;
  f: number;
  q: number;
  /** How many replicas two quorums share at least: 2q - n, or 0. */
  shared: number;
  /** An honest one is among them, whoever lies: 2q - n >= f + 1. Then honest replicas agree. */
  shares_honest: boolean;
  /** The honest ones alone form a quorum: q <= n - f. Without that, f silent liars stop all. */
  honest_suffice: boolean;
  /** Runs asked for, and done. */
  seeds: number;
  seeds_done: number;
  /** Events of all runs. */
  events: number;
  /** Runs in which two honest replicas committed different requests with one number. */
  disagreements: number;
  /** Runs in which a client was not served within 10 s after all faults were over but for the liars. */
  stalls: number;
  /** Runs in which something else failed, and neither of these. */
  others: number;
  /** The first disagreement; null while agreement is kept. */
  broken: ThresholdShown | null;
  /** The first stall; null while progress is made. */
  stalled: ThresholdShown | null;
  ended: boolean;
}

/** What the course's node prints: a message of the protocol, or a remark, which goes to standard error on the command line. */
export interface CourseLine { is_message: boolean; text: string }
export interface CourseSource { work: string; place: string }
export interface CourseExample { title: string; lines: string[]; is_refused: boolean }
export interface CourseTask {
  number: number;
  name: string;
  title: string;
  asks: string[];
  simplified: string;
  sources: CourseSource[];
  protocol: string;
  rules: CatalogueRule[];
  /** Names of `course_runs()`. */
  runs: string[];
  /** Names of `Course.goals`. */
  goals: string[];
  kinds: { name: string; is_ours: boolean }[];
  examples: CourseExample[];
}
export interface CourseTrack { title: string; about: string; tasks: CourseTask[] }
export interface CourseLesson {
  name: string;
  kind: "question" | "mistake" | "comparison";
  title: string;
  asks: string;
  answer: string[];
  simplified: string;
  sources: CourseSource[];
  runs: string[];
  /** The protocol and the name of the rule that is switched off in the first run. */
  switch: [string, string] | null;
  /** That rule. */
  mutation: CatalogueRule | null;
  curve: string | null;
  demo: "lock" | "measured" | null;
  /** `scripts`: for each row the name of the script that measures what it says; empty for none. */
  table: { head: string[]; rows: string[][]; scripts: string[] } | null;
}
/** A question that is asked before a run is seen; the run has given the answer. */
export interface CourseQuestion {
  /** A name of `course_runs()`. */
  run: string;
  ask: string;
  /** `choose`, `number` or `node`. */
  kind: string;
  /** The choices, or the replicas of the run; empty where a number is asked for. */
  choices: string[];
  /** The place of the right choice, or the number. */
  right: number;
  why: string;
  /** Just after so many events of the run it can be seen. */
  events: number | null;
}
/** What a field means: in messages of a kind, or, where `kind` is empty, in all that have nothing of their own. */
export interface CourseField { name: string; kind: string; text: string }
export interface CourseGoal {
  name: string;
  title: string;
  statement: string;
  source: string;
  protocol: string;
  limits: { mutations: string[]; replicas_min: number; crashes_max: number | null; liars_max: number };
}
export interface Course { tracks: CourseTrack[]; lessons: CourseLesson[]; fields: CourseField[]; goals: CourseGoal[] }
export interface Grade { goal: string; met: boolean; event: EventIndex | null; sentence: string }
export interface CourseCurve { title: string; x: string; y: string; series: { name: string; is_mistaken: boolean; points: [number, number][] }[]; sentence: string }
export interface Measured {
  protocol: string;
  answered: number;
  messages_per_hundred: number;
  median_ticks: Ticks;
  outage_ticks: Ticks;
  outage_messages: number;
}
export interface LockSettings {
  lease_ms: number;
  work_ms: number;
  pause_ms: number;
  service_clock_percent: number;
  clients_check: boolean;
  fencing: boolean;
}
export type LockParty = "a" | "b" | "service" | "store";
export interface LockRun {
  events: { at_ms: number; party: LockParty; kind: string; text: string }[];
  spans: { party: LockParty; kind: "lease" | "believes" | "paused"; client: LockParty; token: number; from_ms: number; to_ms: number }[];
  file: string[];
  is_corrupted: boolean;
  refused: number;
  end_ms: number;
  sentence: string;
}
