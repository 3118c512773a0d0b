// Where what floats stands: beside what it belongs to, within the window. On a phone it is a sheet at the bottom, which
// its looks say.
//
// By @floating-ui/dom, since not every browser knows anchors in CSS, and a point on a canvas is no element.

import { autoUpdate, computePosition, flip, offset, shift, size } from "@floating-ui/dom";
import type { Placement } from "@floating-ui/dom";

/** What something floats beside: an element, or a box in the window. */
export type Anchor = Element | { getBoundingClientRect(): DOMRect };

const SHEET = "(max-width: 760px)";
const GAP_PX = 8;
/** What floats leaves the transport free. */
const FOOT_PX = 92;
const PADDING = { top: GAP_PX, right: GAP_PX, bottom: FOOT_PX, left: GAP_PX };

/** Keeps something beside its anchor until the function that is returned is called. */
export function keepBeside(anchor: Anchor, floating: HTMLElement, placement: Placement): () => void {
  return autoUpdate(anchor, floating, () => void place(anchor, floating, placement));
}

async function place(anchor: Anchor, floating: HTMLElement, placement: Placement): Promise<void> {
  const { style } = floating;
  if (matchMedia(SHEET).matches) {
    for (const property of ["left", "top", "max-height"]) style.removeProperty(property);
  } else {
    const { x, y } = await computePosition(anchor, floating, {
      placement,
      strategy: "fixed",
      middleware: [
        offset(GAP_PX),
        flip({ padding: PADDING, crossAxis: false }),
        size({ padding: PADDING, apply: ({ availableHeight }) => style.setProperty("max-height", `${Math.round(tallest(placement, availableHeight))}px`) }),
        shift({ padding: PADDING }),
      ],
    });
    style.left = `${Math.round(x)}px`;
    style.top = `${Math.round(y)}px`;
  }
  floating.dataset["placed"] = "";
}

/** What stands beside its anchor may be moved up along it, and be as tall as the window. */
function tallest(placement: Placement, available: number): number {
  return /^(left|right)/.test(placement) ? innerHeight - GAP_PX - FOOT_PX : available;
}
