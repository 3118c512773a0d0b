// The run that the page shows: its scenario, its playhead, what was recorded, and what is selected.
// Every view reads from here and acts through here; only this file calls the simulation.

import { countsFromZero, looksOf } from "../protocols/protocol.js";
import { paintEpochsBy } from "../design/palette.js";
import { Emitter } from "./emitter.js";
import type { Topic } from "./emitter.js";
import { describeError, isDeath, startEngine } from "./engine.js";
import type { Action, Catalogue, Engine, GalleryEntry, LinkContent, Scenario, Simulation, Status } from "./engine.js";
import { HistoryCache } from "./history.js";
import { Judge } from "./judge.js";
import { LabelCache } from "./labels.js";
import type { Opened } from "./link.js";
import type { Family } from "./modules.js";
import { Notices } from "./notices.js";
import type { Notice } from "./notices.js";
import { openingOf } from "./interventions.js";
import { Questions } from "./questions.js";
import { Records } from "./records.js";

export type Selection =
  | { kind: "node"; node: number }
  | { kind: "message"; message: number }
  | { kind: "event"; event: number }
  | { kind: "operation"; operation: number };

/** How the space-time diagram is drawn. */
export interface Looks {
  direction: "down" | "right";
  spacing: "true" | "causal";
  heartbeats: "folded" | "shown";
}

export const TICKS_PER_SECOND = 1_000_000;
/** Milliseconds of a frame that the simulator may take. */
const FRAME_BUDGET_MS = 8;
/** How long a run may be driven on to find the next election or violation. */
const JUMP_BUDGET_MS = 600;
export const SPEED_MIN = 0.001;
/** Speeds above this are "as fast as it goes". */
export const SPEED_MAX = 10;

/** Says that the engine is being started again: the view that asked keeps what it showed. */
export class Reviving extends Error {}

export class Run extends Questions {
  readonly emitter = new Emitter();
  catalogue!: Catalogue;
  records!: Records;
  status!: Status;
  history!: HistoryCache;
  labels!: LabelCache;
  /** The prepared runs of the protocol. */
  entries: GalleryEntry[] = [];

  /** The playhead's time, which glides between events while a run plays. */
  clock = 0;
  playing = false;
  speed = 0.1;
  selection: Selection | null = null;
  /** Messages that a search or a verdict points to. */
  highlighted: ReadonlySet<number> = new Set();
  looks: Looks = { direction: "down", spacing: "true", heartbeats: "folded" };
  /** The directed links that would be cut if the partition editor's plan were carried out; null where it plans nothing. */
  plan: ReadonlySet<number> | null = null;
  /** A person has said which way time is to run: no protocol says otherwise any more. */
  private directionChosen = false;
  /** The span of time that the diagram shows. */
  viewport: { start: number; end: number } | null = null;
  /** A span of time that the diagram is asked to show. */
  wanted: { start: number; end: number } | null = null;
  /** When a timed partition heals by itself. */
  healsAt: number | null = null;
  /** Whether a scheduler keeps the run from deciding anything while it goes on. */
  undecided = false;
  reviving = false;
  /** The link that the run was opened from. */
  opened: Opened | null = null;
  /** Play was pressed while the engine was being started again. */
  private playWhenRevived = false;

  /** The engines that were started, one for each family of protocols. */
  private readonly engines = new Map<Family, Engine>();
  /** The engine of the run. */
  private engine!: Engine;
  /** Goes up with every run that is asked for: the last one wins, however long its module takes to come. */
  private asked = 0;
  private simulation!: Simulation;
  /** The scenario with all interventions so far: from it the same run can be made again. */
  private made!: Scenario;
  protected readonly judge = new Judge(this, this.emitter, () => this.call((simulation) => simulation.verdict()), (error) => this.report(error));
  private frame = 0;
  private frameAt = 0;
  private readonly told = new Notices(() => this.emitter.emit("notices"));

  /** The scenario as it was carried out so far. */
  get scenario(): Scenario {
    return this.made;
  }

  /** Whether the run plays as fast as it goes. */
  get fullSpeed(): boolean {
    return this.playing && this.speed > SPEED_MAX;
  }

  /** Whether events lie beyond the playhead. */
  get inPast(): boolean {
    return this.status.cursor < this.status.events;
  }

  get engineVersion(): string {
    return this.catalogue.engine_version;
  }

  freshSeed(): number {
    return this.engine.freshSeed();
  }

  // Loading

  /** Says that another run is asked for. What comes back tells whether it still is: the last one wins. */
  ask(): () => boolean {
    this.asked += 1;
    const { asked } = this;
    return () => asked === this.asked;
  }

  /** The engine for a protocol. Its module is fetched if it is not there yet. */
  async engineOf(protocol: string): Promise<Engine> {
    const { family } = looksOf(protocol);
    const engine = this.engines.get(family) ?? (await startEngine(family));
    this.engines.set(family, engine);
    return engine;
  }

  /** Opens a run of whatever protocol, and plays it unseen up to a moment. */
  async bring(scenario: Scenario, until: number): Promise<void> {
    const isWanted = this.ask();
    await this.engineOf(scenario.protocol);
    if (isWanted()) {
      this.load(scenario, until);
    }
  }

  /** Opens the first prepared run of a protocol. Until its engine is there, the run before stays. */
  async choose(protocol: string): Promise<void> {
    const isWanted = this.ask();
    const engine = await this.engineOf(protocol);
    if (isWanted()) {
      const first = engine.gallery().find(({ scenario }) => scenario.protocol === protocol);
      this.load(first?.scenario ?? { protocol });
    }
  }

  /** Starts another run of a protocol whose engine is there, and plays it unseen up to a moment that shows something. */
  load(scenario: Scenario, until = openingOf(scenario)): void {
    const engine = this.engines.get(looksOf(scenario.protocol).family) ?? this.engine;
    this.begin(engine, engine.simulate(scenario), null);
    this.call((simulation) => simulation.run_until(until, 1_000));
    this.arrive(until);
    this.emitter.emit("scenario", "selection", "plan");
  }

  /** Shows a run that an engine of this one has made already, as it stands. */
  adopt(engine: Engine, simulation: Simulation, opened: Opened): void {
    this.begin(engine, simulation, opened);
    this.arrive();
    this.emitter.emit("scenario", "selection", "plan");
  }

  private begin(engine: Engine, simulation: Simulation, opened: Opened | null): void {
    this.ask();
    this.engine = engine;
    this.opened = opened;
    // What was said of the run before, and offered to be put back, belongs to that run.
    this.told.clear();
    this.replace(simulation);
    this.entries = engine.gallery().filter(({ scenario }) => scenario.protocol === this.made.protocol);
  }

  /** An engine died while it made a run that was not shown yet. */
  bury(engine: Engine, death: unknown): void {
    if (engine === this.engine) {
      void this.revive(death);
    }
    for (const [family, each] of this.engines) {
      if (each === engine) {
        this.engines.delete(family);
      }
    }
  }

  private replace(simulation: Simulation): void {
    this.pause();
    this.free();
    this.simulation = simulation;
    this.made = simulation.scenario();
    this.catalogue = simulation.catalogue();
    const looks = looksOf(this.catalogue.protocol);
    paintEpochsBy(this.catalogue.epoch_places, countsFromZero(this.catalogue.protocol));
    this.records = new Records(this.catalogue, looks.crowned, looks.epochless);
    if (!this.directionChosen) {
      this.looks = { ...this.looks, direction: looks.direction ?? "down" };
    }
    this.history = new HistoryCache();
    this.labels = new LabelCache((messages) => this.call((one) => one.labels(messages)));
    this.selection = null;
    this.highlighted = new Set();
    this.plan = null;
    this.healsAt = null;
    this.undecided = false;
    this.forget();
  }

  private forget(): void {
    this.forgetAnswers();
    this.judge.forget();
  }

  private free(): void {
    // Not there yet at the first load, and not to be touched after a death.
    if (this.simulation !== undefined && !this.reviving) {
      this.simulation.free();
    }
  }

  // Moving the playhead

  play(): void {
    if (this.reviving) {
      this.playWhenRevived = true;
      return;
    }
    if (this.playing) {
      return;
    }
    this.playing = true;
    this.frameAt = performance.now();
    this.frame = requestAnimationFrame((now) => this.onFrame(now));
    this.emitter.emit("playing");
  }

  pause(): void {
    if (!this.playing) {
      return;
    }
    this.playing = false;
    cancelAnimationFrame(this.frame);
    if (this.undecided && !this.reviving) {
      // What the scheduler did belongs to the run.
      this.made = this.call((simulation) => simulation.scenario());
    }
    this.forget();
    this.emitter.emit("playing", "time");
  }

  toggle(): void {
    if (this.playing) {
      this.pause();
    } else {
      this.play();
    }
  }

  setSpeed(speed: number): void {
    this.speed = Math.min(Infinity, Math.max(SPEED_MIN, speed));
    this.emitter.emit("playing");
  }

  /** Moves by events: back through what is recorded, forward into what is not yet. */
  step(events: number): void {
    this.pause();
    if (events < 0) {
      this.seek(Math.max(0, this.status.cursor + events));
      return;
    }
    for (let done = 0; done < events; done += 1) {
      if (!(this.undecided ? this.stepUndecided() : this.call((simulation) => simulation.step()))) {
        this.tellStopped();
        break;
      }
    }
    this.arrive();
  }

  /** Puts the playhead just after that many events. */
  seek(events: number): void {
    const within = Math.max(0, Math.min(events, this.status.events));
    this.call((simulation) => simulation.seek(within));
    this.arrive();
  }

  /** Puts the playhead at a time within what is recorded. */
  seekTime(time: number): void {
    const within = Math.max(0, Math.min(time, this.records.end));
    this.call((simulation) => simulation.seek(this.records.eventsUpTo(within)));
    this.arrive(within);
  }

  toEnd(): void {
    this.seek(this.status.events);
  }

  /** To the next or the last of these events; forward, the run goes on for a while to find one. */
  jump(direction: 1 | -1, marks: () => readonly number[]): boolean {
    this.pause();
    const cursor = this.status.cursor;
    const found = (): number | undefined =>
      direction === 1 ? marks().find((event) => event >= cursor) : marks().findLast((event) => event < cursor - 1);
    const event = found() ?? (direction === 1 ? this.goOnTo(found) : undefined);
    this.seek(event === undefined ? cursor : event + 1);
    if (event !== undefined) {
      this.select({ kind: "event", event });
    }
    return event !== undefined;
  }

  /** Drives the run on until something is found, or for long enough. */
  private goOnTo(found: () => number | undefined): number | undefined {
    const started = performance.now();
    let event: number | undefined;
    while (event === undefined && this.status.stopped === null && performance.now() - started < JUMP_BUDGET_MS) {
      const until = this.status.end + TICKS_PER_SECOND / 4;
      this.drive(until, 100);
      this.arrive();
      event = found();
    }
    return event;
  }

  private onFrame(now: number): void {
    if (!this.playing) {
      return;
    }
    const passed = Math.min(100, now - this.frameAt);
    this.frameAt = now;
    const wanted = this.speed > SPEED_MAX ? this.clock + 3_600 * TICKS_PER_SECOND : this.clock + passed * 1_000 * this.speed;
    const target = this.healsAt === null ? wanted : Math.min(wanted, this.healsAt);
    try {
      this.advance(target);
    } catch (error) {
      this.pause();
      this.report(error);
      return;
    }
    if (this.playing) {
      this.frame = requestAnimationFrame((next) => this.onFrame(next));
    }
  }

  private advance(target: number): void {
    const started = performance.now();
    const status = this.drive(target, FRAME_BUDGET_MS);
    const outOfBudget = performance.now() - started >= FRAME_BUDGET_MS || this.speed > SPEED_MAX;
    if (this.healsAt !== null && (outOfBudget ? status.now : target) >= this.healsAt) {
      this.arrive(this.healsAt);
      this.healsAt = null;
      this.act("heal");
      return;
    }
    this.arrive(outOfBudget ? status.now : target);
    if (status.stopped !== null && !this.inPast) {
      this.pause();
      this.tellStopped();
    }
  }

  /** As little as can be done with the scheduler: up to the next millisecond in which something happens. */
  private stepUndecided(): boolean {
    const { cursor, now } = this.call((simulation) => simulation.status());
    for (let ahead = 1; ahead <= 1_000; ahead += 1) {
      if (this.drive(now + ahead * 1_000, 0).cursor > cursor) {
        return true;
      }
    }
    return false;
  }

  private drive(until: number, budget: number): Status {
    return this.call((simulation) => (this.undecided ? simulation.keep_undecided(until, budget) : simulation.run_until(until, budget)));
  }

  private tellStopped(): void {
    const { stopped, events } = this.call((simulation) => simulation.status());
    if (stopped === "limit") {
      this.notify({
        tone: "plain",
        text: `The run has reached its limit of ${events.toLocaleString("en")} events. It can still be wound back. To see more, raise the limit under Set-up.`,
      });
    } else if (stopped === "idle") {
      this.notify({ tone: "plain", text: "Nothing is left to happen in this run: no message is on its way and no timer is set. Send a command, or step back." });
    }
  }

  /** After every move: fetches what is new, and tells the views. */
  private arrive(clock?: number): void {
    this.status = this.call((simulation) => simulation.status());
    this.clock = clock ?? this.status.now;
    this.forgetMoment();
    this.judge.moved();
    const before = this.records.revision;
    this.records.fetch(
      this.status,
      (events, messages, resolutions) => this.call((simulation) => simulation.columns(events, messages, resolutions)),
      () => this.call((simulation) => simulation.interventions()),
    );
    this.emitter.emit("time", ...(this.records.revision === before ? [] : (["records"] satisfies Topic[])));
  }

  // Acting

  /** What a link to the run as it is recorded carries, with its playhead. */
  linkContent(): LinkContent {
    return this.call((simulation) => simulation.link_content());
  }

  /** Does something to the run at the playhead. In the past, what came after is discarded; the notice offers it back. */
  act(action: Action): boolean {
    const putBack = this.bookmark();
    try {
      const { discarded_events: discarded } = this.call((simulation) => simulation.intervene(action));
      if (discarded > 0) {
        this.afterDiscard(discarded, putBack);
      }
      this.made = this.call((simulation) => simulation.scenario());
      this.arrive();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    }
  }

  private afterDiscard(discarded: number, putBack: () => void): void {
    this.records.clear();
    this.labels.clear();
    this.history.clear();
    this.selection = null;
    this.highlighted = new Set();
    this.emitter.emit("selection");
    this.notify({
      tone: "plain",
      text: `The run starts again from here: ${discarded.toLocaleString("en")} later ${discarded === 1 ? "event was" : "events were"} discarded.`,
      action: { label: "Put them back", run: putBack },
    });
  }

  /** What makes the run again as it is now, from its scenario. */
  bookmark(): () => void {
    const { made: scenario, opened } = this;
    const { events, cursor } = this.status;
    return () => {
      const engine = this.engines.get(looksOf(scenario.protocol).family) ?? this.engine;
      this.begin(engine, engine.simulate(scenario), opened);
      this.runTo(events);
      this.call((simulation) => simulation.seek(Math.min(cursor, events)));
      this.arrive();
      this.emitter.emit("scenario", "selection", "plan");
    };
  }

  private runTo(events: number): void {
    let status = this.simulation.status();
    while (status.cursor < events && this.simulation.step()) {
      status = this.simulation.status();
    }
  }

  /** How many messages a scheduler holds back, so that nothing is decided; null where it would not know which. */
  heldBack(): number | null {
    return this.remember("held", (simulation) => simulation.held_back() ?? null);
  }

  /** Has a scheduler keep the run undecided from here on, or lets go of all that it holds back. */
  keepUndecided(undecided: boolean): void {
    this.undecided = undecided;
    if (!undecided) {
      this.toEnd();
      this.call((simulation) => simulation.let_go());
      this.made = this.call((simulation) => simulation.scenario());
    }
    this.arrive();
    this.emitter.emit("plan");
  }

  setPlan(plan: ReadonlySet<number> | null): void {
    this.plan = plan;
    this.emitter.emit("plan");
  }

  healAfter(ticks: number | null): void {
    this.healsAt = ticks === null ? null : this.clock + ticks;
    this.emitter.emit("plan");
  }

  // Selecting and looking

  select(selection: Selection | null): void {
    this.selection = selection;
    this.highlighted = new Set();
    this.emitter.emit("selection");
  }

  highlight(messages: Iterable<number>): void {
    this.highlighted = new Set(messages);
    this.emitter.emit("selection");
  }

  /** Asks the diagram to show a span of time. */
  lookAt(start: number, end: number): void {
    this.wanted = { start, end };
    this.emitter.emit("looks");
  }

  setViewport(viewport: { start: number; end: number } | null): void {
    if (viewport?.start !== this.viewport?.start || viewport?.end !== this.viewport?.end) {
      this.viewport = viewport;
      this.emitter.emit("viewport");
    }
  }

  setLooks(looks: Partial<Looks>): void {
    this.directionChosen ||= looks.direction !== undefined;
    this.looks = { ...this.looks, ...looks };
    this.emitter.emit("looks");
  }

  // Notices

  get notices(): readonly Notice[] {
    return this.told.list;
  }

  notify(notice: Omit<Notice, "id">): void {
    this.told.tell(notice);
  }

  dismiss(id: number): void {
    this.told.dismiss(id);
  }

  report(error: unknown): void {
    if (!(error instanceof Reviving)) {
      this.notify({ tone: "bad", text: describeError(error) });
    }
  }

  // Calling the engine

  protected call<T>(ask: (simulation: Simulation) => T): T {
    if (this.reviving) {
      throw new Reviving("The engine is being started again.");
    }
    try {
      return ask(this.simulation);
    } catch (error) {
      if (isDeath(error)) {
        void this.revive(error);
        throw new Reviving("The engine is being started again.");
      }
      throw error;
    }
  }

  /** The engine died. A fresh one replays the run, up to the last event that was reached alive. */
  private async revive(death: unknown): Promise<void> {
    const cursor = this.status.cursor;
    this.pause();
    this.reviving = true;
    this.playWhenRevived = false;
    this.notify({ tone: "bad", text: `The engine failed after event ${cursor}: ${describeError(death)}. The run is being replayed up to that event.` });
    try {
      const { family } = looksOf(this.made.protocol);
      this.engine = await startEngine(family);
      this.engines.set(family, this.engine);
      const simulation = this.engine.simulate(this.made);
      this.replace(simulation);
      this.reviving = false;
      this.runTo(cursor);
      this.arrive();
      this.emitter.emit("scenario", "selection", "plan");
      if (this.playWhenRevived) {
        this.play();
      }
    } catch (error) {
      this.reviving = true;
      this.notify({ tone: "bad", text: `The engine could not be started again: ${describeError(error)}` });
    }
  }
}
