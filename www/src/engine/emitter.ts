// Who wants to know what: views name the topics they show, and are told at most once a frame.

import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * `time`: the playhead moved. `records`: something was recorded or discarded. `scenario`: another run was loaded.
 * `plan`: what the partition editor would do. `looks`: how things are drawn. `verdict`: the checker has judged.
 * `viewport`: the diagram shows another span of time. `story`: another caption is present, or what is known of them.
 * `drawn`: the diagram says how it is drawn now. `arrangement`: what of the page is shown. `deeds`: what can be undone, or done again.
 */
export type Topic = "time" | "records" | "selection" | "scenario" | "playing" | "notices" | "plan" | "looks" | "verdict" | "viewport" | "story" | "drawn" | "arrangement" | "deeds";

type Listener = (topics: ReadonlySet<Topic>) => void;

export class Emitter {
  private readonly listeners = new Set<Listener>();
  private pending = new Set<Topic>();
  private scheduled = false;

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(...topics: Topic[]): void {
    for (const topic of topics) {
      this.pending.add(topic);
    }
    if (!this.scheduled) {
      this.scheduled = true;
      queueMicrotask(() => this.flush());
    }
  }

  private flush(): void {
    this.scheduled = false;
    const topics = this.pending;
    this.pending = new Set();
    for (const listener of this.listeners) {
      listener(topics);
    }
  }
}

/** While a run plays, views that have used this many milliseconds of a frame leave the rest to later frames. */
const BUDGET_MS = 6;
/** A view that found no time left tries again after so many milliseconds. */
const RETRY_MS = 12;

/** What drawing the views has cost in this frame. */
class FrameBudget {
  private used = 0;
  private scheduled = false;

  get left(): boolean {
    return this.used < BUDGET_MS;
  }

  spend(milliseconds: number): void {
    this.used += milliseconds;
    if (!this.scheduled) {
      this.scheduled = true;
      requestAnimationFrame(() => {
        this.scheduled = false;
        this.used = 0;
      });
    }
  }
}

export const frameBudget = new FrameBudget();

/**
 * Updates a view when one of its topics is emitted; while a run plays, no more often than every `pace` milliseconds,
 * and in a frame that has time for it.
 */
export class Watch implements ReactiveController {
  private stop: (() => void) | undefined;
  private timer: number | undefined;
  private last = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly emitter: () => Emitter,
    private readonly topics: readonly Topic[],
    private readonly pace: () => number,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.stop = this.emitter().listen((emitted) => {
      if (this.topics.some((topic) => emitted.has(topic))) {
        this.soon();
      }
    });
  }

  hostDisconnected(): void {
    this.stop?.();
    window.clearTimeout(this.timer);
    this.timer = undefined;
  }

  private soon(): void {
    const pace = this.pace();
    const wait = this.last + pace - performance.now();
    if (wait <= 0 && (pace === 0 || frameBudget.left)) {
      this.now();
    } else {
      this.timer ??= window.setTimeout(() => this.later(), Math.max(wait, RETRY_MS));
    }
  }

  private later(): void {
    this.timer = undefined;
    this.soon();
  }

  private now(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    this.host.requestUpdate();
  }
}
