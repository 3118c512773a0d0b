// The page's colours and letters in one theme, whichever the page itself has: read out of its style sheet's text, so that
// they can be had without a browser, too.

import { TERM_COLOURS } from "../design/palette.js";
import type { Palette } from "../design/palette.js";
import sheet from "../design/tokens.css?raw";

export type FigureTheme = "light" | "dark";

const COLOUR = /--([a-z0-9-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);/g;
const FAMILY = /--(sans|serif|mono): (.+);/g;
/** Families that are the page's own, to stand in for others until they are there. */
const OWN = /"[^"]*Fallback[^"]*", /g;

/** A colour of the style sheet by its name. */
export type ColourOf = (name: string) => string;

export function coloursIn(theme: FigureTheme): ColourOf {
  const all = new Map([...sheet.matchAll(COLOUR)].map(([, name = "", light = "", dark = ""]) => [name, theme === "light" ? light : dark]));
  return (name) => {
    const colour = all.get(name);
    if (colour === undefined) {
      throw new Error(`The style sheet has no colour --${name}.`);
    }
    return colour;
  };
}

export function paletteIn(theme: FigureTheme): Palette {
  const colour = coloursIn(theme);
  const families = new Map([...sheet.matchAll(FAMILY)].map(([, name = "", family = ""]) => [name, family.replaceAll(OWN, "")]));
  const family = (name: string): string => families.get(name) ?? name;
  return {
    paper: colour("paper"), raised: colour("raised"), sunk: colour("sunk"), ink: colour("ink"), ink2: colour("ink-2"),
    rule: colour("rule"), ruleStrong: colour("rule-strong"), focus: colour("focus"), bad: colour("bad"), good: colour("good"), down: colour("down"),
    terms: Array.from({ length: TERM_COLOURS }, (_, ordinal) => colour(`term-${ordinal + 1}`)),
    sans: family("sans"), serif: family("serif"), mono: family("mono"),
  };
}
