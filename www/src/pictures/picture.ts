// A small picture of a prepared run: its telling moment, painted by the diagram's own code as SVG. No words but the
// processes' names; time runs to the right; colours and letters are the page's own, so that it follows the theme.

import { TERM_COLOURS } from "../design/palette.js";
import type { Palette } from "../design/palette.js";
import type { Run } from "../engine/run.js";
import { makeFrame } from "../views/diagram/frame.js";
import { paintScene } from "../views/diagram/paint.js";
import { gather } from "../views/diagram/scene.js";
import { TrueSpacing } from "../views/diagram/spacing.js";
import { SvgPainter } from "../views/diagram/svg.js";
import { SIZE } from "./size.js";
import { spanToShow } from "./span.js";

const token = (name: string): string => `var(--${name})`;

/** Colours that the page's style sheet says. */
const COLOURS: Palette = {
  paper: token("paper"), raised: token("raised"), sunk: token("sunk"), ink: token("ink"), ink2: token("ink-2"),
  rule: token("rule"), ruleStrong: token("rule-strong"), focus: token("focus"), bad: token("bad"), good: token("good"), down: token("down"),
  terms: Array.from({ length: TERM_COLOURS }, (_, ordinal) => token(`term-${ordinal + 1}`)),
  sans: token("sans"), serif: token("serif"), mono: token("mono"),
};

/** About, since there is no canvas to measure a text: a letter is half as wide as it is high; one of a typewriter's, more. */
export const aboutAsWide = (text: string, font: string): number => text.length * (font.includes("mono") ? 0.6 : 0.5) * Number.parseFloat(/[\d.]+(?=px)/.exec(font)?.[0] ?? "10");

/** The elements of the picture, to be put into an `svg` of its size. `name` is in a page once. */
export function pictureOf(run: Run, name: string): string {
  const { start, end } = spanToShow(run);
  // The playhead itself is out of the picture.
  run.playhead.seekTime(end + (end - start) / 10);
  run.view.setLooks({ direction: "right" });
  const spacing = new TrueSpacing(run.records);
  const { replicas, processes } = run.catalogue;
  const settings = { ...SIZE, down: false, replicas, processes: processes.length, start, headed: false, digits: 0, small: true };
  const { head } = makeFrame({ ...settings, scale: 1 });
  const frame = makeFrame({ ...settings, scale: (SIZE.width - head) / (end - start) });
  const context = new SvgPainter(`picture-${name}`, aboutAsWide);
  paintScene({ context, colours: COLOURS, frame, spacing, run, wordless: true }, gather(run, frame, spacing));
  return context.elements();
}
