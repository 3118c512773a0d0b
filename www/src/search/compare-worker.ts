// A thread that compares.

import { CompareHand } from "./compare-hand.js";
import type { CompareOrder } from "./compare-orders.js";

const TURN_MS = 80;

const hand = new CompareHand((answer) => self.postMessage(answer, {}), TURN_MS);

self.addEventListener("message", ({ data }: MessageEvent<CompareOrder>) => hand.take(data));
