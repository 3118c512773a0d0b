// A search of all states of a model, on a thread of its own: what was asked, how far it is, what it has come to.

import type { ExplorationModel, ExplorationProgress, ExplorationReport, Scenario } from "../../engine/engine.js";
import { plainly } from "../../engine/missing.js";
import { MODULES } from "../../engine/modules.js";
import type { Answer, Order } from "./orders.js";

/** What is explored, and when to stop although there is more. */
export interface Job {
  model: string;
  /** The rule that is switched off; empty for none. */
  mutation: string;
  statesMax: number;
  /** null: no bound. */
  depthMax: number | null;
  megabytesMax: number;
}

export interface Running {
  job: Job;
  progress: ExplorationProgress | null;
  report: ExplorationReport | null;
  seconds: number;
  /** Bytes that the engine has taken of the browser. */
  heap: number;
  /** What went wrong. */
  failure: string;
}

/** What a search without a rule came to. */
export interface Catch {
  model: string;
  mutation: string;
  /** The property that broke first, and after how many steps; null if none did. */
  broken: { sentence: string; steps: number } | null;
  ended: NonNullable<ExplorationProgress["ended"]> | "died";
  states: number;
}

const MEGABYTE = 1_000_000;

export class Search {
  models: readonly ExplorationModel[] = [];
  current: Running | null = null;
  /** By model and rule, in the order of their ends. */
  readonly catches = new Map<string, Catch>();
  /** What is still to be explored after this one. */
  private queue: Job[] = [];
  private worker: Worker | undefined;
  private id = 0;
  private loaded: Promise<void> | undefined;
  private opening: { settle: () => void; fail: (error: Error) => void } | undefined;
  private wanted: { settle: (scenario: Scenario | null) => void; fail: (error: Error) => void } | undefined;

  private readonly listeners = new Set<() => void>();

  /** Calls back whenever something here is new. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get isRunning(): boolean {
    return this.current !== null && this.current.report === null && this.current.failure === "";
  }

  /** How many searches follow this one. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Starts the thread, if there is none, and waits until the models are known. */
  async open(): Promise<void> {
    this.loaded ??= new Promise((settle, fail) => {
      this.opening = { settle, fail };
      this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.onAnswer(data));
      this.worker.addEventListener("error", (event) => {
        event.preventDefault();
        this.die(event.message === "" || event.message === undefined ? "its thread could not be started, or was ended by the browser" : event.message);
      });
      const { glue, wasm } = MODULES.explore;
      this.order({ kind: "open", glue: new URL(glue, document.baseURI).href, wasm: new URL(wasm, document.baseURI).href });
    });
    return this.loaded;
  }

  /** Explores one after the other. */
  async explore(jobs: readonly Job[]): Promise<void> {
    this.queue = [...jobs];
    await this.next();
  }

  /** Ends the search, and forgets those that wait. What it has found stays. */
  cancel(): void {
    this.queue = [];
    if (this.isRunning) {
      this.order({ kind: "cancel", id: this.id });
    }
    this.changed();
  }

  /** The shortest path that decides a property of the last search, as a run. */
  async scenario(property: string): Promise<Scenario | null> {
    const scenario = new Promise<Scenario | null>((settle, fail) => (this.wanted = { settle, fail }));
    this.order({ kind: "scenario", property });
    return scenario;
  }

  private async next(): Promise<void> {
    const job = this.queue.shift();
    if (job === undefined) {
      return;
    }
    this.current = { job, progress: null, report: null, seconds: 0, heap: 0, failure: "" };
    this.id += 1;
    const { id } = this;
    this.changed();
    try {
      await this.open();
      const { model, mutation, statesMax, depthMax, megabytesMax } = job;
      const options = {
        mutations: mutation === "" ? [] : [mutation],
        states_max: statesMax,
        memory_bytes_max: megabytesMax * MEGABYTE,
        ...(depthMax === null ? {} : { depth_max: depthMax }),
      };
      if (id === this.id) {
        this.order({ kind: "start", id, model, options });
      }
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private changed(): void {
    this.listeners.forEach((listener) => listener());
  }

  private order(order: Order): void {
    this.worker?.postMessage(order);
  }

  private onAnswer(answer: Answer): void {
    if (answer.kind === "models") {
      this.models = answer.models;
      this.opening?.settle();
    } else if (answer.kind === "scenario") {
      this.wanted?.settle(answer.scenario);
      this.wanted = undefined;
    } else if (answer.kind === "failed") {
      this.onFailure(answer);
    } else if (answer.id === this.id && this.current !== null) {
      const { seconds, heap } = answer;
      this.current = { ...this.current, seconds, heap, ...(answer.kind === "report" ? { report: answer.report, progress: answer.report.progress } : { progress: answer.progress }) };
      if (answer.kind === "report") {
        this.note(this.current.job, answer.report);
        void this.next();
      }
    }
    this.changed();
  }

  private note({ model, mutation }: Job, { properties, progress }: ExplorationReport): void {
    if (mutation !== "") {
      const broken = properties.find(({ outcome }) => outcome === "broken");
      this.catches.set(`${model}/${mutation}`, {
        model,
        mutation,
        broken: broken === undefined ? null : { sentence: broken.sentence, steps: broken.path?.steps.length ?? 0 },
        ended: progress.ended ?? "died",
        states: progress.states,
      });
    }
  }

  private onFailure({ words, died, megabytes }: Answer & { kind: "failed" }): void {
    if (died) {
      this.die(`${words}. Its memory had grown to ${megabytes.toLocaleString("en")} MB${megabytes > 3_500 ? ", and a browser gives it no more than 4,295 MB: lower the cap on memory, or on states" : ""}`);
    } else if (this.models.length === 0) {
      // It did not come up.
      this.die(plainly(words));
    } else if (this.wanted === undefined) {
      this.fail(words);
    } else {
      this.wanted.fail(new Error(words));
      this.wanted = undefined;
    }
  }

  /** The engine on its thread is dead: the next search starts another. */
  private die(words: string): void {
    this.worker?.terminate();
    this.worker = undefined;
    const error = new Error(words);
    this.opening?.fail(error);
    this.loaded = undefined;
    this.wanted?.fail(error);
    this.wanted = undefined;
    this.fail(`The explorer failed: ${words}. What is counted here was covered before; the next search starts it anew.`);
  }

  private fail(words: string): void {
    this.queue = [];
    if (this.current !== null) {
      this.current = { ...this.current, failure: words };
    }
    this.changed();
  }
}
