// What can be asked of a run at its playhead: processes, network, votes, messages, the verdict. An answer is remembered
// until the playhead moves.

import type {
  Culprits, EventView, HeldProof, InterventionView, InvariantState, MessageView, NetworkView, NodeView, OperationView, Phases,
  QuorumsView, Simulation, SlotView, Status, Verdict, VoteSet,
} from "./engine.js";
import type { HistoryCache } from "./history.js";
import { shortText } from "./interventions.js";
import type { Judge } from "./judge.js";
import type { Live } from "./live.js";
import { Recent } from "./recent.js";

/** How old the processes' views, and what is known to be broken, may be while a run plays. */
const NODES_EVERY_MS = 60;
const VIOLATED_EVERY_MS = 250;

/** The run that is asked. */
export interface AskedRun {
  readonly status: Status;
  readonly records: { readonly changes: { readonly violations: readonly number[] } };
  readonly history: HistoryCache;
  readonly playhead: { readonly playing: boolean };
}

export class Moment {
  private readonly memo = new Map<string, unknown>();
  private readonly nodesNow = new Recent<NodeView[]>(NODES_EVERY_MS);
  private readonly violatedNow = new Recent<ReadonlySet<number>>(VIOLATED_EVERY_MS);

  constructor(
    private readonly run: AskedRun,
    private readonly live: Live,
    private readonly judge: Judge,
  ) {}

  private remember<T>(key: string, ask: (simulation: Simulation) => T): T {
    if (this.memo.has(key)) {
      return this.memo.get(key) as T;
    }
    const answer = this.live.call(ask);
    this.memo.set(key, answer);
    return answer;
  }

  /** The playhead has moved. */
  moved(): void {
    this.memo.clear();
  }

  /** The playhead stands somewhere else altogether, or rests: a view that is a little old will not do. */
  forget(): void {
    this.nodesNow.clear();
    this.violatedNow.clear();
    this.memo.clear();
  }

  /**
   * All processes. Their logs make this the largest of the small views: while a run plays, one that is a little old
   * will do.
   */
  nodes(): NodeView[] {
    return this.remember("nodes", (simulation) => this.nodesNow.get(this.run.playhead.playing, () => simulation.nodes()));
  }

  network(): NetworkView {
    return this.remember("network", (simulation) => simulation.network());
  }

  invariants(): InvariantState[] {
    return this.remember("invariants", (simulation) => simulation.invariants());
  }

  /** Who has promised and accepted each ballot, and where two majorities meet. */
  quorums(): QuorumsView {
    return this.remember("quorums", (simulation) => simulation.quorums());
  }

  /** Who has accepted what in the slots of a log from one to another. */
  slots(first: number, last: number): SlotView[] {
    return this.remember(`slots ${first} ${last}`, (simulation) => simulation.slots(first, last));
  }

  /** The votes that a replica has counted. */
  votes(process: number): VoteSet[] {
    return this.remember(`votes ${process}`, (simulation) => simulation.votes(process));
  }

  /** The writes that clients were told are done, and that are lost: a majority did something else in their place. */
  lostWrites(): OperationView[] {
    return this.remember("lost writes", (simulation) => simulation.lost_writes());
  }

  /** The proofs of misbehaviour that replicas hold. */
  proofs(): HeldProof[] {
    return this.remember("proofs", (simulation) => simulation.proofs());
  }

  /** Who is to blame for the disagreement of honest replicas; null where they have not disagreed. */
  culprits(): Culprits | null {
    return this.remember("culprits", (simulation) => simulation.culprits());
  }

  /** The phases of the decisions of which something was said within a span of time. */
  phases(start: number, end: number): Phases[] {
    return this.remember(`phases ${start} ${end}`, (simulation) => simulation.phases(Math.max(0, start), Math.max(0, end)));
  }

  /**
   * The events of the whole recorded run at which something was found broken: a transition that must not be, a
   * property, or the clients' history.
   */
  violations(): readonly number[] {
    const { cursor, events } = this.run.status;
    // The checkers know only what lies before the playhead.
    return this.live.call((simulation) => {
      simulation.seek(events);
      const { blamed } = simulation.verdict();
      const completed = blamed === null ? null : (simulation.history(blamed)[0]?.completed_event ?? null);
      const properties = simulation.invariants().flatMap(({ broken }) => (broken === null ? [] : [broken.event]));
      simulation.seek(cursor);
      const all = [...this.run.records.changes.violations, ...properties, ...(completed === null ? [] : [completed])];
      return [...new Set(all)].toSorted((one, other) => one - other);
    });
  }

  /**
   * The events at which something was found broken, as far as that is known at the playhead; while the run plays, it
   * may be a little old. Where the checks cannot be asked, the panel that shows them says so: a drawing goes on with
   * what is known.
   */
  violated(): ReadonlySet<number> {
    try {
      // The history may be judged only after a while, with the playhead where it is.
      const key = this.verdict() === null ? "violated, as far as judged" : "violated";
      return this.remember(key, () => this.violatedNow.get(this.run.playhead.playing, () => new Set(this.brokenAt())));
    } catch {
      return this.violatedNow.last ?? new Set(this.run.records.changes.violations);
    }
  }

  private brokenAt(): number[] {
    const properties = this.invariants().flatMap(({ broken }) => (broken === null ? [] : [broken.event]));
    const blamed = this.verdict()?.blamed ?? null;
    const completed = blamed === null ? null : (this.operations()[blamed]?.completed_event ?? null);
    return [...this.run.records.changes.violations, ...properties, ...(completed === null ? [] : [completed])];
  }

  /** What an event broke, in sentences. */
  violationsAt(event: EventView): string[] {
    const properties = this.invariants().flatMap(({ broken }) => (broken?.event === event.index ? [broken.sentence] : []));
    const verdict = this.verdict();
    const blamed = verdict?.blamed ?? null;
    const answers = verdict !== null && blamed !== null && this.operations()[blamed]?.completed_event === event.index ? [verdict.sentence] : [];
    const reported = event.violations.filter((each) => !properties.some((property) => property.includes(each)));
    return [...reported, ...properties, ...answers];
  }

  /** What was done from outside by an event, in words. */
  interventionText(event: number): string {
    const done = this.intervention(event);
    return done === undefined ? "" : shortText(done);
  }

  /** What was done from outside by an event. */
  intervention(event: number): InterventionView | undefined {
    return this.interventions().get(event);
  }

  /** What was done from outside up to the playhead, in order. */
  doneSoFar(): InterventionView[] {
    return this.remember("done-so-far", () => [...this.interventions().values()].filter(({ after_event }) => after_event < this.run.status.cursor));
  }

  private interventions(): ReadonlyMap<number, InterventionView> {
    return this.remember("interventions", (simulation) => new Map(simulation.interventions().map((each) => [each.after_event, each])));
  }

  /** When the network heals by itself; null if that is not planned. */
  get healsAt(): number | null {
    return this.network().heals_at;
  }

  event(index: number): EventView {
    return this.remember(`event ${index}`, (simulation) => simulation.event(index));
  }

  message(index: number): MessageView {
    return this.remember(`message ${index}`, (simulation) => simulation.message(index));
  }

  /** The checker's word; null while it is put off. */
  verdict(): Verdict | null {
    return this.judge.verdict();
  }

  /** The operations of the clients up to the playhead. */
  operations(): readonly OperationView[] {
    return this.remember("operations", (simulation) => this.run.history.upTo(this.run.status.cursor, (since) => simulation.history(since)));
  }

  transcript(from: number, to: number): string {
    return this.live.call((simulation) => simulation.transcript(from, to));
  }

  /** How many messages a scheduler holds back, so that nothing is decided; null where it would not know which. */
  heldBack(): number | null {
    return this.remember("held", (simulation) => simulation.held_back() ?? null);
  }
}
