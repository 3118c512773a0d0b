// A thread that searches.

import { Hand } from "./hand.js";
import type { Order } from "./orders.js";

const TURN_MS = 80;

const hand = new Hand((answer) => self.postMessage(answer, {}), TURN_MS);

self.addEventListener("message", ({ data }: MessageEvent<Order>) => hand.take(data));
