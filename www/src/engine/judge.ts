// When the checker is asked: each judgement is a search through the whole history, and a long history takes a while.

import type { Emitter } from "./emitter.js";
import type { Verdict } from "./engine.js";
import { Recent } from "./recent.js";

/** How old a verdict may be while a run plays. */
const EVERY_MS = 300;
/** A judgement that took longer than this is not asked for while a run plays at full speed, nor within a seek's own frame. */
const CHEAP_MS = 8;
/** When a judgement that was put off is made at the latest. */
const LATEST_MS = 250;

export interface Judged {
  playing: boolean;
  fullSpeed: boolean;
  reviving: boolean;
}

export class Judge {
  private readonly recent = new Recent<Verdict>(EVERY_MS);
  /** The verdict at the playhead, where it has been asked for. */
  private now: Verdict | null = null;
  private waiting = false;
  /** Milliseconds that the last judgement took. */
  private cost = 0;

  constructor(
    private readonly run: Judged,
    private readonly emitter: Emitter,
    private readonly ask: () => Verdict,
    private readonly report: (error: unknown) => void,
  ) {}

  /** The playhead has moved. */
  moved(): void {
    this.now = null;
  }

  /** Nothing of what was judged holds any more. */
  forget(): void {
    this.now = null;
    this.recent.clear();
  }

  /** The checker's word; null while it is put off. */
  verdict(): Verdict | null {
    if (this.now === null && this.cost > CHEAP_MS && (this.run.fullSpeed || !this.run.playing)) {
      if (!this.run.playing) {
        this.judgeSoon();
      }
      return null;
    }
    return this.judge();
  }

  private judge(): Verdict {
    this.now ??= this.recent.get(this.run.playing, this.ask);
    this.cost = this.recent.cost;
    return this.now;
  }

  private judgeSoon(): void {
    if (this.waiting) {
      return;
    }
    this.waiting = true;
    whenIdle(() => {
      this.waiting = false;
      // Once the run plays again, there is nothing to judge yet.
      if (this.run.playing || this.run.reviving) {
        return;
      }
      try {
        this.judge();
      } catch (error) {
        this.report(error);
      }
      this.emitter.emit("verdict");
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
