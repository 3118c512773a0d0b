// When the checker is asked: each judgement is a search through the whole history, and a long history takes a while.

import type { Emitter } from "./emitter.js";
import type { Verdict } from "./engine.js";
import { Recent } from "./recent.js";

/** How old a verdict may be while a run plays. */
const EVERY_MS = 300;
/** A judgement that would take longer than this is put off, where a frame or a seek would have to wait for it... */
const CHEAP_MS = 8;
/** ...and one that would take longer than this, while a run plays at full speed, until it pauses. */
const BEARABLE_MS = 30;
/** When a judgement that was put off is made at the latest. */
const LATEST_MS = 250;
/** The shortest run that says what a longer one will cost: a judgement of less takes about as long. */
const TELLING_EVENTS = 1_000;

/** The run that is judged. */
export interface JudgedRun {
  cursor: () => number;
  playhead: { readonly playing: boolean; readonly fullSpeed: boolean };
  live: { readonly reviving: boolean };
}

export class Judge {
  private readonly recent = new Recent<Verdict>(EVERY_MS);
  /** The verdict at the playhead, where it has been asked for. */
  private now: Verdict | null = null;
  private waiting = false;
  /** Milliseconds for each event that the last judgement took. */
  private costOfEvent = 0;

  constructor(
    private readonly run: JudgedRun,
    private readonly emitter: Emitter,
    private readonly ask: () => Verdict,
    private readonly report: (error: unknown) => void,
  ) {}

  /** The playhead has moved. */
  moved(): void {
    this.now = null;
  }

  /** Another run is there: what judgements of the one before took says nothing of it. */
  begin(): void {
    this.forget();
    this.costOfEvent = 0;
  }

  /** Nothing of what was judged holds any more. */
  forget(): void {
    this.now = null;
    this.recent.clear();
  }

  /** The checker's word; null while it is put off. While a run plays it may be a little old. */
  verdict(): Verdict | null {
    const { playing, fullSpeed } = this.run.playhead;
    const cost = this.expectedCost();
    if (this.now !== null || cost <= CHEAP_MS || (playing && !fullSpeed)) {
      return this.judge();
    }
    if (playing && cost > BEARABLE_MS) {
      return null;
    }
    this.judgeSoon();
    return playing ? this.recent.last : null;
  }

  private judge(): Verdict {
    this.now ??= this.recent.get(this.run.playhead.playing, () => this.measured());
    return this.now;
  }

  private measured(): Verdict {
    const started = performance.now();
    const verdict = this.ask();
    this.costOfEvent = (performance.now() - started) / Math.max(TELLING_EVENTS, this.run.cursor());
    return verdict;
  }

  /** The history grows with the run. */
  private expectedCost(): number {
    return this.costOfEvent * this.run.cursor();
  }

  private judgeSoon(): void {
    if (this.waiting) {
      return;
    }
    this.waiting = true;
    whenIdle(() => {
      this.waiting = false;
      const { playing, fullSpeed } = this.run.playhead;
      if (this.run.live.reviving || (playing && !fullSpeed)) {
        return;
      }
      const before = this.recent.last;
      try {
        this.judge();
      } catch (error) {
        this.report(error);
      }
      if (!playing || this.recent.last !== before) {
        this.emitter.emit("verdict");
      }
    });
  }
}

/** After what is drawn now; Safari has no idle callbacks. */
function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) {
    window.requestIdleCallback(act, { timeout: LATEST_MS });
  } else {
    setTimeout(act, 50);
  }
}
