// Play halts where something is broken for the first time: whoever watches shall not have to be quick. The checks say
// what is broken (`Moment.violated`), while a run plays a little late: the playhead then goes back to the moment.
//
// A story halts where its captions say so; while one is told, this is not asked.

import { apostrophes, titled } from "../design/words.js";
import type { InvariantState, OperationView, Verdict } from "./engine.js";
import type { Notices } from "./notices.js";

/** The run that halts. */
export interface HaltingRun {
  readonly moment: {
    violated(): ReadonlySet<number>;
    invariants(): readonly InvariantState[];
    verdict(): Verdict | null;
    operations(): readonly OperationView[];
  };
  readonly story: { readonly told: boolean };
}

export class Halting {
  private isOn = true;
  /** The events before the playhead when play began: what was broken among them was seen. */
  private from = 0;

  constructor(
    private readonly run: HaltingRun,
    private readonly notices: Notices,
  ) {}

  get on(): boolean {
    return this.isOn;
  }

  set(on: boolean): void {
    this.isOn = on;
  }

  /** Play begins after so many events. */
  begin(cursor: number): void {
    this.from = cursor;
  }

  /** The event at which play halts, if it has been passed. */
  reached(): number | null {
    if (!this.isOn || this.run.story.told) {
      return null;
    }
    let first = Infinity;
    for (const event of this.run.moment.violated()) {
      first = Math.min(first, event);
    }
    return first >= this.from && first !== Infinity ? first : null;
  }

  /** Says why play has halted; the playhead stands right after the event. */
  tell(event: number): void {
    this.notices.tell({
      tone: "bad",
      text: `Play has halted: ${this.brokenBy(event).replace(/\.$/, "")}.`,
      action: { label: "Do not halt again", run: () => this.set(false) },
    });
  }

  private brokenBy(event: number): string {
    const { moment } = this.run;
    const property = moment.invariants().find(({ broken }) => broken?.event === event);
    if (property !== undefined) {
      return `${titled(property.name)} is broken for the first time`;
    }
    const verdict = moment.verdict();
    const blamed = verdict?.blamed ?? null;
    const isAnswer = blamed !== null && moment.operations()[blamed]?.completed_event === event;
    return isAnswer && verdict !== null ? apostrophes(verdict.sentence) : "something has happened that must not";
  }
}
