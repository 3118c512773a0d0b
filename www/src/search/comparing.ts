// Comparing, as hands do it: on threads, or on the page's own.

import { MODULES } from "../engine/modules.js";
import { CompareHand } from "./compare-hand.js";
import type { CompareAnswer, CompareOrder } from "./compare-orders.js";
import type { Craft } from "./hands.js";

/** Milliseconds of work at a time on the page's own thread, which must stay responsive. */
const OWN_TURN_MS = 12;

export const COMPARING: Craft<CompareOrder, CompareAnswer> = {
  module: MODULES.hunt,
  thread: () => new Worker(new URL("./compare-worker.ts", import.meta.url), { type: "module" }),
  own: (tell) => new CompareHand(tell, OWN_TURN_MS),
};
