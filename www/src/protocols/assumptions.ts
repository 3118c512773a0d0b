// What a protocol takes for granted of failures and of time. It comes with the set-up, which says it.

import { span } from "../design/words.js";
import type { Scenario, Ticks } from "../engine/engine.js";

export interface Assumptions {
  /** The assumption about failures and time, in words. */
  faultModel: string;
  /** A warning when the settings make the protocol unstable, or null. */
  stability(scenario: Scenario, latencyMax: number): string | null;
}

/** What whoever leads sends again and again, and how long the others wait for it before they want another leader. */
export interface Patience {
  sign: string;
  every: Ticks;
  wait: string;
  shortest: Ticks;
  /** What comes of it where a sign may be felt too late. */
  expected: string;
}

/** A warning where a sign may be felt only when somebody's patience is over, or null. */
export function hasty({ sign, every, wait, shortest, expected }: Patience, latencyMax: Ticks): string | null {
  const felt = every + latencyMax;
  return felt < shortest ? null : `${sign} may take ${span(felt)} to be felt, and ${wait} is ${span(shortest)}: expect ${expected} although nobody has failed.`;
}
