// What parts the rail from the stage, and both from the dock: it is moved by pointer, and by the arrow keys, Home, End
// and Enter while it has the focus. Web Awesome's split panel does that, is well kept, and brings no looks of its own;
// it is fetched once the page can be used. Until then, and on a narrow page, the same elements stand in a plain grid.

import type WaSplitPanel from "@awesome.me/webawesome/dist/components/split-panel/split-panel.js";

export async function fetchSplitPanel(): Promise<void> {
  await import("@awesome.me/webawesome/dist/components/split-panel/split-panel.js");
}

/** The panel whose divider the pointer holds. */
let held: EventTarget | null = null;

/** Listens on a split panel for the pointer that takes its divider. */
export function onTaken(event: PointerEvent): void {
  const [taken] = event.composedPath();
  const root = taken instanceof Element && taken.getAttribute("role") === "separator" ? taken.getRootNode() : null;
  // One panel stands in the other.
  if (root instanceof ShadowRoot && root.host === event.currentTarget) {
    held = root.host;
    window.addEventListener("pointerup", () => (held = null), { once: true });
  }
}

/** What the reader has moved a split panel to, in pixels; null where it has moved by itself. */
export function movedTo(event: Event): number | null {
  const panel = event.currentTarget as WaSplitPanel;
  const isReaders = held === panel || panel.shadowRoot?.activeElement?.getAttribute("role") === "separator";
  return isReaders && event.target === panel && Number.isFinite(panel.positionInPixels) ? panel.positionInPixels : null;
}

/** Each divider has a name of its own: the panel calls both "Resize". */
export function nameDividers(root: ParentNode): void {
  for (const panel of root.querySelectorAll<WaSplitPanel>("wa-split-panel")) {
    panel.shadowRoot?.querySelector("[role=separator]")?.setAttribute("aria-label", panel.dataset["name"] ?? "");
  }
}
