// The tokens' colours as a canvas needs them: resolved for the theme that is in force.

export interface Palette {
  paper: string;
  raised: string;
  sunk: string;
  ink: string;
  ink2: string;
  rule: string;
  ruleStrong: string;
  focus: string;
  bad: string;
  good: string;
  down: string;
  terms: readonly string[];
  sans: string;
  serif: string;
  mono: string;
}

export const TERM_COLOURS = 6;

/**
 * Where epochs are ballots: the part of the number that names the owner has so many values. null: epochs are counted
 * from 1.
 */
let owners: number | null = null;

/** The epoch of what belongs to none, where 0 is an epoch like any other. */
export const NO_EPOCH = 4294967295;
/** The first epoch that there is: 0 for views. */
let first = 1;

/** Says what an epoch's colour means: the epoch itself, counted from 1 or from 0, or the owner of the ballot. */
export function paintEpochsBy(ballotOwners: number | null, fromZero: boolean): void {
  owners = ballotOwners;
  first = fromZero ? 0 : 1;
}

/** Whether there is nothing that a colour could say. */
export function isNoEpoch(epoch: number): boolean {
  return epoch < first || epoch === NO_EPOCH;
}

/** Which of the cycle of colours. */
export function termSlot(epoch: number): number {
  return (owners === null ? (epoch - first) % TERM_COLOURS : (epoch % owners) % TERM_COLOURS) + 1;
}

/** A term's colour as a style sheet writes it. */
export function termToken(epoch: number): string {
  return isNoEpoch(epoch) ? "var(--ink-2)" : `var(--term-${termSlot(epoch)})`;
}

/** A term's colour as a canvas wants it. */
export function termColour(colours: Palette, epoch: number): string {
  return isNoEpoch(epoch) ? colours.ink2 : (colours.terms[termSlot(epoch) - 1] ?? colours.ink2);
}

let current: Palette | undefined;
const listeners = new Set<() => void>();

export function palette(): Palette {
  current ??= read();
  return current;
}

/** Calls back when the theme changes, or the page's fonts have come: what was drawn or measured is not as it would be now. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export type Theme = "system" | "light" | "dark";

export function setTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
  } else {
    document.documentElement.dataset["theme"] = theme;
  }
  changed();
}

function changed(): void {
  current = undefined;
  for (const listener of listeners) {
    listener();
  }
}

for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(query).addEventListener("change", changed);
}

function read(): Palette {
  // A listener that listens already is not added again.
  document.fonts.addEventListener("loadingdone", changed);
  const probe = document.createElement("span");
  probe.hidden = true;
  document.documentElement.append(probe);
  const resolve = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const style = getComputedStyle(document.documentElement);
  const result: Palette = {
    paper: resolve("paper"),
    raised: resolve("raised"),
    sunk: resolve("sunk"),
    ink: resolve("ink"),
    ink2: resolve("ink-2"),
    rule: resolve("rule"),
    ruleStrong: resolve("rule-strong"),
    focus: resolve("focus"),
    bad: resolve("bad"),
    good: resolve("good"),
    down: resolve("down"),
    terms: Array.from({ length: TERM_COLOURS }, (_, ordinal) => resolve(`term-${ordinal + 1}`)),
    sans: style.getPropertyValue("--sans"),
    serif: style.getPropertyValue("--serif"),
    mono: style.getPropertyValue("--mono"),
  };
  probe.remove();
  return result;
}
