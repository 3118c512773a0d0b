// Who wants to know what: views name the topics they show, and are told at most once a frame.

import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * `time`: the playhead moved. `records`: something was recorded or discarded. `scenario`: another run was loaded.
 * `plan`: what the partition editor would do. `looks`: how things are drawn.
 */
export type Topic = "time" | "records" | "selection" | "scenario" | "playing" | "notices" | "plan" | "looks";

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

/** Updates a view when one of its topics is emitted; while a run plays, no more often than every `pace` milliseconds. */
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
    const wait = this.last + this.pace() - performance.now();
    if (wait <= 0) {
      this.now();
    } else {
      this.timer ??= window.setTimeout(() => this.now(), wait);
    }
  }

  private now(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    this.host.requestUpdate();
  }
}
