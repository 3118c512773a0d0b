// What the page and the explorer's thread say to each other.

import type { ExplorationModel, ExplorationOptions, ExplorationProgress, ExplorationReport, Scenario } from "../../../../src/web/types";

export type Order =
  | { kind: "open"; glue: string; wasm: string }
  | { kind: "start"; id: number; model: string; options: ExplorationOptions }
  | { kind: "cancel"; id: number }
  | { kind: "scenario"; property: string };

export type Answer =
  | { kind: "models"; models: ExplorationModel[] }
  | { kind: "progress"; id: number; progress: ExplorationProgress; seconds: number; heap: number }
  | { kind: "report"; id: number; report: ExplorationReport; seconds: number; heap: number }
  | { kind: "scenario"; property: string; scenario: Scenario | null }
  /** `died`: a trap inside the engine, which must not be called again. */
  | { kind: "failed"; words: string; died: boolean; megabytes: number };
