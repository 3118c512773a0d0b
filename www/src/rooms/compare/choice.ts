// What is compared, and how the address says it: `#compare/leader-crash/protocols=raft,viewstamped/seed=7/seeds=100`. What
// is as the script says stands nowhere. A script of one's own stands in it whole: `#compare/script=…`.

import type { ComparisonQuestion, ReadyScript } from "../../../../src/web/types";

export interface Choice {
  /** The name of a ready script; empty for one's own. */
  name: string;
  /** The script as JSON. */
  script: string;
  /** In the order of the columns; null: as the script says, but for those beyond the most that can be shown. */
  protocols: readonly string[] | null;
  seed: number | null;
  /** How many seeds are measured; null: only the one that is shown. */
  seeds: number | null;
  entries: number | null;
  /** Whether a message carries one entry. */
  single: boolean;
}

export const FIRST_SCRIPT = "leader-crash-50-uncommitted";
export const SEEDS_MAX = 100;
export const SEED_MAX = 999_999_999;
export const ENTRIES_MAX = 200;
export const PROTOCOLS_MIN = 2;
export const PROTOCOLS_MAX = 4;
/** More than this is no address. */
const SCRIPT_MAX = 16_000;
/** What is compared unless somebody chooses: those that differ least. */
const FIRST_PROTOCOLS: readonly string[] = ["raft", "multi-paxos", "viewstamped"];

export class Unreadable extends Error {}

/** The choice that an address makes. Throws what it says that there is not. */
export function choiceIn(path: string, scripts: readonly ReadyScript[]): Choice {
  const parts = path.split("/").filter((part) => part !== "");
  const given = new Map(parts.filter((part) => part.includes("=")).map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
  const own = given.get("script");
  const name = own === undefined ? (parts.find((part) => !part.includes("=")) ?? FIRST_SCRIPT) : "";
  const script = own === undefined ? scripts.find((each) => each.name === name)?.json : decoded(own);
  if (script === undefined) {
    throw new Unreadable(`There is no script “${name.slice(0, 60)}”. There are those of the list.`);
  }
  const batch = given.get("batch");
  if (batch !== undefined && batch !== "1") {
    throw new Unreadable("batch: 1, for one entry in a message, or nothing.");
  }
  return {
    name,
    script,
    protocols: protocolsIn(given.get("protocols")),
    seed: numberIn(given, "seed", 0, SEED_MAX),
    seeds: numberIn(given, "seeds", 1, SEEDS_MAX),
    entries: numberIn(given, "entries", 0, ENTRIES_MAX),
    single: batch === "1",
  };
}

/** The address of a choice; null if it is too long for one. */
export function addressOf({ name, script, protocols, seed, seeds, entries, single }: Choice): string | null {
  const own = name === "" ? encoded(script) : "";
  if (own.length > SCRIPT_MAX) {
    return null;
  }
  const parts = [
    name === "" ? `script=${own}` : name,
    protocols === null ? "" : `protocols=${protocols.join(",")}`,
    seed === null ? "" : `seed=${seed}`,
    seeds === null ? "" : `seeds=${seeds}`,
    entries === null ? "" : `entries=${entries}`,
    single ? "batch=1" : "",
  ];
  return `#compare/${parts.filter((part) => part !== "").join("/")}`;
}

/** The protocols that are compared, of those that the script names. */
export function protocolsOf({ protocols }: Choice, named: readonly string[]): readonly string[] {
  const first = FIRST_PROTOCOLS.filter((each) => named.includes(each));
  return protocols ?? (first.length >= PROTOCOLS_MIN ? first : named.slice(0, PROTOCOLS_MAX));
}

export function questionOf(choice: Choice, protocols: readonly string[] | null): ComparisonQuestion {
  const { script, seed, entries, single } = choice;
  return { script, protocols: protocols === null ? null : [...protocols], seed, entries, batch: single ? 1 : null };
}

function protocolsIn(text: string | undefined): readonly string[] | null {
  if (text === undefined) {
    return null;
  }
  const protocols = text.split(",");
  // Which there are, the engine knows.
  if (protocols.length < PROTOCOLS_MIN || protocols.length > PROTOCOLS_MAX || new Set(protocols).size < protocols.length) {
    throw new Unreadable(`protocols: ${PROTOCOLS_MIN} to ${PROTOCOLS_MAX} different ones, not “${text.slice(0, 60)}”.`);
  }
  return protocols;
}

function numberIn(given: ReadonlyMap<string, string>, name: string, min: number, max: number): number | null {
  const text = given.get(name);
  if (text === undefined) {
    return null;
  }
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max)) {
    throw new Unreadable(`${name}: ${min} to ${max.toLocaleString("en")}, not “${text.slice(0, 40)}”.`);
  }
  return number;
}

/** As letters that an address carries as they stand. */
function encoded(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const letters = btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decoded(letters: string): string {
  try {
    const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.codePointAt(0) ?? 0);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable("The script in this address is not whole.");
  }
}
