// The playhead: where in the run the reader stands, and how it moves. Back and forth through what is recorded, and
// forward into what is not yet: then the simulation makes more events, within a budget for each frame while the run
// plays.

import type { Emitter } from "./emitter.js";
import type { ReachedMoment, Status } from "./engine.js";
import type { Live } from "./live.js";
import type { Notices } from "./notices.js";
import type { ViewState } from "./view-state.js";

export const TICKS_PER_SECOND = 1_000_000;
export const SPEED_MIN = 0.001;
/** Speeds above this are "as fast as it goes". */
export const SPEED_MAX = 10;

/** Milliseconds of a frame that the simulator may take. */
const FRAME_BUDGET_MS = 6;
/** However long a frame took, the run goes on by no more than this. */
const FRAME_MAX_MS = 100;
/** In a frame at full speed, the target is so far away that only the budget ends it. */
const FULL_SPEED_TICKS = 3_600 * TICKS_PER_SECOND;
/**
 * How long a run may be driven on to find the next election or violation; and how far, and for how long, between two
 * looks.
 */
const JUMP = { budgetMs: 600, stepTicks: TICKS_PER_SECOND / 4, stepMs: 100 };
/** As much of the run is made at once to come to a moment: the reader shall not see far beyond it. */
const REACH_TICKS = 20_000;
/** A step with a scheduler looks at one millisecond of virtual time after the other, and no further than this. */
const UNDECIDED_STEP = { ticks: 1_000, most: 1_000 };

/** The limits on events that are offered one after another; the last is the engine's own (`EVENTS_MAX`). */
const LIMITS: readonly number[] = [10_000, 100_000, 300_000, 1_000_000, 2_000_000];

/** The run whose playhead it is. */
export interface PlayedRun {
  readonly status: Status;
  readonly records: { readonly end: number; eventsUpTo(time: number): number };
  /**
   * The playhead has moved, to `clock` or to the time of its last event: what is new is fetched, and the views are
   * told.
   */
  arrive(clock?: number): void;
  /** Answers that were a little old while the run played are to be exact from now on. */
  rest(): void;
  /** What was judged a moment ago was judged elsewhere. */
  forgetVerdict(): void;
  readonly deeds: { raiseLimit(events: number): void };
  /** Where the run is told: the moments at which play halts. */
  readonly story: { haltBetween(from: Position, to: Position & { events: number; end: number }): ReachedMoment | null };
  /** Where something is broken for the first time, play halts, too. */
  readonly halting: { begin(cursor: number): void; reached(): number | null; tell(event: number): void };
}

/** Where a playhead stands. */
interface Position {
  cursor: number;
  clock: number;
}

export class Playhead {
  /** Its time, which glides between events while a run plays. */
  private time = 0;
  private isPlaying = false;
  private rate = 0.1;
  private scheduled = false;
  /** Play was pressed while the engine was being started again. */
  private playWhenRevived = false;
  private frame = 0;
  private frameAt = 0;

  constructor(
    private readonly run: PlayedRun,
    private readonly live: Live,
    private readonly view: ViewState,
    private readonly notices: Notices,
    private readonly emitter: Emitter,
  ) {}

  get clock(): number {
    return this.time;
  }

  get playing(): boolean {
    return this.isPlaying;
  }

  get speed(): number {
    return this.rate;
  }

  /** Whether the run plays as fast as it goes. */
  get fullSpeed(): boolean {
    return this.isPlaying && this.rate > SPEED_MAX;
  }

  /** Whether a scheduler keeps the run from deciding anything while it goes on. */
  get undecided(): boolean {
    return this.scheduled;
  }

  /** Whether events lie after the playhead. */
  get inPast(): boolean {
    return this.run.status.cursor < this.run.status.events;
  }

  // What the run tells the playhead

  /** The run has moved it. */
  standAt(clock: number): void {
    this.time = clock;
  }

  setUndecided(undecided: boolean): void {
    this.scheduled = undecided;
  }

  /** The engine has died: what was asked of the dead one is forgotten. */
  stopForRevival(): void {
    this.pause();
    this.playWhenRevived = false;
  }

  playIfAsked(): void {
    if (this.playWhenRevived) {
      this.play();
    }
  }

  // Playing

  play(): void {
    if (this.live.reviving) {
      this.playWhenRevived = true;
      return;
    }
    if (this.isPlaying) {
      return;
    }
    this.isPlaying = true;
    this.run.halting.begin(this.run.status.cursor);
    this.frameAt = performance.now();
    this.frame = requestAnimationFrame((now) => this.onFrame(now));
    this.emitter.emit("playing");
  }

  pause(): void {
    if (!this.isPlaying) {
      return;
    }
    this.isPlaying = false;
    cancelAnimationFrame(this.frame);
    this.run.rest();
    this.emitter.emit("playing", "time");
  }

  toggle(): void {
    if (this.isPlaying) {
      this.pause();
    } else {
      this.play();
    }
  }

  setSpeed(speed: number): void {
    this.rate = speed > SPEED_MAX ? Infinity : Math.max(SPEED_MIN, speed);
    this.emitter.emit("playing");
  }

  /** Slower or faster; from full speed, back to the fastest that has a number. */
  speedBy(factor: number): void {
    this.setSpeed(Number.isFinite(this.rate) || factor > 1 ? this.rate * factor : SPEED_MAX);
  }

  private onFrame(now: number): void {
    if (!this.isPlaying) {
      return;
    }
    // The frame that was under way when Play was pressed began before.
    const passed = Math.max(0, Math.min(FRAME_MAX_MS, now - this.frameAt));
    this.frameAt = now;
    const wanted = this.time + (this.rate > SPEED_MAX ? FULL_SPEED_TICKS : passed * 1_000 * this.rate);
    try {
      this.advance(wanted);
    } catch (error) {
      this.pause();
      this.notices.report(error);
      return;
    }
    if (this.isPlaying) {
      this.frame = requestAnimationFrame((next) => this.onFrame(next));
    }
  }

  private advance(target: number): void {
    const started = performance.now();
    const from = { cursor: this.run.status.cursor, clock: this.time };
    const status = this.drive(target, FRAME_BUDGET_MS);
    const halt = this.run.story.haltBetween(from, { cursor: status.cursor, events: status.events, end: status.end, clock: target });
    if (halt !== null) {
      this.pause();
      this.seekMoment(halt);
      return;
    }
    const outOfBudget = performance.now() - started >= FRAME_BUDGET_MS || this.rate > SPEED_MAX;
    this.run.arrive(outOfBudget ? status.now : target);
    const broken = this.run.halting.reached();
    if (broken !== null) {
      this.pause();
      this.seek(broken + 1);
      this.run.halting.tell(broken);
      return;
    }
    if (status.stopped !== null && !this.inPast) {
      this.pause();
      this.tellStopped();
    }
  }

  // Moving by hand

  /** Moves by events: back through what is recorded, forward into what is not yet. */
  step(events: number): void {
    this.pause();
    const { status } = this.run;
    const { selection } = this.view;
    // Whoever looks at the event before the playhead, as after a jump, looks on at what comes next.
    if (selection?.kind === "event" && selection.event === status.cursor - 1) {
      this.view.select(null);
    }
    if (events < 0) {
      this.seek(Math.max(0, status.cursor + events));
      return;
    }
    for (let done = 0; done < events; done += 1) {
      if (!(this.scheduled ? this.stepUndecided() : this.live.move((simulation) => simulation.step(), done > 0))) {
        this.tellStopped();
        break;
      }
    }
    this.run.arrive();
  }

  /** Puts the playhead just after that many events. */
  seek(events: number): void {
    const within = Math.max(0, Math.min(events, this.run.status.events));
    this.live.call((simulation) => simulation.seek(within));
    this.run.forgetVerdict();
    this.run.arrive();
  }

  /** Puts the playhead at a time within what is recorded. */
  seekTime(time: number): void {
    const within = Math.max(0, Math.min(time, this.run.records.end));
    this.live.call((simulation) => simulation.seek(this.run.records.eventsUpTo(within)));
    this.run.arrive(within);
  }

  /** Puts the playhead at a moment: just after so many events, at its time. */
  seekMoment({ events, time }: ReachedMoment): void {
    this.live.call((simulation) => simulation.seek(events));
    this.run.forgetVerdict();
    this.run.arrive(time);
  }

  /** Drives the run on, for at most so much virtual time, until something is found. */
  reach<T>(found: () => T | undefined, most: number): T | undefined {
    const until = this.run.status.end + most;
    let what = found();
    while (what === undefined && this.run.status.stopped === null && this.run.status.end < until) {
      this.drive(this.run.status.end + REACH_TICKS, JUMP.stepMs);
      this.run.arrive();
      what = found();
    }
    return what;
  }

  toEnd(): void {
    this.seek(this.run.status.events);
  }

  /** To the next or the last of these events; forward, the run goes on for a while to find one. */
  jump(direction: 1 | -1, marks: () => readonly number[]): boolean {
    this.pause();
    const { cursor } = this.run.status;
    const found = (): number | undefined =>
      direction === 1 ? marks().find((event) => event >= cursor) : marks().findLast((event) => event < cursor - 1);
    const event = found() ?? (direction === 1 ? this.goOnTo(found) : undefined);
    this.seek(event === undefined ? cursor : event + 1);
    if (event !== undefined) {
      this.view.select({ kind: "event", event });
    }
    return event !== undefined;
  }

  /** Drives the run on until something is found, or for long enough. */
  private goOnTo(found: () => number | undefined): number | undefined {
    const started = performance.now();
    let event: number | undefined;
    while (event === undefined && this.run.status.stopped === null && performance.now() - started < JUMP.budgetMs) {
      this.drive(this.run.status.end + JUMP.stepTicks, JUMP.stepMs);
      this.run.arrive();
      event = found();
    }
    return event;
  }

  /** As little as can be done with the scheduler: up to the next millisecond in which something happens. */
  private stepUndecided(): boolean {
    const { cursor, now } = this.live.call((simulation) => simulation.status());
    for (let step = 1; step <= UNDECIDED_STEP.most; step += 1) {
      if (this.drive(now + step * UNDECIDED_STEP.ticks, 0).cursor > cursor) {
        return true;
      }
    }
    return false;
  }

  private drive(until: number, budget: number): Status {
    const isScheduled = this.scheduled;
    return this.live.move((simulation) => (isScheduled ? simulation.keep_undecided(until, budget) : simulation.run_until(until, budget)), !isScheduled);
  }

  private tellStopped(): void {
    const { stopped, events } = this.live.call((simulation) => simulation.status());
    if (stopped === "limit") {
      this.tellLimit(events);
    } else if (stopped === "idle") {
      this.notices.tell({ tone: "plain", text: "Nothing is left to happen in this run: no message is on its way and no timer is set. Send a command, or step back." });
    }
  }

  private tellLimit(events: number): void {
    const reached = `The run has reached its limit of ${events.toLocaleString("en")} events. It can still be wound back.`;
    const next = LIMITS.find((limit) => limit > events);
    if (next === undefined) {
      this.notices.tell({ tone: "plain", text: `${reached} More than that the page does not hold.` });
    } else {
      const label = `Go on to ${next.toLocaleString("en")}`;
      this.notices.tell({ tone: "plain", text: reached, action: { label, run: () => this.run.deeds.raiseLimit(next) } });
    }
  }
}
