// What a prepared run is about, told from its scenario: nothing goes wrong, something does, a rule is switched off, or
// somebody lies.

import type { Action, Scenario } from "../engine/engine.js";

/** In the order in which they are shown. */
export const ACTS = {
  calm: "Nothing goes wrong",
  faults: "Faults",
  rule: "A rule switched off",
  lies: "Lies",
} as const;

export type Act = keyof typeof ACTS;

/** What only says what happens next, or makes good what was done. */
const HARMLESS: ReadonlySet<string> = new Set([
  "invoke", "fire_timer", "deliver_message_now", "workload", "reseed",
  "heal", "restore", "restart", "resume", "release_disk", "keep_flushes", "reform", "remove_faults",
]);
const LIES: ReadonlySet<string> = new Set(["corrupt", "say", "collude", "depart"]);

const kindOf = (action: Action): string => (typeof action === "string" ? action : (Object.keys(action)[0] ?? ""));

export function actOf({ mutations = [], interventions = [], captions = [], network }: Scenario): Act {
  // What the reader is asked to do belongs to the story, too.
  const asked = captions.flatMap(({ ask }) => (ask !== undefined && "act" in ask ? [ask.act.action] : []));
  const kinds = [...interventions.map(({ action }) => action), ...asked].map(kindOf);
  if (mutations.length > 0 || kinds.includes("misstep")) {
    return "rule";
  }
  if (kinds.some((kind) => LIES.has(kind))) {
    return "lies";
  }
  const isLossy = [network?.loss, network?.duplication].some((part) => (part?.numerator ?? 0) > 0);
  return isLossy || kinds.some((kind) => !HARMLESS.has(kind)) ? "faults" : "calm";
}
