// The run that the page shows: its scenario, its playhead, what was recorded, and what is selected.
// Every view reads from here and acts through here; only this file calls the simulation.

import { countsFromZero, looksOf } from "../protocols/protocol.js";
import { paintEpochsBy } from "../design/palette.js";
import { apostrophes } from "../design/words.js";
import type { Topic } from "./emitter.js";
import { describeError, isDeath, startEngine } from "./engine.js";
import type { Action, Catalogue, Engine, GalleryEntry, LinkContent, Scenario, Simulation, Status, Verdict } from "./engine.js";
import { HistoryCache } from "./history.js";
import { Judge } from "./judge.js";
import { LabelCache } from "./labels.js";
import type { Opened } from "./link.js";
import type { Family } from "./modules.js";
import { openingOf } from "./interventions.js";
import { Records } from "./records.js";
import { replay, revived } from "./revival.js";
import { Reviving, Sight } from "./sight.js";

export { Reviving } from "./sight.js";
export type { Looks, Selection } from "./sight.js";

export const TICKS_PER_SECOND = 1_000_000;
/** Milliseconds of a frame that the simulator may take. */
const FRAME_BUDGET_MS = 6;
/** How often, while a scheduler acts, what it did is taken into the scenario from which the run can be made again. */
const KEEP_EVERY_MS = 500;
/** How long a run may be driven on to find the next election or violation. */
const JUMP_BUDGET_MS = 600;
export const SPEED_MIN = 0.001;
/** Speeds above this are "as fast as it goes". */
export const SPEED_MAX = 10;

export class Run extends Sight {
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
  /** Whether a scheduler keeps the run from deciding anything while it goes on. */
  undecided = false;
  /** The engine has died, and no other has taken its place yet. */
  reviving = false;
  /** Why none could; null as long as one may. */
  private lost: string | null = null;
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
  /** Where the playhead was when that was last brought up to date, and when it was. */
  private kept = { cursor: 0, at: 0 };
  /** A call is under way that may pass many events. */
  private moving = false;
  protected readonly judge = new Judge(this, this.emitter, () => this.judged(), (error) => this.report(error));
  private frame = 0;
  private frameAt = 0;

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

  /** Whether something was done to the run since it was opened or chosen. */
  get hasMoreThanItBeganWith(): boolean {
    if (this.made === undefined) {
      return false;
    }
    const { title, interventions = [] } = this.made;
    const given = this.opened?.content.scenario ?? this.entries.find(({ scenario }) => scenario.title === title)?.scenario;
    return interventions.length !== (given?.interventions?.length ?? 0);
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
      this.restart(first?.scenario ?? { protocol });
    }
  }

  /** Starts another run, as [load] does. If something was done to the one before, it is offered back. */
  restart(scenario: Scenario, until = openingOf(scenario)): void {
    const putBack = this.hasMoreThanItBeganWith ? this.bookmark() : null;
    this.load(scenario, until);
    if (putBack !== null) {
      this.notify({ tone: "plain", text: "Another run was started. What you did to the one before is kept for a while.", action: { label: "Back to it", run: putBack } });
    }
  }

  /** Starts another run, at once if the protocol's engine is there, and plays it unseen up to a moment that shows something. */
  load(scenario: Scenario, until = openingOf(scenario)): void {
    this.useEngine(scenario.protocol, (engine) => {
      this.begin(engine, engine.simulate(scenario), null);
      this.call((simulation) => simulation.run_until(until, 1_000));
      this.arrive(until);
      this.emitter.emit("scenario", "selection", "plan");
    });
  }

  /** One that has died is not there any more: then another is started first. */
  private useEngine(protocol: string, use: (engine: Engine) => void): void {
    const there = this.engines.get(looksOf(protocol).family);
    if (there !== undefined) {
      use(there);
      return;
    }
    const isWanted = this.ask();
    this.engineOf(protocol)
      .then((engine) => {
        if (isWanted()) {
          use(engine);
        }
      })
      .catch((error: unknown) => this.report(error));
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
    this.reviving = false;
    this.lost = null;
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
    this.undecided = false;
    this.forgetAnswers();
    this.judge.begin();
  }

  private judged(): Verdict {
    const verdict = this.call((simulation) => simulation.verdict());
    return { ...verdict, sentence: apostrophes(verdict.sentence) };
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
      this.keep();
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
    this.speed = speed > SPEED_MAX ? Infinity : Math.max(SPEED_MIN, speed);
    this.emitter.emit("playing");
  }

  /** Slower or faster; from full speed, back to the fastest that has a number. */
  speedBy(factor: number): void {
    this.setSpeed(Number.isFinite(this.speed) || factor > 1 ? this.speed * factor : SPEED_MAX);
  }

  /** Moves by events: back through what is recorded, forward into what is not yet. */
  step(events: number): void {
    this.pause();
    // Whoever looks at the event before the playhead, as after a jump, looks on at what comes next.
    if (this.selection?.kind === "event" && this.selection.event === this.status.cursor - 1) {
      this.select(null);
    }
    if (events < 0) {
      this.seek(Math.max(0, this.status.cursor + events));
      return;
    }
    for (let done = 0; done < events; done += 1) {
      if (!(this.undecided ? this.stepUndecided() : this.move((simulation) => simulation.step(), done > 0))) {
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
    // What was judged a moment ago was judged elsewhere.
    this.judge.forget();
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
    // The frame that was under way when Play was pressed began before.
    const passed = Math.max(0, Math.min(100, now - this.frameAt));
    this.frameAt = now;
    const wanted = this.speed > SPEED_MAX ? this.clock + 3_600 * TICKS_PER_SECOND : this.clock + passed * 1_000 * this.speed;
    try {
      this.advance(wanted);
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
    return this.move((simulation) => (this.undecided ? simulation.keep_undecided(until, budget) : simulation.run_until(until, budget)), !this.undecided);
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
    if (this.undecided && (!this.playing || performance.now() - this.kept.at > KEEP_EVERY_MS)) {
      this.keep();
    }
    // Each frame's share of a history that grows fast, so that no view has to ask for much of it at once.
    if (this.fullSpeed) {
      this.operations();
    }
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
      this.arrive();
      this.keep();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    }
  }

  /** What was done belongs to the run: with it, the same run can be made again. */
  private keep(): void {
    this.made = this.call((simulation) => simulation.scenario());
    this.kept = { cursor: this.status.cursor, at: performance.now() };
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
    return () =>
      this.useEngine(scenario.protocol, (engine) => {
        this.begin(engine, engine.simulate(scenario), opened);
        this.call((simulation) => replay(simulation, events));
        this.call((simulation) => simulation.seek(Math.min(cursor, events)));
        this.arrive();
        this.emitter.emit("scenario", "selection", "plan");
      });
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
    }
    this.arrive();
    this.keep();
    this.emitter.emit("plan");
  }

  /** Has the network heal by itself after a while, because of what was done last. */
  healAfter(ticks: number): void {
    this.call((simulation) => simulation.plan_heal(this.clock + ticks));
    this.arrive();
    this.keep();
    this.emitter.emit("plan");
  }

  // Calling the engine

  protected call<T>(ask: (simulation: Simulation) => T): T {
    if (this.reviving) {
      throw new Reviving(this.lost ?? "The engine is being started again…");
    }
    try {
      return ask(this.simulation);
    } catch (error) {
      if (isDeath(error)) {
        void this.revive(error);
        throw new Reviving("The engine is being started again…");
      }
      throw error;
    }
  }

  /** As `call`, for what may pass many events: if the engine dies meanwhile, nobody knows at which. */
  private move<T>(ask: (simulation: Simulation) => T, many: boolean): T {
    this.moving = many;
    try {
      return this.call(ask);
    } finally {
      this.moving = false;
    }
  }

  /** The engine died. A fresh one replays the run, up to the last event that was reached alive. */
  private async revive(death: unknown): Promise<void> {
    const { made, moving, simulation: dead } = this;
    // What a scheduler did since is not known.
    const cursor = this.undecided ? Math.min(this.kept.cursor, this.status.cursor) : this.status.cursor;
    // First of all: the dead one must not be called again.
    this.reviving = true;
    this.lost = null;
    this.pause();
    this.playWhenRevived = false;
    const { family } = looksOf(made.protocol);
    this.engines.delete(family);
    this.notify({ tone: "bad", text: `The engine failed after event ${cursor}: ${describeError(death)}. The run is being replayed up to that event.` });
    try {
      const { engine, simulation, found } = await revived(family, made, cursor, moving);
      this.engines.set(family, engine);
      if (this.simulation !== dead) {
        // Another run was begun meanwhile.
        simulation.free();
        return;
      }
      this.engine = engine;
      this.replace(simulation);
      this.arrive();
      this.emitter.emit("scenario", "selection", "plan");
      if (found !== null) {
        this.notify({ tone: "bad", text: found });
      }
      if (this.playWhenRevived) {
        this.play();
      }
    } catch (error) {
      if (this.simulation === dead) {
        this.giveUp(death, error);
      }
    }
  }

  private giveUp(death: unknown, error: unknown): void {
    this.lost = `The engine could not be started again: ${describeError(error)}`;
    this.notify({ tone: "bad", text: this.lost, action: { label: "Try again", run: () => void this.revive(death) } });
    this.emitter.emit("scenario");
  }
}
