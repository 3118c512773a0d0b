// What of a run is selected, looked at and spoken of. None of it changes the run itself.

import { Emitter } from "./emitter.js";
import { describeError } from "./engine.js";
import { Notices } from "./notices.js";
import type { Notice } from "./notices.js";
import { Questions } from "./questions.js";

export type Selection =
  | { kind: "node"; node: number }
  | { kind: "message"; message: number }
  | { kind: "event"; event: number }
  | { kind: "operation"; operation: number };

/** How the space-time diagram is drawn. */
export interface Looks {
  direction: "down" | "right";
  spacing: "true" | "causal";
  heartbeats: "folded" | "shown";
}

/** Says that the engine is being started again: the view that asked keeps what it showed. */
export class Reviving extends Error {}

export abstract class Sight extends Questions {
  readonly emitter = new Emitter();
  selection: Selection | null = null;
  /** Messages that a search or a verdict points to. */
  highlighted: ReadonlySet<number> = new Set();
  looks: Looks = { direction: "down", spacing: "true", heartbeats: "folded" };
  /** The directed links that would be cut if the partition editor's plan were carried out; null where it plans nothing. */
  plan: ReadonlySet<number> | null = null;
  /** A person has said which way time is to run: no protocol says otherwise any more. */
  protected directionChosen = false;
  /** The span of time that the diagram shows. */
  viewport: { start: number; end: number } | null = null;
  /** A span of time that the diagram is asked to show. */
  wanted: { start: number; end: number } | null = null;
  protected readonly told = new Notices(() => this.emitter.emit("notices"));

  setPlan(plan: ReadonlySet<number> | null): void {
    this.plan = plan;
    this.emitter.emit("plan");
  }

  select(selection: Selection | null): void {
    this.selection = selection;
    this.highlighted = new Set();
    this.emitter.emit("selection");
  }

  highlight(messages: Iterable<number>): void {
    this.highlighted = new Set(messages);
    this.emitter.emit("selection");
  }

  /** Asks the diagram to show a span of time. */
  lookAt(start: number, end: number): void {
    this.wanted = { start, end };
    this.emitter.emit("looks");
  }

  setViewport(viewport: { start: number; end: number } | null): void {
    if (viewport?.start !== this.viewport?.start || viewport?.end !== this.viewport?.end) {
      this.viewport = viewport;
      this.emitter.emit("viewport");
    }
  }

  setLooks(looks: Partial<Looks>): void {
    this.directionChosen ||= looks.direction !== undefined;
    this.looks = { ...this.looks, ...looks };
    this.emitter.emit("looks");
  }

  // Notices

  get notices(): readonly Notice[] {
    return this.told.list;
  }

  notify(notice: Omit<Notice, "id">): void {
    this.told.tell(notice);
  }

  dismiss(id: number): void {
    this.told.dismiss(id);
  }

  report(error: unknown): void {
    if (!(error instanceof Reviving)) {
      this.notify({ tone: "bad", text: describeError(error) });
    }
  }
}
