// What a protocol takes for granted of failures and of time. It comes with the set-up, which says it.

import type { Scenario } from "../engine/engine.js";

export interface Assumptions {
  /** The assumption about failures and time, in words. */
  faultModel: string;
  /** A warning when the settings make the protocol unstable, or null. */
  stability(scenario: Scenario, latencyMax: number): string | null;
}
