// The run that the page shows. It is put together of parts, each with a file of its own:
//   live       the simulation itself; nobody else may call it
//   playhead   where the reader stands in the run, and how that moves
//   moment     what can be asked of the run where the playhead stands
//   records    what was recorded so far, in columns, for drawing
//   view       what is selected, pointed to and looked at
//   notices    what the page has to say for a while
//   halting    whether play halts where something is broken
//   story      the words at moments of the run, if it has any
//   deeds      what was done to it, to be undone and done again
//
// Here they are joined: loading a run, acting on it, and telling the views what has changed. Views read the parts and
// call their methods; they write no field.

import { paintEpochsBy } from "../design/palette.js";
import { apostrophes } from "../design/words.js";
import { countsFromZero, looksOf } from "../protocols/protocol.js";
import { Emitter } from "./emitter.js";
import type { Topic } from "./emitter.js";
import { madeAgain } from "./again.js";
import { Deeds } from "./deeds.js";
import type { Mark } from "./deeds.js";
import type { Action, Catalogue, Engine, GalleryEntry, LinkContent, Scenario, Simulation, Status, Verdict } from "./engine.js";
import { Engines } from "./engines.js";
import { Halting } from "./halting.js";
import { HistoryCache } from "./history.js";
import { hasMoreDone, openingOf } from "./interventions.js";
import { Judge } from "./judge.js";
import { LabelCache } from "./labels.js";
import type { Opened } from "./link.js";
import { Live } from "./live.js";
import type { Replayable } from "./live.js";
import { Moment } from "./moment.js";
import { Notices } from "./notices.js";
import { ownerOf } from "./owner.js";
import { Playhead } from "./playhead.js";
import { Records } from "./records.js";
import { Shown } from "./shown.js";
import { Story } from "./story.js";
import { ViewState } from "./view-state.js";

/** How often, while a scheduler acts, what it did is taken into the scenario from which the run can be made again. */
const SNAPSHOT_EVERY_MS = 500;
/** Milliseconds that a run may take to come to the moment at which it is opened. */
const OPENING_BUDGET_MS = 1_000;

export class Run {
  readonly emitter = new Emitter();
  readonly notices = new Notices(() => this.emitter.emit("notices"));
  readonly view = new ViewState(this.emitter);
  private readonly live = new Live(ownerOf(this));
  readonly playhead = new Playhead(this, this.live, this.view, this.notices, this.emitter);
  private readonly judge = new Judge(
    { cursor: () => this.status.cursor, playhead: this.playhead, live: this.live },
    this.emitter,
    () => this.askVerdict(),
    (error) => this.notices.report(error),
  );
  readonly moment = new Moment(this, this.live, this.judge);
  readonly story = new Story(this, this.live, this.emitter);
  readonly halting = new Halting(this, this.notices);
  readonly deeds = new Deeds(this, this.live);
  readonly engines = new Engines((error) => this.notices.report(error));

  /** The engine of the run. */
  private engine!: Engine;
  private shown!: Shown;
  private lastStatus!: Status;
  private prepared: readonly GalleryEntry[] = [];
  private added: readonly GalleryEntry[] = [];
  private openedFrom: Opened | null = null;
  /** How many runs were loaded, this one included. */
  private loads = 0;
  private readonly leaving = new Set<() => void>();
  /** The scenario with all interventions so far: from it the same run can be made again. */
  private scenarioSoFar!: Scenario;
  /** Where the playhead was when that was last brought up to date, and when it was. */
  private snapshot = { cursor: 0, at: 0 };

  get catalogue(): Catalogue {
    return this.shown.catalogue;
  }

  get records(): Records {
    return this.shown.records;
  }

  get history(): HistoryCache {
    return this.shown.history;
  }

  /** The messages' short texts. */
  get labels(): LabelCache {
    return this.shown.labels;
  }

  get status(): Status {
    return this.lastStatus;
  }

  /** Ticks that the tape shows: to the last event, or to the playhead where that is further on. */
  get extent(): number {
    return Math.max(this.records.end, this.playhead.clock, 1);
  }

  /** The prepared runs of the protocol, and those that were added to them. */
  get entries(): readonly GalleryEntry[] {
    return this.added.length === 0 ? this.prepared : [...this.prepared, ...this.added];
  }

  /** Those that can be opened by their names. */
  get named(): readonly GalleryEntry[] {
    return this.prepared;
  }

  /** The link that the run was opened from. */
  get opened(): Opened | null {
    return this.openedFrom;
  }

  /** The scenario as it was carried out so far. */
  get scenario(): Scenario {
    return this.scenarioSoFar;
  }

  /** Another number says that another run is shown, and not the same with more done to it. */
  get ordinal(): number {
    return this.loads;
  }

  /** Has a listener called before the run gives way to another. */
  beforeAnother(listener: () => void): void {
    this.leaving.add(listener);
  }

  get engineVersion(): string {
    return this.catalogue.engine_version;
  }

  /** The engine has died, and no other has taken its place yet. */
  get reviving(): boolean {
    return this.live.reviving;
  }

  /** Whether something was done to the run since it was opened or chosen. */
  get hasMoreThanItBeganWith(): boolean {
    return this.scenarioSoFar !== undefined && hasMoreDone(this.scenarioSoFar, this.openedFrom?.content.scenario, this.entries);
  }

  name(process: number): string {
    return this.catalogue.processes[process] ?? `process ${process}`;
  }

  isReplica(process: number): boolean {
    return process < this.catalogue.replicas;
  }

  freshSeed(): number {
    return this.engine.freshSeed();
  }

  // Loading

  /** Loads a run of whatever protocol, as [load] does, once its engine is there. */
  async fetchAndLoad(scenario: Scenario, until: number): Promise<void> {
    const isWanted = this.engines.request();
    await this.engines.of(scenario.protocol);
    if (isWanted()) {
      this.load(scenario, until);
    }
  }

  /** Opens the first prepared run of a protocol. Until its engine is there, the run before stays. */
  async choose(protocol: string): Promise<void> {
    const isWanted = this.engines.request();
    const engine = await this.engines.of(protocol);
    if (isWanted()) {
      const first = engine.gallery().find(({ scenario }) => scenario.protocol === protocol);
      this.restart(first?.scenario ?? { protocol }, undefined, true);
    }
  }

  /** Starts another run, or the same set otherwise. If something was done to the one before, it is offered back. */
  restart(scenario: Scenario, until = openingOf(scenario), isOpening = false): void {
    const before = this.hasMoreThanItBeganWith ? this.mark() : null;
    this.load(scenario, until, isOpening);
    this.deeds.offerBack(before, "Another run was started.");
  }

  /** Starts another run, once the protocol's engine is there, and plays it unseen up to where it shows something. */
  load(scenario: Scenario, until = openingOf(scenario), isOpening = true): void {
    this.engines.use(scenario.protocol, (engine) => {
      if (isOpening) this.story.beginAnew();
      this.begin(engine, engine.simulate(scenario), null);
      this.live.call((simulation) => simulation.run_until(until, OPENING_BUDGET_MS));
      this.arrive(until);
      this.emitAnew();
    });
  }

  /** Shows a run that an engine of this one has made already, as it stands. */
  adopt(engine: Engine, simulation: Simulation, opened: Opened): void {
    this.begin(engine, simulation, opened);
    this.arrive();
    this.emitAnew();
  }

  /** An engine died while it made a run that was not shown yet. */
  engineDied(engine: Engine, death: unknown): void {
    if (engine === this.engine) {
      void this.live.revive(death);
    }
    this.engines.remove(engine);
  }

  /** Adds a prepared run that the protocol's own gallery does not have, as one of the course. */
  addEntry(entry: GalleryEntry): void {
    if (!this.entries.some(({ name }) => name === entry.name)) {
      this.added = [...this.added, entry];
      this.emitter.emit("scenario");
    }
  }

  private begin(engine: Engine, simulation: Simulation, opened: Opened | null): void {
    this.leaving.forEach((listener) => listener());
    this.engines.request();
    this.loads += 1;
    this.engine = engine;
    this.openedFrom = opened;
    // What was said of the run before, and offered to be put back, belongs to that run.
    this.notices.clear();
    this.deeds.forget();
    this.replace(simulation);
    this.added = [];
    this.prepared = engine.gallery().filter(({ scenario }) => scenario.protocol === this.scenarioSoFar.protocol);
    this.story.begin();
  }

  private replace(simulation: Simulation): void {
    this.playhead.pause();
    this.live.replace(simulation);
    this.story.forget();
    this.scenarioSoFar = simulation.scenario();
    const catalogue = simulation.catalogue();
    paintEpochsBy(catalogue.epoch_places, countsFromZero(catalogue.protocol));
    this.shown = new Shown(catalogue, this.live);
    this.view.begin(looksOf(catalogue.protocol).direction ?? "down");
    this.playhead.setUndecided(false);
    this.moment.forget();
    this.judge.begin();
  }

  private emitAnew(): void {
    this.emitter.emit("scenario", "selection", "plan");
  }

  // What the playhead's moves entail

  /** After every move: fetches what is new, and tells the views. */
  arrive(clock?: number): void {
    this.lastStatus = this.live.call((simulation) => simulation.status());
    this.playhead.standAt(clock ?? this.status.now);
    this.moment.moved();
    this.judge.moved();
    const before = this.records.revision;
    this.records.fetch(
      this.status,
      (events, messages, resolutions) => this.live.call((simulation) => simulation.columns(events, messages, resolutions)),
      () => this.live.call((simulation) => simulation.interventions()),
    );
    const { playing, fullSpeed, undecided } = this.playhead;
    if (undecided && (!playing || performance.now() - this.snapshot.at > SNAPSHOT_EVERY_MS)) {
      this.takeSnapshot();
    }
    // Each frame's share of a history that grows fast, so that no view has to ask for much of it at once.
    if (fullSpeed) {
      this.moment.operations();
    }
    this.story.moved();
    this.emitter.emit("time", ...(this.records.revision === before ? [] : (["records"] satisfies Topic[])));
  }

  /** The playhead rests: from now on answers are exact. */
  rest(): void {
    if (this.playhead.undecided && !this.live.reviving) {
      this.takeSnapshot();
    }
    this.moment.forget();
    this.judge.forget();
  }

  forgetVerdict(): void {
    this.judge.forget();
  }

  private askVerdict(): Verdict {
    const verdict = this.live.call((simulation) => simulation.verdict());
    return { ...verdict, sentence: apostrophes(verdict.sentence) };
  }

  // Acting

  /** What a link to the run as it is recorded carries, with its playhead. */
  linkContent(): LinkContent {
    return this.live.call((simulation) => simulation.link_content());
  }

  /** Acts at the playhead. What came after is discarded, and offered back; `quietly`: nobody has seen it. */
  act(action: Action, quietly = false): boolean {
    return this.deeds.act(action, quietly);
  }

  /** What was done belongs to the run: with it, the same run can be made again. */
  takeSnapshot(): void {
    this.scenarioSoFar = this.live.call((simulation) => simulation.scenario());
    this.snapshot = { cursor: this.status.cursor, at: performance.now() };
  }

  /** What was recorded from an event on is not what happened. */
  forgetFrom(event: number): void {
    this.shown.forgetFrom(event);
    this.view.select(null);
  }

  /** From what the run can be made again as it is now. */
  mark(): Mark {
    const { events, cursor } = this.status;
    return { scenario: this.scenarioSoFar, opened: this.openedFrom, events, cursor, time: this.playhead.clock };
  }

  /**
   * Makes a run again as it was, and shows it. `isSame`: it is the one that is shown, with other things done to it.
   * False where something else was done or asked for meanwhile.
   */
  async show(mark: Mark, isSame: boolean): Promise<boolean> {
    const made = await madeAgain(this, mark);
    if (made === null) {
      return false;
    }
    if (isSame) {
      this.swap(made.simulation, mark.scenario);
    } else {
      this.begin(made.engine, made.simulation, mark.opened);
    }
    const { events, cursor, time } = mark;
    // At the live end, time had gone on after the last event.
    this.live.call((one) => (cursor < events ? one.seek(cursor) : one.run_until(time, OPENING_BUDGET_MS)));
    this.arrive(time);
    this.emitAnew();
    return true;
  }

  /** The same run, with other things done to it. */
  private swap(simulation: Simulation, scenario: Scenario): void {
    this.playhead.pause();
    this.playhead.setUndecided(false);
    this.live.replace(simulation);
    this.scenarioSoFar = scenario;
    this.story.forget();
    this.forgetFrom(0);
    this.judge.begin();
  }

  // When the engine dies

  replayable(): Replayable {
    const { cursor } = this.status;
    // What a scheduler did since the last snapshot is not known.
    const known = this.playhead.undecided ? Math.min(this.snapshot.cursor, cursor) : cursor;
    return { family: looksOf(this.scenarioSoFar.protocol).family, scenario: this.scenarioSoFar, cursor: known };
  }

  showRevived(engine: Engine, simulation: Simulation): void {
    this.engine = engine;
    this.replace(simulation);
    this.arrive();
    this.emitAnew();
  }
}
