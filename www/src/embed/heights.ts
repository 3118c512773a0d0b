// How high the parts of a frame are that take what they take: measured while they are shown, and remembered for the
// layouts in which they are not.

import type { Layout } from "./layout.js";

/** Before it was seen, in pixels. */
const UNSEEN: Readonly<Record<string, number>> = { cluster: 305, bottom: 90, tabs: 38 };

export class PartHeights {
  private readonly known = new Map<string, number>(Object.entries(UNSEEN));
  private border = 0;

  measure(page: HTMLElement): void {
    this.border = page.offsetHeight - page.clientHeight;
    for (const part of page.children) {
      // One that shares the space says nothing of what it takes.
      const [name = "", ...kind] = part.classList;
      const isStretched = name === "cluster" && !page.classList.contains("stacked") && !kind.includes("alone");
      if (part instanceof HTMLElement && this.known.has(name) && !isStretched) {
        this.known.set(name, part.offsetHeight);
      }
    }
  }

  /** What a layout takes with everything around it. */
  needed({ height, measured, areas }: Layout): Layout["height"] {
    const parts = [...measured, "bottom", ...["story", "tabs"].filter((part) => areas.includes(`"${part}`))];
    const taken = this.border + parts.reduce((sum, part) => sum + (this.known.get(part) ?? 0), 0);
    return { good: height.good + taken, least: height.least + taken };
  }
}
