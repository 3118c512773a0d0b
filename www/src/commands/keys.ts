// Listens for the keys of the table of commands: they work wherever the focus is, but in fields that are written in, and
// where a control wants a key itself: a list its letters, a slider its arrows.

import type { Run } from "../engine/run.js";
import { roomAt } from "../rooms/rooms.js";
import { perform } from "./perform.js";
import { PAGE_COMMANDS, commandFor } from "./table.js";
import type { PageCommandId } from "./table.js";

/** What takes a press of the pointer and keeps the focus. */
const CONTROLS = "button, summary, input, [role=button]";
/** Inputs that are not written in. */
const NOT_WRITTEN = ["range", "checkbox", "radio", "button", "submit", "reset", "color", "file"];
/** What Space means something to. The tape, a row of the list and the dials that slide know nothing of it. */
const SPACE = "button, summary, input:not([type=range]), select, textarea, [role=button]";

/**
 * The control that was pressed with the pointer last: a press leaves the focus there, but the person's mind is
 * elsewhere.
 */
let pressed: EventTarget | null = null;

/**
 * Whether a control has the focus only because it was pressed with the pointer: then Space and the arrows are the
 * page's.
 */
export function wasPressed(control: EventTarget | null): boolean {
  return control !== null && control === pressed;
}

/** A press has led to this control: it is drawn anew, in another place. */
export function pressOn(control: EventTarget): void {
  pressed = control;
}

/** Listens for the keys of the whole page. */
export function listenForKeys(run: Run): void {
  window.addEventListener("keydown", (event) => handleKey(event, run));
  window.addEventListener("pointerdown", (event) => {
    const target = event.composedPath()[0];
    pressed = target instanceof Element ? controlOf(target) : null;
  });
}

function handleKey(event: KeyboardEvent, run: Run): void {
  const target = event.composedPath()[0];
  if (event.key === "Tab") {
    pressed = null;
  }
  const command = commandFor(PAGE_COMMANDS, event);
  // The keys are the playground's; the palette alone is everywhere.
  if (command !== "palette" && roomAt(window.location.hash) !== null) {
    return;
  }
  if (event.defaultPrevented || event.altKey || !(target instanceof Element) || isTaken(event, command, target)) {
    return;
  }
  if (command !== undefined) {
    // Escape must also close what is open.
    if (event.key !== "Escape") {
      event.preventDefault();
    }
    if (target === pressed && (target instanceof HTMLElement || target instanceof SVGElement)) {
      target.blur();
    }
    try {
      perform(command, run);
    } catch (error) {
      run.notices.report(error);
    }
  }
}

/** The control that a press is meant for: a label's is its box. */
function controlOf(target: Element): Element | null {
  return target.closest(CONTROLS) ?? target.closest("label")?.control ?? null;
}

function isTicked(target: Element): boolean {
  return target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type);
}

/** Whether a field or a control wants a key itself. */
function isTaken({ key, ctrlKey, metaKey }: KeyboardEvent, command: PageCommandId | undefined, target: Element): boolean {
  if (key === "Escape") {
    return false;
  }
  if (target.closest("dialog") !== null || (isWritten(target) && command !== "palette")) {
    return true;
  }
  if (ctrlKey || metaKey) {
    return false;
  }
  if (target instanceof HTMLSelectElement) {
    return true;
  }
  if (target instanceof HTMLInputElement) {
    return key === " " ? isTicked(target) && target !== pressed : key.length > 1;
  }
  if (key === " " && target.closest(SPACE) === null) {
    return false;
  }
  if (key.startsWith("Arrow") && scrolls(target)) {
    return true;
  }
  const isControl = target.closest("button, a, summary, [role=button], [role=slider], [role=row]") !== null;
  return isControl && target !== pressed && (key === " " || key === "Enter" || key.startsWith("Arrow"));
}

/** Whether it is a field that one writes in. */
function isWritten(target: Element): boolean {
  const isField = target instanceof HTMLInputElement && !NOT_WRITTEN.includes(target.type);
  return isField || target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** Whether it can be scrolled to the side. */
function scrolls(target: Element): boolean {
  return target.scrollWidth > target.clientWidth && /auto|scroll/.test(getComputedStyle(target).overflowX);
}
