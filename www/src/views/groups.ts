// Arrow keys within a group of controls, as ARIA's toolbar pattern has it: a group is one stop of the Tab key, at the
// control that had the focus last; the arrows, Home and End lead to the others. A view marks its groups with
// `data-group`, and the control at which one begins with `data-first`.

import type { LitElement, ReactiveController } from "lit";

import { wasPressed } from "../commands/keys.js";

/** What stands in a group. Lists and sliders have a use for arrows of their own: they stay stops themselves. */
const CONTROLS = "button, a[href], [role=button], playground-share";

type Control = HTMLElement | SVGElement;

/** Where a key leads from a control, of so many. */
const WAYS: Readonly<Record<string, (from: number, all: number) => number>> = {
  ArrowRight: (from, all) => (from + 1) % all,
  ArrowDown: (from, all) => (from + 1) % all,
  ArrowLeft: (from, all) => (from + all - 1) % all,
  ArrowUp: (from, all) => (from + all - 1) % all,
  Home: () => 0,
  End: (_, all) => all - 1,
};

/** Keeps the groups of a view. */
export function groupControls(view: LitElement): void {
  view.addController(new Groups(view));
}

class Groups implements ReactiveController {
  /** At which control the Tab key stops. */
  private readonly stops = new WeakMap<Element, Control>();

  constructor(private readonly host: LitElement) {
    host.addEventListener("keydown", this.onKey);
    host.addEventListener("focusin", this.onFocus);
  }

  hostUpdated(): void {
    for (const group of this.host.renderRoot.querySelectorAll("[data-group]")) {
      this.settle(group);
      void this.awaitViews(group);
    }
  }

  /** A view among the controls may be fetched later, and has its button then. */
  private async awaitViews(group: Element): Promise<void> {
    const views = [...group.querySelectorAll<LitElement>("playground-share")].filter((view) => view.shadowRoot === null);
    await Promise.all(views.map((view) => customElements.whenDefined(view.localName)));
    await Promise.all(views.map((view) => view.updateComplete));
    if (views.length > 0) {
      this.settle(group);
    }
  }

  private settle(group: Element): void {
    const controls = controlsOf(group);
    const before = this.stops.get(group);
    const usable = controls.filter((control) => !isDisabled(control));
    const stop =
      (before !== undefined && usable.includes(before) ? before : undefined) ??
      usable.find((control) => control.dataset["first"] !== undefined) ??
      usable.find((control) => control.getAttribute("aria-current") === "page") ??
      usable[0];
    for (const control of controls) {
      control.tabIndex = control === stop ? 0 : -1;
    }
  }

  private readonly onFocus = (event: Event): void => {
    const [target] = event.composedPath();
    const group = groupAround(event);
    if (group !== undefined && (target instanceof HTMLElement || target instanceof SVGElement) && controlsOf(group).includes(target)) {
      this.stops.set(group, target);
      this.settle(group);
    }
  };

  private readonly onKey = (event: Event): void => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event as KeyboardEvent;
    const [target] = event.composedPath();
    const way = ctrlKey || metaKey || altKey || shiftKey ? undefined : WAYS[key];
    const group = groupAround(event);
    // After a press of the pointer, the arrows are the page's.
    if (way === undefined || group === undefined || target === undefined || wasPressed(target)) {
      return;
    }
    const usable = controlsOf(group).filter((control) => !isDisabled(control) && control.checkVisibility());
    const from = usable.findIndex((control) => control === target);
    if (from >= 0) {
      event.preventDefault();
      event.stopPropagation();
      usable[way(from, usable.length)]?.focus();
    }
  };
}

function groupAround(event: Event): Element | undefined {
  return event.composedPath().find((each): each is Element => each instanceof Element && each.hasAttribute("data-group"));
}

/** The controls of a group; of a view among them, its first button. */
function controlsOf(group: Element): Control[] {
  const isView = (each: Control): boolean => each.localName.includes("-");
  return [...group.querySelectorAll<Control>(CONTROLS)].flatMap((each) => (isView(each) ? (each.shadowRoot?.querySelector<HTMLElement>("button") ?? []) : [each]));
}

function isDisabled(control: Control): boolean {
  return control instanceof HTMLButtonElement && control.disabled;
}
