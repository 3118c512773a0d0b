// Whoever draws processes or messages asks, with this, for what can be done to the one that is selected: it is shown
// beside the place of the click.

import { html } from "lit";
import type { TemplateResult } from "lit";

export const ACTIONS_EVENT = "playground-actions";

export interface Asked {
  /** What the actions stand beside, in the window. */
  box: DOMRect;
  /** By keys, the focus goes into what opens, and from there back to this. */
  backTo: HTMLElement | SVGElement | null;
}

export function askForActions(asked: Asked): void {
  window.dispatchEvent(new CustomEvent<Asked>(ACTIONS_EVENT, { detail: asked }));
}

/** Beside what an event happened to. */
export function askBeside({ currentTarget }: Event, byKeys: boolean): void {
  const element = currentTarget as HTMLElement | SVGElement;
  askForActions({ box: element.getBoundingClientRect(), backTo: byKeys ? element : null });
}

/** A box around a point of an element, measured from its upper left corner. */
export function boxAt(element: Element, { x, y }: { x: number; y: number }, half = 6): DOMRect {
  const { left, top } = element.getBoundingClientRect();
  return new DOMRect(left + x - half, top + y - half, 2 * half, 2 * half);
}

/** A button that shows them beside itself. */
export function actionsButton(words: string): TemplateResult {
  return html`<p><button type="button" aria-haspopup="true" @click=${(event: MouseEvent) => askBeside(event, event.detail === 0)}>${words}</button></p>`;
}
