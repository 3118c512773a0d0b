// The keys that work wherever the focus is, unless a field or a control wants them itself.

import type { Run } from "../engine/run.js";
import type { ProtocolLooks } from "../protocols/protocol.js";
import { jumpTo } from "./jumps.js";
import type { Mark } from "./jumps.js";
import { roomAt } from "./rooms.js";

export const keysOf = ({ jumps }: ProtocolLooks): readonly (readonly [string, string])[] => [
  ["Space", "play and pause"],
  ["← →", "one event back or forward; with Shift, twenty-five"],
  ["[ ]", "slower, faster"],
  ["E C V", `to the next ${jumps.epoch.name}, ${jumps.decision.name}, violation; with Shift, to the one before`],
  ["L", "to the live end"],
  ["+ −", "zoom the diagram"],
  ["0", "fit the whole run into the diagram"],
  ["PgUp PgDn", "pan the diagram, while it has the focus"],
  ["Esc", "deselect"],
  ["?", "this list"],
];

const LARGE_STEP = 25;
const SPEED_STEP = 1.5;

/** The control that was pressed with the pointer last: a press leaves the focus there, but the person's mind is elsewhere. */
let pressed: EventTarget | null = null;

/** Listens for the keys of the whole page. */
export function listenForKeys(run: Run): void {
  window.addEventListener("keydown", (event) => handleKey(event, run));
  window.addEventListener("pointerdown", (event) => {
    const target = event.composedPath()[0];
    pressed = target instanceof Element ? target.closest("button, summary, [role=button]") : null;
  });
}

function handleKey(event: KeyboardEvent, run: Run): void {
  const target = event.composedPath()[0];
  if (event.key === "Tab") {
    pressed = null;
  }
  // The keys are the playground's; the other rooms have none of their own.
  if (roomAt(window.location.hash) !== null) {
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element) || isTaken(event.key, target)) {
    return;
  }
  const act = actions(event, run)[event.key];
  if (act !== undefined) {
    // Escape must also close what is open.
    if (event.key !== "Escape") {
      event.preventDefault();
    }
    if (target === pressed && target instanceof HTMLElement) {
      target.blur();
    }
    try {
      act();
    } catch (error) {
      run.report(error);
    }
  }
}

/** Whether a field or a control wants a key itself. */
function isTaken(key: string, target: Element): boolean {
  if (target.closest("input, select, textarea, dialog, [popover]") !== null) {
    return key !== "Escape";
  }
  if (key.startsWith("Arrow") && target instanceof HTMLElement && target.tabIndex === 0 && target.scrollWidth > target.clientWidth) {
    return true;
  }
  const isControl = target.closest("button, a, summary, [role=button], [role=slider], [role=row]") !== null;
  return isControl && target !== pressed && (key === " " || key === "Enter" || key.startsWith("Arrow"));
}

function actions(event: KeyboardEvent, run: Run): Record<string, () => void> {
  const step = event.shiftKey ? LARGE_STEP : 1;
  const jump = (mark: Mark) => (): void => jumpTo(run, mark, event.shiftKey ? -1 : 1);
  const zoom = (): void => {
    window.dispatchEvent(new CustomEvent("playground-zoom", { detail: event.key }));
  };
  const jumps = { e: jump("epoch"), c: jump("decision"), v: jump("violation") };
  return {
    " ": () => run.toggle(),
    ArrowRight: () => run.step(step),
    ArrowLeft: () => run.step(-step),
    "[": () => run.setSpeed(run.speed / SPEED_STEP),
    "]": () => run.setSpeed(run.speed * SPEED_STEP),
    l: () => run.toEnd(),
    L: () => run.toEnd(),
    ...jumps,
    E: jumps.e,
    C: jumps.c,
    V: jumps.v,
    "+": zoom,
    "=": zoom,
    "-": zoom,
    "0": zoom,
    Escape: () => run.select(null),
    "?": () => window.dispatchEvent(new CustomEvent("playground-keys")),
  };
}
