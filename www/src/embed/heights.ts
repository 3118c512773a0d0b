// How high the parts of a frame are that take what they take: measured while they are shown, and remembered for the
// layouts in which they are not.

import type { Layout } from "./layout.js";

/** Before it was seen, in pixels. */
const UNSEEN: Readonly<Record<string, number>> = { cluster: 320, story: 150, bottom: 90, tabs: 38 };

export class PartHeights {
  private readonly known = new Map<string, number>(Object.entries(UNSEEN));
  private border = 0;

  measure(page: HTMLElement): void {
    this.border = page.offsetHeight - page.clientHeight;
    for (const part of page.children) {
      const [name = "", kind] = part.classList;
      // A ring that takes what is left says nothing of what it would take.
      if (part instanceof HTMLElement && this.known.has(name) && (name !== "cluster" || kind === "natural")) {
        this.known.set(name, part.offsetHeight);
      }
    }
  }

  /** What a layout takes with everything around it. */
  needed({ height, measured }: Layout): Layout["height"] {
    const taken = this.border + measured.reduce((sum, part) => sum + (this.known.get(part) ?? 0), 0);
    return { good: height.good + taken, least: height.least + taken };
  }
}
