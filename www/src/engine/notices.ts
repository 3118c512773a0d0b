// What the page has to say for a while: errors, and what an action has done.

import { describeError } from "./engine.js";
import { Reviving } from "./live.js";

export interface Notice {
  id: number;
  tone: "plain" | "bad";
  text: string;
  action?: { label: string; run: () => void };
}

/**
 * How long a notice stays; one that offers something stays three times as long, and one that reports an error until it
 * is dismissed.
 */
const NOTICE_MS = 8_000;
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
    if (notice.tone === "plain") {
      window.setTimeout(() => this.dismiss(id), notice.action === undefined ? NOTICE_MS : 3 * NOTICE_MS);
    }
  }

  /** Says what went wrong, unless it is said already that the engine is being started again. */
  report(error: unknown): void {
    if (!(error instanceof Reviving)) {
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
