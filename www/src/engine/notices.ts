// What the page has to say for a while: errors, and what an action has done.

import { describeError } from "./engine.js";
import { Reviving } from "./live.js";
import { isMissing } from "./missing.js";

export interface Notice {
  id: number;
  tone: "plain" | "bad";
  text: string;
  action?: { label: string; run: () => void };
}

/**
 * How long a notice stays: one that offers something three times as long, one that reports an error five times. An
 * error that offers something stays until it is answered or dismissed.
 */
const NOTICE_MS = 8_000;
const OFFERS = 3;
const REPORTS = 5;
/** How many are shown at once. */
const NOTICES_MAX = 3;

export class Notices {
  list: readonly Notice[] = [];
  private last = 0;

  constructor(private readonly changed: () => void) {}

  tell(notice: Omit<Notice, "id">): void {
    this.last += 1;
    const id = this.last;
    this.list = [...this.list.filter((other) => other.text !== notice.text).slice(1 - NOTICES_MAX), { ...notice, id }];
    this.changed();
    const isOffer = notice.action !== undefined;
    const times = notice.tone === "bad" ? (isOffer ? Infinity : REPORTS) : isOffer ? OFFERS : 1;
    if (Number.isFinite(times)) {
      window.setTimeout(() => this.dismiss(id), times * NOTICE_MS);
    }
  }

  /** Says what went wrong, unless it is said already that the engine is being started again. */
  report(error: unknown): void {
    if (isMissing(error)) {
      // A frame begins anew: what was done in it is in nobody's address.
      const kept = window.parent === window ? " Your run is kept when you reload." : "";
      this.tell({ tone: "bad", text: `${describeError(error)}${kept}`, action: { label: "Reload", run: () => window.location.reload() } });
    } else if (!(error instanceof Reviving)) {
      this.tell({ tone: "bad", text: describeError(error) });
    }
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
    this.changed();
  }

  clear(): void {
    this.list = [];
    this.changed();
  }
}
