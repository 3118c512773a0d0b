// What is done to the run, and how it is undone and done again.
//
// A run is a pure function of its scenario, so a mark (the scenario with all that was done so far, and where the run
// stood) is enough to make it again. Before each deed a mark is kept: to undo is to go back to it. Before that, a mark
// of the run as it is now is kept: to do it again is to go there.

import { count } from "../design/words.js";
import type { Emitter } from "./emitter.js";
import type { Action, Scenario, Status } from "./engine.js";
import { retold } from "./interventions.js";
import type { Opened } from "./link.js";
import type { Live } from "./live.js";
import type { Notices } from "./notices.js";
import type { Playhead } from "./playhead.js";
import type { Story } from "./story.js";

/** From what a run can be made again as it was. */
export interface Mark {
  scenario: Scenario;
  opened: Opened | null;
  events: number;
  cursor: number;
  /** The playhead's time. */
  time: number;
}

/** Something that was done, and the run to go to when it is undone, or done again. */
interface Deed {
  words: string;
  to: Mark;
}

/** Deeds that can be undone: each keeps a scenario. */
const DEEDS_MAX = 100;

/** The run to which things are done. */
export interface ChangedRun {
  readonly status: Status;
  readonly scenario: Scenario;
  readonly playhead: Playhead;
  readonly notices: Notices;
  readonly emitter: Emitter;
  readonly story: Story;
  readonly moment: { interventionText(event: number): string };
  arrive(): void;
  takeSnapshot(): void;
  forgetFrom(event: number): void;
  mark(): Mark;
  show(mark: Mark, isSame: boolean): Promise<boolean>;
}

export class Deeds {
  private past: Deed[] = [];
  private future: Deed[] = [];

  constructor(
    private readonly run: ChangedRun,
    private readonly live: Live,
  ) {}

  /** What Undo would undo, in words; null where there is nothing. */
  get undoable(): string | null {
    return this.past.at(-1)?.words ?? null;
  }

  /** What Redo would do again. */
  get redoable(): string | null {
    return this.future.at(-1)?.words ?? null;
  }

  /** Another run is shown. */
  forget(): void {
    this.past = [];
    this.future = [];
  }

  // Doing

  /** Acts at the playhead. What came after is discarded, and offered back; `quietly`: nobody has seen it. */
  act(action: Action, quietly: boolean): boolean {
    const { run } = this;
    const before = run.mark();
    try {
      const { discarded_events: discarded } = this.live.call((simulation) => simulation.intervene(action));
      run.story.forget();
      if (discarded > 0) {
        run.forgetFrom(before.cursor);
      }
      this.settle();
      this.done(run.moment.interventionText(run.status.cursor - 1), before);
      if (discarded > 0 && !quietly) {
        this.tellDiscarded(discarded);
      }
      return true;
    } catch (error) {
      run.notices.report(error);
      return false;
    }
  }

  /** Has a scheduler keep the run undecided from here on, or lets go of all that it holds back. */
  keepUndecided(undecided: boolean): void {
    const { run } = this;
    run.playhead.setUndecided(undecided);
    if (!undecided) {
      run.playhead.toEnd();
      this.live.call((simulation) => simulation.let_go());
      run.story.forget();
    }
    this.settle();
    run.emitter.emit("plan");
  }

  /** Has the network heal by itself after a while, because of what was done last. */
  healAfter(ticks: number): void {
    const { run } = this;
    this.live.call((simulation) => simulation.plan_heal(run.playhead.clock + ticks));
    run.story.forget();
    this.settle();
    run.emitter.emit("plan");
  }

  private settle(): void {
    this.run.arrive();
    this.run.takeSnapshot();
  }

  private done(words: string, before: Mark): void {
    this.past = [...this.past, { words, to: before }].slice(-DEEDS_MAX);
    this.future = [];
    this.run.emitter.emit("deeds");
  }

  private tellDiscarded(discarded: number): void {
    const ordinal = this.past.length - 1;
    this.run.notices.tell({
      tone: "plain",
      text: `The run starts again from here: ${count(discarded, "later event")} ${discarded === 1 ? "was" : "were"} discarded.`,
      action: { label: "Put them back", run: () => this.undoTo(ordinal) },
    });
  }

  // Undoing

  undo(): void {
    const words = this.undoable;
    if (words !== null) {
      this.undoTo(this.past.length - 1, () =>
        this.run.notices.tell({ tone: "plain", text: `Undone: ${words}.`, action: { label: "Do it again", run: () => this.redo() } }),
      );
    }
  }

  redo(): void {
    const deed = this.future.at(-1);
    if (deed !== undefined) {
      const past = [...this.past, { words: deed.words, to: this.run.mark() }];
      const future = this.future.slice(0, -1);
      this.go(deed.to, past, future, () => this.run.notices.tell({ tone: "plain", text: `Done again: ${deed.words}.` }));
    }
  }

  /** Undoes a deed, and all that were done after it. */
  private undoTo(ordinal: number, then: () => void = () => undefined): void {
    const undone = this.past.slice(ordinal);
    const [first] = undone;
    if (first === undefined) {
      return;
    }
    const ends = [...undone.slice(1).map(({ to }) => to), this.run.mark()];
    const again = undone.map(({ words }, index) => ({ words, to: ends[index] ?? first.to }));
    this.go(first.to, this.past.slice(0, ordinal), [...this.future, ...again.toReversed()], then);
  }

  private go(to: Mark, past: Deed[], future: Deed[], then: () => void): void {
    this.run
      .show({ ...to, scenario: retold(to.scenario, this.run.scenario) }, true)
      .then((isShown) => {
        if (isShown) {
          this.past = past;
          this.future = future;
          this.run.emitter.emit("deeds");
          then();
        }
      })
      .catch((error: unknown) => this.run.notices.report(error));
  }

  /** Goes on beyond the limit on events: the run is made again with a higher one, and plays on. */
  raiseLimit(events: number): void {
    const { run } = this;
    const mark = run.mark();
    run.notices.tell({ tone: "plain", text: `The run is made again with a limit of ${count(events, "event")}, and plays on from here.` });
    run
      .show({ ...mark, scenario: { ...mark.scenario, limits: { events } } }, true)
      .then((isShown) => {
        if (isShown) {
          run.playhead.play();
        }
      })
      .catch((error: unknown) => run.notices.report(error));
  }

  /** Offers the run before another one, if something was done to it. */
  offerBack(before: Mark | null, what: string): void {
    if (before !== null) {
      this.run.notices.tell({
        tone: "plain",
        text: `${what} What you did to the one before is kept for a while.`,
        action: { label: "Back to it", run: () => void this.run.show(before, false).catch((error: unknown) => this.run.notices.report(error)) },
      });
    }
  }
}
