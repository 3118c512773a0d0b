// What the page and a thread that hunts say to each other.

import type { HuntGround, HuntOptions, HuntedSeed, Shrunk } from "../../../../src/web/types";

export type Order =
  | { kind: "open"; glue: string; wasm: string }
  /** Hunts the seeds from one up to, but without, another; after a failure no more of them. */
  | { kind: "hunt"; id: number; options: HuntOptions; from: number; to: number }
  /** Makes the failure of a seed small. */
  | { kind: "shrink"; id: number; options: HuntOptions; seed: number }
  | { kind: "stop" };

export type Answer =
  | { kind: "open"; grounds: HuntGround[] }
  /** `done`: of this order there is no more. */
  | { kind: "hunted"; id: number; seeds: HuntedSeed[]; done: boolean }
  | { kind: "shrunk"; id: number; shrunk: Shrunk }
  | { kind: "failed"; words: string };
