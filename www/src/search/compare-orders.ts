// What the page and a thread that compares say to each other.

import type { ComparedColumn, ComparedRun, ComparisonAbout, ComparisonQuestion, ReadyScript } from "../../../src/web/types";
import type { Common, Failed } from "./orders.js";

export type CompareOrder =
  | Common
  /** Says whether a script can be followed, and by whom. */
  | { kind: "about"; id: number; question: ComparisonQuestion }
  /** Makes the run of a protocol with the script's seed, and measures it. */
  | { kind: "one"; id: number; question: ComparisonQuestion; protocol: string }
  /** Measures as many runs of a protocol, from the script's seed on. */
  | { kind: "column"; id: number; question: ComparisonQuestion; protocol: string; runs: number };

/** What is wrong with a script: a sentence, and the place in it. */
export interface Refused {
  words: string;
  place: string;
}

export type CompareAnswer =
  | { kind: "open"; scripts: ReadyScript[] }
  | { kind: "about"; id: number; about: ComparisonAbout }
  | { kind: "one"; id: number; run: ComparedRun; column: ComparedColumn }
  /** So many more runs are measured; there is more to come. */
  | { kind: "progress"; id: number; runs: number }
  | { kind: "column"; id: number; column: ComparedColumn }
  | ({ kind: "refused"; id: number } & Refused)
  | Failed;
