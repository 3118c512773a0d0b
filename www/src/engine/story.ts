// The words at moments of a run. Rust finds the moments (`src/scenario/moments.rs`); here is which caption is present,
// how the reader goes from one to the next, and where play halts.
//
// A story is told while a reader has it open, and they may leave it at any moment. Where it is not told, play halts
// nowhere.

import type { Emitter } from "./emitter.js";
import type { Action, Caption, GalleryEntry, InterventionView, ReachedMoment, Scenario, Status } from "./engine.js";
import type { Live } from "./live.js";
import { settingsOf } from "./origin.js";
import type { Playhead } from "./playhead.js";

/** How much further the run is driven to come to a moment that is not recorded yet. */
const SEARCH_TICKS = 5_000_000;

/** A run that is recorded no further than this after a moment shows nothing of it. */
const UNSEEN_TICKS = 300_000;

/** How much further it is driven to see what comes after a moment at its end. */
const BEYOND_TICKS = 20_000;

/** The run that is told. */
export interface ToldRun {
  readonly status: Status;
  readonly scenario: Scenario;
  readonly entries: readonly GalleryEntry[];
  readonly playhead: Playhead;
  readonly moment: { intervention(event: number): InterventionView | undefined };
  act(action: Action, quietly?: boolean): boolean;
  /** What was done or said belongs to the run from now on. */
  takeSnapshot(): void;
}

/** What came of going to a caption: one that is not reached may be so because of what was done to the run. */
export type Went = "there" | "not reached";

export class Story {
  private list: readonly Caption[] = [];
  private found: readonly (ReachedMoment | null)[] = [];
  /** Events of the run, and its end, when the moments were asked for. */
  private askedAt = { events: -1, end: -1 };
  private present = -1;
  private left = true;
  /** Whether it is told as soon as its run is opened: where there is a card to tell it. */
  private opensWithRun = false;
  /** The next run is opened by a reader, and not made again with something put back or set otherwise. */
  private isOpening = true;
  /** Whether the words are those of a prepared run whose settings are others now: they may not be true any more. */
  private outdated = false;
  /** Whether nobody has taken it up since the run was loaded. */
  private fresh = false;
  /** What was chosen where a question is asked, by the caption's index. */
  private readonly chosen = new Map<number, number>();

  constructor(
    private readonly run: ToldRun,
    private readonly live: Live,
    private readonly emitter: Emitter,
  ) {}

  get captions(): readonly Caption[] {
    return this.list;
  }

  /** The index of the caption that is read; -1 before the first. */
  get index(): number {
    return this.present;
  }

  get current(): Caption | undefined {
    return this.list[this.present];
  }

  /** Whether there is a story that fits the run, told or left. */
  get exists(): boolean {
    return this.list.length > 0 && !this.outdated;
  }

  /** Whether it is being told: then play halts where a caption says so. */
  get told(): boolean {
    return this.exists && !this.left;
  }

  /** Where a caption's moment is, as far as the run is recorded. */
  momentOf(index: number): ReachedMoment | null {
    return this.found[index] ?? null;
  }

  /** The choice that was made in answer to a caption's question. */
  choiceOf(index: number): number | undefined {
    return this.chosen.get(index);
  }

  // What the run tells

  /** Another run is shown, or the same with other words. */
  begin(): void {
    this.list = this.run.scenario?.captions ?? [];
    this.found = [];
    this.forget();
    this.present = -1;
    this.chosen.clear();
    const words = JSON.stringify(this.list);
    const prepared = this.run.entries.find(({ scenario }) => JSON.stringify(scenario.captions) === words);
    this.outdated = prepared !== undefined && settingsOf(prepared.scenario) !== settingsOf(this.run.scenario);
    this.fresh = this.isOpening;
    this.left &&= !(this.fresh && this.opensWithRun);
    this.isOpening = false;
  }

  /** A run is about to be opened: its story is told from the beginning. */
  beginAnew(): void {
    this.isOpening = true;
  }

  /** From now on every run is opened with its story, this one, too. */
  openWithRuns(): void {
    this.opensWithRun = true;
    if (this.fresh && this.exists) {
      this.open();
    }
  }

  /** Gives the run other words. They change nothing in it, and travel in its link. Who writes them reads them, too. */
  retell(captions: readonly Caption[]): void {
    const { present } = this;
    const { playhead, status } = this.run;
    const here = { events: status.cursor, time: playhead.clock };
    this.live.call((simulation) => simulation.set_captions(captions));
    this.run.takeSnapshot();
    this.begin();
    this.fresh = false;
    this.outdated = false;
    this.left = false;
    this.present = Math.min(present, this.list.length - 1);
    this.moved();
    // A caption that stands where the run ends is found when something comes after it.
    if (present >= 0 && this.found[present] === null) {
      playhead.reach(() => this.found[present] ?? undefined, BEYOND_TICKS);
      playhead.seekMoment(here);
      this.present = present;
    }
    this.emitter.emit("story");
  }

  /** Whether nobody has taken it up yet since the run was loaded: from now on somebody has. */
  takeUp(): boolean {
    const { fresh } = this;
    this.fresh = false;
    return fresh;
  }

  /** What was recorded is not what it was. */
  forget(): void {
    this.askedAt = { events: -1, end: -1 };
  }

  /** The playhead has moved. A story that nobody reads costs nothing. */
  moved(): void {
    if (this.told) {
      this.locate();
    }
  }

  /** Finds the moments in what is recorded, and which caption the playhead stands at. */
  locate(): void {
    if (this.list.length === 0) {
      return;
    }
    this.ask(this.run.status);
    const before = this.present;
    this.present = this.standingAt();
    if (this.present !== before) {
      this.emitter.emit("story");
    }
  }

  /** Most moments are events; a time may come without one. */
  private ask({ events, end }: { events: number; end: number }): void {
    const awaitsTime = ({ moment: { on } }: Caption, index: number): boolean =>
      typeof on === "object" && "at" in on && this.momentOf(index) === null;
    if (this.askedAt.events !== events || (end > this.askedAt.end && this.list.some(awaitsTime))) {
      this.askedAt = { events, end };
      this.found = this.live.call((simulation) => simulation.moments());
      this.emitter.emit("story");
    }
  }

  /** The last caption up to the playhead. Of several at one moment the one that is being read stays. */
  private standingAt(): number {
    const { cursor } = this.run.status;
    const { clock } = this.run.playhead;
    let last = -1;
    for (const [index, moment] of this.found.entries()) {
      if (moment !== null && !isAfter(moment, { cursor, clock }) && !this.isBefore(index, last)) {
        last = index;
      }
    }
    return this.found[this.present]?.events === this.found[last]?.events ? this.present : last;
  }

  private isBefore(one: number, other: number): boolean {
    return (this.found[one]?.events ?? 0) < (this.found[other]?.events ?? 0);
  }

  /** The first moment after a position, and up to another, at which play halts. */
  haltBetween(
    from: { cursor: number; clock: number },
    to: { cursor: number; events: number; end: number; clock: number },
  ): ReachedMoment | null {
    if (!this.told) {
      return null;
    }
    this.ask(to);
    let first: ReachedMoment | null = null;
    for (const [index, moment] of this.found.entries()) {
      const isOnTheWay = moment !== null && isAfter(moment, from) && !isAfter(moment, to);
      if (isOnTheWay && this.list[index]?.halt === true && (first === null || moment.events < first.events)) {
        first = moment;
      }
    }
    return first;
  }

  // What the reader does

  leave(): void {
    this.left = true;
    this.emitter.emit("story");
  }

  open(): void {
    this.left = false;
    this.locate();
    this.emitter.emit("story");
  }

  choose(choice: number): void {
    this.chosen.set(this.present, choice);
    this.emitter.emit("story");
  }

  /** Goes to a caption; if its moment is not recorded yet, the run goes on for a while to find it. */
  go(index: number): Went {
    const { playhead } = this.run;
    playhead.pause();
    const moment = this.found[index] ?? playhead.reach(() => this.found[index] ?? undefined, SEARCH_TICKS);
    if (moment === undefined) {
      return "not reached";
    }
    this.present = index;
    playhead.seekMoment(moment);
    this.present = index;
    this.emitter.emit("story");
    return "there";
  }

  /** Whether the reader has done what a caption asks for. */
  isDone(index: number): boolean {
    const ask = this.list[index]?.ask;
    const moment = this.momentOf(index);
    if (ask === undefined || !("act" in ask) || moment === null) {
      return false;
    }
    const done = this.run.moment.intervention(moment.events);
    return done !== undefined && kindOf(done.action) === kindOf(ask.act.action);
  }

  /** Does what a caption asks for, at its moment. */
  act(index: number): boolean {
    const ask = this.list[index]?.ask;
    const moment = this.momentOf(index);
    if (ask === undefined || !("act" in ask) || moment === null) {
      return false;
    }
    if (this.run.status.cursor !== moment.events) {
      this.run.playhead.seekMoment(moment);
    }
    // What the run was driven on by, in the frame in which it halted, nobody saw.
    return this.run.act(ask.act.action, this.run.status.end - moment.time < UNSEEN_TICKS);
  }
}

/** Whether a moment comes after a position: between two events, time decides. */
function isAfter({ events, time }: ReachedMoment, { cursor, clock }: { cursor: number; clock: number }): boolean {
  return events > cursor || (events === cursor && time > clock);
}

function kindOf(action: Action): string {
  return typeof action === "string" ? action : (Object.keys(action)[0] ?? "");
}
