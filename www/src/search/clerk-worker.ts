// A thread that does what a clerk is asked for.

import { ClerkHand } from "./clerk-hand.js";
import type { Errand } from "./clerk-hand.js";
import type { Common } from "./orders.js";

const hand = new ClerkHand((answer) => self.postMessage(answer, {}));

self.addEventListener("message", ({ data }: MessageEvent<Errand | Common>) => hand.take(data));
