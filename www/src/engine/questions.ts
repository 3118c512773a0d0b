// What can be asked of a run at its playhead: processes, network, votes, messages, the verdict. An answer is remembered until the
// playhead moves. Only the run itself moves it.

import type {
  Catalogue, Culprits, EventView, HeldProof, InterventionView, InvariantState, MessageView, NetworkView, NodeView, OperationView, Phases,
  QuorumsView, Simulation, SlotView, Status, Verdict, VoteSet,
} from "./engine.js";
import type { HistoryCache } from "./history.js";
import { shortText } from "./interventions.js";
import type { Judge } from "./judge.js";
import { Recent } from "./recent.js";
import type { Records } from "./records.js";

/** How old the processes' views may be while a run plays. */
const NODES_EVERY_MS = 60;

export abstract class Questions {
  abstract catalogue: Catalogue;
  abstract records: Records;
  abstract status: Status;
  abstract history: HistoryCache;
  abstract playing: boolean;
  protected abstract readonly judge: Judge;
  private readonly memo = new Map<string, unknown>();
  private readonly nodesNow = new Recent<NodeView[]>(NODES_EVERY_MS);

  /** Asks the simulation, which may turn out to have died. */
  protected abstract call<T>(ask: (simulation: Simulation) => T): T;

  protected remember<T>(key: string, ask: (simulation: Simulation) => T): T {
    if (this.memo.has(key)) {
      return this.memo.get(key) as T;
    }
    const answer = this.call(ask);
    this.memo.set(key, answer);
    return answer;
  }

  /** The playhead has moved. */
  protected forgetMoment(): void {
    this.memo.clear();
  }

  /** The playhead stands somewhere else altogether. */
  protected forgetAnswers(): void {
    this.nodesNow.clear();
    this.memo.clear();
  }

  /** All processes. Their logs make this the largest of the small views: while a run plays, one that is a little old will do. */
  nodes(): NodeView[] {
    return this.remember("nodes", (simulation) => this.nodesNow.get(this.playing, () => simulation.nodes()));
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
  votes(place: number): VoteSet[] {
    return this.remember(`votes ${place}`, (simulation) => simulation.votes(place));
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

  /** The events of the whole recorded run at which something was found broken: a transition that must not be, a property, or the clients' history. */
  violations(): readonly number[] {
    const { cursor, events } = this.status;
    // The checkers know only what lies before the playhead.
    return this.call((simulation) => {
      simulation.seek(events);
      const { blamed } = simulation.verdict();
      const completed = blamed === null ? null : (simulation.history(blamed)[0]?.completed_event ?? null);
      const properties = simulation.invariants().flatMap(({ broken }) => (broken === null ? [] : [broken.event]));
      simulation.seek(cursor);
      const all = [...this.records.violations, ...properties, ...(completed === null ? [] : [completed])];
      return [...new Set(all)].toSorted((one, other) => one - other);
    });
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
    return [...this.interventions().values()].filter(({ after_event }) => after_event < this.status.cursor);
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
    return this.remember("operations", (simulation) => this.history.upTo(this.status.cursor, (since) => simulation.history(since)));
  }

  transcript(from: number, to: number): string {
    return this.call((simulation) => simulation.transcript(from, to));
  }

  name(place: number): string {
    return this.catalogue.processes[place] ?? `process ${place}`;
  }

  isReplica(place: number): boolean {
    return place < this.catalogue.replicas;
  }
}
