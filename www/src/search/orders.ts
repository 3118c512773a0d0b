// What the page and a thread that searches say to each other.

import type { HuntGround, HuntOptions, HuntedSeed, LikelihoodPlan, LikelihoodQuestion, LikelihoodReading, RunOutcome, Shrunk } from "../../../src/web/types";

/** What every thread understands. */
export type Common = { kind: "open"; glue: string; wasm: string } | { kind: "stop" };

export type Order =
  | Common
  /** Hunts the seeds from one up to, but without, another; after a failure no more of them. */
  | { kind: "hunt"; id: number; options: HuntOptions; from: number; to: number }
  /** Makes the failure of a seed small. */
  | { kind: "shrink"; id: number; options: HuntOptions; seed: number }
  /** Says how a run ends. */
  | { kind: "outcomes"; id: number; scenario: string; events: number }
  /** Says where a run is forked. */
  | { kind: "plan"; id: number; question: LikelihoodQuestion }
  /** Makes all forks of a moment. */
  | { kind: "fork"; id: number; question: LikelihoodQuestion; place: number }
  /** Makes a link to one of them. */
  | { kind: "link"; id: number; question: LikelihoodQuestion; place: number; number: number }
  /** Says where the share of forks jumps. */
  | { kind: "read"; id: number; same: number[]; forks: number };

export interface Failed {
  kind: "failed";
  words: string;
}

export type Answer =
  | { kind: "open"; grounds: HuntGround[] }
  /** `done`: of this order there is no more. */
  | { kind: "hunted"; id: number; seeds: HuntedSeed[]; done: boolean }
  | { kind: "shrunk"; id: number; shrunk: Shrunk }
  | { kind: "outcomes"; id: number; outcomes: RunOutcome[] }
  | { kind: "plan"; id: number; plan: LikelihoodPlan }
  /** For each fork whether it ends so. */
  | { kind: "forked"; id: number; place: number; ends: boolean[] }
  | { kind: "linked"; id: number; link: string }
  | { kind: "read"; id: number; reading: LikelihoodReading }
  | Failed;
