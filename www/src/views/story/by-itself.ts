// A story that plays by itself: at each caption it waits as long as reading takes, does what the reader is asked to do
// if they have not, and goes on. Whoever does anything else has taken over. Nothing plays by itself where motion is to
// be reduced.

import type { Run } from "../../engine/run.js";

/** Before it begins. */
const BEGIN_MS = 1_000;
/** How long a caption stands: to find it, and to read it. */
const FIND_MS = 1_500;
const READ_MS = 38;

export class ByItself {
  private timer = 0;
  private isOn = false;

  constructor(
    private readonly run: () => Run,
    private readonly changed: () => void,
  ) {}

  get on(): boolean {
    return this.isOn;
  }

  static get allowed(): boolean {
    return !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  begin(): void {
    this.isOn = true;
    this.wait(BEGIN_MS);
    this.changed();
  }

  stop(): void {
    if (this.isOn) {
      this.letGo();
      this.run().playhead.pause();
    }
  }

  /** Somebody else moves the run from here on. */
  letGo(): void {
    this.isOn = false;
    clearTimeout(this.timer);
    this.changed();
  }

  /** Play has halted at a caption. */
  arrived(): void {
    if (this.isOn) {
      const { current } = this.run().story;
      this.wait(FIND_MS + READ_MS * ((current?.title.length ?? 0) + (current?.text?.length ?? 0)));
    }
  }

  private wait(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.goOn(), milliseconds);
  }

  private goOn(): void {
    const { story, playhead, notices } = this.run();
    if (!this.isOn || !story.told || story.index === story.captions.length - 1) {
      this.stop();
      return;
    }
    try {
      const ask = story.current?.ask;
      if (ask !== undefined && "act" in ask && !story.isDone(story.index)) {
        story.act(story.index);
      }
      playhead.play();
    } catch (error) {
      this.stop();
      notices.report(error);
    }
  }
}
