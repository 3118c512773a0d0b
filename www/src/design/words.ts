// Times, counts and values as the page writes them.

import type { FieldValue } from "../engine/engine.js";

export const TICKS_PER_MS = 1_000;

/** A virtual time: `1.482 s`. */
export function seconds(ticks: number, digits = 3): string {
  return `${(ticks / 1_000_000).toFixed(digits)} s`;
}

/** A span of virtual time in its fitting unit: `12 ms`, `1.5 s`. */
export function span(ticks: number): string {
  if (ticks < 1_000) return `${ticks} µs`;
  if (ticks < 1_000_000) return `${trim(ticks / 1_000)} ms`;
  return `${trim(ticks / 1_000_000)} s`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** `n1, n2 and n3`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `commitIndex`, `commit_index` and `commit-index` become `commit index`. */
export function plain(name: string): string {
  return name.replaceAll(/[_-]/g, " ").replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** `AppendEntries` stays; `follower` becomes `Follower` at the start of a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A property's name as the papers write it: `log-matching` becomes `Log Matching`. */
export function titled(name: string): string {
  return name.split("-").map(capital).join(" ");
}

/** A field's value in words. */
export function show(value: FieldValue, name: (process: number) => string): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((each) => show(each, name)).join(", ");
  if (typeof value === "object") return name(value.process);
  return String(value);
}

/** Sentences of the engine, with the apostrophe that the page writes. */
export function apostrophes(text: string): string {
  return text.replaceAll(/(?<=\w)'(?=\w)/g, "’");
}

/** A command as a log's cell has space for it: a put by what it writes, the others by their first letters. */
export function brief(command: string): string {
  return command.replace(/^put /, "").replace(/^delete /, "del ").replace(/^cas /, "");
}

/** A speed of virtual time against real time, in words. */
export function speedWord(speed: number): string {
  if (!Number.isFinite(speed) || speed > 10) return "as fast as it goes";
  return speed >= 1 ? `×${trim(speed)}` : `×${Number(speed.toPrecision(2))}`;
}
