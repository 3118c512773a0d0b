// Carries out a command of the table.

import type { Run } from "../engine/run.js";
import { looksOf } from "../protocols/protocol.js";
import { jumpTo } from "./jumps.js";
import { PAGE_COMMANDS, whyUnavailable } from "./table.js";
import type { Names, PageCommandId, Zoom } from "./table.js";

/** What is asked of the diagram, of the header and of the palette: they listen for these, wherever they stand. */
export const ZOOM_EVENT = "playground-zoom";
export const DRAWING_EVENT = "playground-drawing";
export const KEYS_EVENT = "playground-keys";
export const PALETTE_EVENT = "playground-palette";

/** To keep the playhead in view, or to let go of it; and to explain the signs, or no longer. */
export type DrawingOrder = "follow" | "legend";

/** What the run's protocol calls what one jumps to. */
export function namesOf(run: Run): Names {
  const { epoch, decision } = looksOf(run.catalogue.protocol).jumps;
  return { epoch: epoch.name, decision: decision.name };
}

/** Does nothing where it is unavailable. */
export function perform(id: PageCommandId, run: Run): void {
  if (whyUnavailable(id, run) === null) {
    PAGE_COMMANDS[id].act({
      run,
      jump: (mark, direction) => jumpTo(run, mark, direction),
      zoom: (way: Zoom) => window.dispatchEvent(new CustomEvent<Zoom>(ZOOM_EVENT, { detail: way })),
      toggleKeys: () => window.dispatchEvent(new CustomEvent(KEYS_EVENT)),
      togglePalette: () => window.dispatchEvent(new CustomEvent(PALETTE_EVENT)),
      toggleLikelihood: () => askLikelihood(run),
      why: () => void import("../views/why/ask.js").then(({ ask }) => ask(run)).catch((error: unknown) => run.notices.report(error)),
      save: () => void import("../views/takeaway/ways.js").then(({ save }) => save(run)).catch((error: unknown) => run.notices.report(error)),
    });
  }
}

/** Asks when the run's end became inevitable: of what is so after an event, or else of what is worst; then again, no longer. */
export function askLikelihood(run: Run, event: number | null = null): void {
  import("../views/likelihood/open.js").then(({ ask }) => ask(run, event)).catch((error: unknown) => run.notices.report(error));
}
