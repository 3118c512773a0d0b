// What belongs to one simulation, and goes with it: what it is made of, and what of it was fetched so far.

import { looksOf } from "../protocols/protocol.js";
import type { Catalogue } from "./engine.js";
import { HistoryCache } from "./history.js";
import { LabelCache } from "./labels.js";
import type { Live } from "./live.js";
import { Records } from "./records.js";

export class Shown {
  readonly records: Records;
  readonly history = new HistoryCache();
  /** The messages' short texts. */
  readonly labels: LabelCache;

  constructor(
    readonly catalogue: Catalogue,
    private readonly live: Live,
  ) {
    const looks = looksOf(catalogue.protocol);
    this.records = new Records(catalogue, looks.crowned, looks.epochless);
    this.labels = new LabelCache((messages) => this.live.call((one) => one.labels(messages)));
  }

  /** What was recorded from an event on is not what happened. What was before it stays: in a long run it is much. */
  forgetFrom(event: number): void {
    this.records.truncate(event, (message) => this.live.call((one) => one.message(message).due));
    this.labels.clear();
    this.history.truncate(event);
  }
}
