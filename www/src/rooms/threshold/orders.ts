// What the room and its thread say to each other.

import type { ThresholdQuestion, ThresholdReport } from "../../engine/engine.js";

export type Order = { kind: "open"; glue: string; wasm: string } | { kind: "try"; id: number; question: ThresholdQuestion } | { kind: "stop" };

export type Answer = { kind: "open" } | { kind: "report"; id: number; report: ThresholdReport } | { kind: "failed"; words: string };
