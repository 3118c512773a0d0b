// What of a run is selected, pointed to and looked at. None of it changes the run itself. Views read it, and ask for
// changes by its methods.

import type { Emitter } from "./emitter.js";

export type Selection =
  | { kind: "node"; node: number }
  | { kind: "message"; message: number }
  | { kind: "event"; event: number }
  | { kind: "operation"; operation: number }
  /** An entry of a replica's log. */
  | { kind: "entry"; node: number; index: number };

/** How the space-time diagram is drawn. */
export interface Looks {
  direction: "down" | "right";
  spacing: "true" | "causal";
  heartbeats: "folded" | "shown";
}

/** A span of virtual time. */
export interface TimeSpan {
  start: number;
  end: number;
}

/** What of the page is shown. */
export interface Arrangement {
  stage: "diagram" | "cluster";
  rail: boolean;
  dock: boolean;
  /** The stage, its captions and one panel, large, and nothing else. */
  presenting: boolean;
}

/** What the diagram says of itself. */
export interface Drawn {
  /** The span in view, in words. */
  range: string;
  /** How many heartbeats it folds or shows, in words. */
  heartbeats: string;
  /** Whether the playhead is kept in view. */
  follows: boolean;
  /** Whether its signs are explained. */
  legend: boolean;
}

/** An event that is responsible for what is explained. */
export interface ExplainedReason {
  event: number;
  /** What it has to do with it. */
  sentence: string;
  /** The message that is meant by it; the event stands for itself where none is. */
  message?: number;
  /** What counts is that the event came after this one. */
  after?: number;
}

/** Why a property does not hold, or a history is not linearizable: the few events that are responsible. */
export interface Explanation {
  /** What is explained, in a few words. */
  title: string;
  /** After this event it did not hold. */
  event: number;
  /** One sentence in all. */
  sentence: string;
  reasons: readonly ExplainedReason[];
  /** The messages that led from one to the next. */
  messages: ReadonlySet<number>;
  /** The generation of the records in which it was found: where some are discarded, it says nothing any more. */
  generation: number;
  /** Somebody has asked why; nothing need be wrong. */
  isQuestion?: boolean;
}

export class ViewState {
  private chosen: Selection | null = null;
  private pointedTo: ReadonlySet<number> = new Set();
  private drawnAs: Looks = { direction: "down", spacing: "true", heartbeats: "folded" };
  private explained: Explanation | null = null;
  /** The selection that belongs to the story that is told. */
  private ofStory: Selection | null = null;
  private inspects = false;
  private planned: ReadonlySet<number> | null = null;
  private inView: TimeSpan | null = null;
  private requested: (TimeSpan & { follows: boolean }) | null = null;
  private told: Drawn = { range: "", heartbeats: "", follows: true, legend: false };
  private keptFree = 0;
  private arranged: Arrangement = { stage: "diagram", rail: true, dock: true, presenting: false };
  /** A person has said which way time is to run: no protocol says otherwise any more. */
  private directionChosen = false;

  constructor(private readonly emitter: Emitter) {}

  get selection(): Selection | null {
    return this.chosen;
  }

  /** Whether the reader has selected something: not the story, to show what it tells of. */
  get isReadersChoice(): boolean {
    return this.chosen !== null && this.chosen !== this.ofStory;
  }

  /** Messages that a search or a verdict points to. */
  get highlighted(): ReadonlySet<number> {
    return this.pointedTo;
  }

  /** What is being explained: it alone is drawn, and all else fades. */
  get explanation(): Explanation | null {
    return this.explained;
  }

  get looks(): Readonly<Looks> {
    return this.drawnAs;
  }

  /**
   * The directed links that would be cut if the partition editor's plan were carried out; null where it plans nothing.
   */
  get plan(): ReadonlySet<number> | null {
    return this.planned;
  }

  /** The span of time that the diagram shows; null where it does not show time. */
  get viewport(): TimeSpan | null {
    return this.inView;
  }

  get drawn(): Readonly<Drawn> {
    return this.told;
  }

  get arrangement(): Readonly<Arrangement> {
    return this.arranged;
  }

  /**
   * Pixels at the diagram's end, along its time, that something may stand over: what has happened is kept out of them.
   */
  get free(): number {
    return this.keptFree;
  }

  /** Another run is shown: nothing of it is selected yet. `direction` is the way in which its protocol has time run. */
  begin(direction: Looks["direction"]): void {
    this.chosen = null;
    this.pointedTo = new Set();
    this.explained = null;
    this.planned = null;
    if (!this.directionChosen) {
      this.drawnAs = { ...this.drawnAs, direction };
    }
  }

  select(selection: Selection | null): void {
    this.chosen = selection;
    this.pointedTo = new Set();
    this.explained = null;
    this.emitter.emit("selection");
  }

  /** Whether the event at the playhead is told while nothing is selected. */
  get inspecting(): boolean {
    return this.inspects;
  }

  inspect(inspects: boolean): void {
    this.inspects = inspects;
    this.emitter.emit("selection");
  }

  /** What is selected now, the story has selected. */
  leaveToStory(): void {
    this.ofStory = this.chosen;
    this.emitter.emit("selection");
  }

  /** Explains something, with something of it selected; whatever is selected next ends it. */
  explain(explanation: Explanation, selection: Selection): void {
    this.chosen = selection;
    this.pointedTo = explanation.messages;
    this.explained = explanation;
    this.emitter.emit("selection");
  }

  highlight(messages: Iterable<number>): void {
    this.pointedTo = new Set(messages);
    this.emitter.emit("selection");
  }

  setPlan(plan: ReadonlySet<number> | null): void {
    this.planned = plan;
    this.emitter.emit("plan");
  }

  setLooks(looks: Partial<Looks>): void {
    this.directionChosen ||= looks.direction !== undefined;
    this.drawnAs = { ...this.drawnAs, ...looks };
    this.emitter.emit("looks");
  }

  setViewport(viewport: TimeSpan | null): void {
    if (viewport?.start !== this.inView?.start || viewport?.end !== this.inView?.end) {
      this.inView = viewport;
      this.emitter.emit("viewport");
    }
  }

  /** The diagram tells how it is drawn. */
  tellDrawn(drawn: Drawn): void {
    const before = this.told;
    this.told = drawn;
    if (Object.entries(drawn).some(([name, value]) => before[name as keyof Drawn] !== value)) {
      this.emitter.emit("drawn");
    }
  }

  arrange(arrangement: Partial<Arrangement>): void {
    this.arranged = { ...this.arranged, ...arrangement };
    this.emitter.emit("arrangement");
  }

  keepFree(pixels: number): void {
    if (pixels !== this.keptFree) {
      this.keptFree = pixels;
      this.emitter.emit("looks");
    }
  }

  /** Asks the diagram to show a span of time; or, as at first, to follow the playhead from there on. */
  lookAt(start: number, end: number, follows = false): void {
    this.requested = { start, end, follows };
    this.emitter.emit("looks");
  }

  /** The span that the diagram is asked to show, for the diagram to show it: once. */
  takeRequest(): (TimeSpan & { follows: boolean }) | null {
    const { requested } = this;
    this.requested = null;
    return requested;
  }
}
