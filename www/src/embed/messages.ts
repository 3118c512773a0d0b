// What an embedded playground and the page around it say to each other. Every message is an object with
// `consensusPlayground: 1`, the version of this conversation, and a `type`; what has no such mark is somebody else's,
// and is ignored. Orders are carried out one after another: what comes before the run is there waits for it, and
// what comes after "open" waits for what was opened.
//
// To the page around:
//   { consensusPlayground: 1, type: "height", height: 612 }      pixels that the panels take; whenever that changes
//   { consensusPlayground: 1, type: "ready" }                    the run is there
//   { consensusPlayground: 1, type: "opened", protocol, title, events } the run that was asked for is there: the first
//                                                                one, and whenever "open" is done
//   { consensusPlayground: 1, type: "state", event, events, time, playing, verdict, caption } where the run stands, whenever
//                                                                that changes, at most four times a second while it
//                                                                plays: events up to the playhead and recorded, seconds;
//                                                                what was found, null while it plays; the caption
//                                                                that is read, from 1
//   { consensusPlayground: 1, type: "link", link: "#run=1..." }  in answer to "link"
//   { consensusPlayground: 1, type: "goal", goal, met, event, sentence } in answer to "goal"
//   { consensusPlayground: 1, type: "error", place, message }    in answer to what cannot be understood or done, and
//                                                                whatever the reader is told of errors
//
// The height is told once more in the words of learning platforms, { subject: "lti.frameResize", height: 612 }, which
// make such a frame as high as it asks for.
//
// From the page around (and from nobody else):
//   { consensusPlayground: 1, type: "play" } and "pause" and "link"
//   { consensusPlayground: 1, type: "step", events: -1 }         by so many events, back where it is negative
//   { consensusPlayground: 1, type: "seek", event: 250 }         to just after so many of those recorded
//   { consensusPlayground: 1, type: "goal", goal: "stale-read" } does the run as it is recorded meet this goal?
//   { consensusPlayground: 1, type: "theme", theme: "dark" }
//   { consensusPlayground: 1, type: "panels", panels: "diagram,transport" }
//   { consensusPlayground: 1, type: "captions", captions: "shown" } or "none"
//   { consensusPlayground: 1, type: "open", run, protocol, seed } as in the address; each a text, each may be left out

import type { Theme } from "../design/palette.js";
import { describeError } from "../engine/engine.js";
import type { RunRequest } from "../engine/link.js";
import type { PlaygroundReport } from "../element/types/consensus-playground.js";
import { CAPTIONS, THEMES, panelsIn } from "./wishes.js";
import type { Captions, PanelName } from "./wishes.js";

const VERSION = 1;
/** Most events of one step: what a person can wait for. */
const STEP_MAX = 10_000;
const TEXT_LENGTH_MAX = 100_000;

export type Order =
  | { type: "play" }
  | { type: "pause" }
  | { type: "link" }
  | { type: "goal"; goal: string }
  | { type: "step"; events: number }
  | { type: "seek"; event: number }
  | { type: "theme"; theme: Theme }
  | { type: "captions"; captions: Captions }
  | { type: "panels"; panels: readonly PanelName[] }
  | { type: "open"; request: RunRequest };

/** What is wrong with a message, and where. */
export class Misunderstood extends Error {
  constructor(
    readonly place: string,
    message: string,
  ) {
    super(message);
  }
}

export type CarryOut = (order: Order) => void | Promise<void>;

/**
 * Says something to the page around, if there is one. It tells nothing that the page around did not say itself, or may
 * not know.
 */
export function report(what: PlaygroundReport): void {
  if (window.parent !== window) {
    window.parent.postMessage({ consensusPlayground: VERSION, ...what }, "*");
    if (what.type === "height") {
      window.parent.postMessage({ subject: "lti.frameResize", height: what.height }, "*");
    }
  }
}

/** An error as the page around is told of it. */
export function reportError(error: unknown): void {
  const place = error instanceof Error && "place" in error && typeof error.place === "string" ? error.place : "";
  report({ type: "error", place, message: describeError(error) });
}

/**
 * Carries out what the page around asks for, in order, once it is known how. What it cannot have meant is answered with
 * an error.
 */
export function listenForOrders(ready: Promise<CarryOut>): void {
  // Whoever orders is told that it did not come up.
  ready.catch(() => undefined);
  let before = Promise.resolve();
  const next = async (data: Readonly<Record<string, unknown>>): Promise<void> => {
    try {
      const carryOut = await ready;
      await carryOut(orderIn(data));
    } catch (error) {
      reportError(error);
    }
  };
  window.addEventListener("message", ({ source, data }) => {
    if (window.parent !== window && source === window.parent && isForUs(data)) {
      before = before.then(() => next(data));
    }
  });
}

function isForUs(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data) && Object.hasOwn(data, "consensusPlayground");
}

/** Reads a message, or throws what is wrong with it. */
export function orderIn(data: Readonly<Record<string, unknown>>): Order {
  if (data["consensusPlayground"] !== VERSION) {
    throw new Misunderstood("consensusPlayground", `this playground speaks version ${VERSION}`);
  }
  const { type } = data;
  switch (type) {
    case "play":
    case "pause":
    case "link":
      return { type };
    case "step":
      return { type, events: whole(data, "events", -STEP_MAX, STEP_MAX) };
    case "seek":
      return { type, event: whole(data, "event", 0, 0xffff_ffff) };
    case "goal":
      return { type, goal: text(data, "goal") ?? "" };
    case "theme":
      return { type, theme: choice(data, type, THEMES) };
    case "captions":
      return { type, captions: choice(data, type, CAPTIONS) };
    case "panels": {
      const troubles: string[] = [];
      const panels = panelsIn(text(data, "panels"), troubles);
      if (troubles[0] !== undefined) {
        throw new Misunderstood("panels", troubles[0]);
      }
      return { type, panels };
    }
    case "open":
      return { type, request: { run: text(data, "run"), protocol: text(data, "protocol"), seed: text(data, "seed") } };
    default:
      throw new Misunderstood("type", "one of play, pause, link, step, seek, goal, theme, panels, captions, open");
  }
}

function whole(data: Readonly<Record<string, unknown>>, place: string, least: number, most: number): number {
  const value = data[place];
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new Misunderstood(place, `a whole number from ${least} to ${most}`);
  }
  return value;
}

function choice<T extends string>(data: Readonly<Record<string, unknown>>, place: string, all: readonly T[]): T {
  const found = all.find((each) => each === data[place]);
  if (found === undefined) {
    throw new Misunderstood(place, `one of ${all.join(", ")}`);
  }
  return found;
}

function text(data: Readonly<Record<string, unknown>>, place: string): string | null {
  const value = data[place] ?? null;
  if (value !== null && (typeof value !== "string" || value.length > TEXT_LENGTH_MAX)) {
    throw new Misunderstood(place, `a text of at most ${TEXT_LENGTH_MAX} characters`);
  }
  return value;
}
