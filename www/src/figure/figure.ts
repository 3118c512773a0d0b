// A run's diagram to be taken away: its title, the span that was chosen, the signs that stand in it, a caption, and the
// address at which it can be seen. Painted by the diagram's own code, in one of two sizes: for a column of a paper, and
// for a slide.

import type { Palette } from "../design/palette.js";
import type { Run } from "../engine/run.js";
import { looksOf } from "../protocols/protocol.js";
import { makeFrame } from "../views/diagram/frame.js";
import type { Frame, Position } from "../views/diagram/frame.js";
import { headingOf } from "../views/diagram/heading.js";
import { entriesOf } from "../views/diagram/legend.js";
import { timeCharacters } from "../views/diagram/paint-heads.js";
import { paintScene } from "../views/diagram/paint.js";
import { headsPhases } from "../views/diagram/paint-phases.js";
import { gather } from "../views/diagram/scene.js";
import type { Scene } from "../views/diagram/scene.js";
import { signsInView } from "../views/diagram/signs.js";
import type { Spacing } from "../views/diagram/spacing.js";
import { escaped } from "../views/diagram/svg.js";
import { coloursIn, paletteIn } from "./colours.js";
import type { ColourOf, FigureTheme } from "./colours.js";
import { SvgInk } from "./ink.js";
import type { Ink, Line, Measure } from "./ink.js";
import { factsOf, wrapped } from "./words.js";

/**
 * Units of a figure, in which letters are as large as in the page, and how large it is in the end. A slide's letters are
 * enlarged: it is read from afar.
 */
export const SIZES = {
  paper: { name: "A paper’s column, 85 mm", width: 400, diagram: { down: 470, right: 270 }, page: null, measures: { width: "85mm", px: 2_008 } },
  // What is printed, on a sheet of any size.
  page: { name: "A sheet", width: 720, diagram: { down: 700, right: 330 }, page: null, measures: { width: "190mm", px: 2_244 } },
  slide: { name: "A slide, 16:9", width: 800, diagram: { down: 240, right: 240 }, page: 450, measures: { width: "1280", px: 1_920 } },
} as const;

export type FigureSize = keyof typeof SIZES;

export interface FigureSettings {
  size: FigureSize;
  theme: FigureTheme;
  /** Time runs down; else to the right. */
  down: boolean;
  /** What is shown, in the unit of the spacing. */
  span: { start: Position; end: Position };
  spacing: Spacing;
  /** All that is recorded, as if the playhead were not in it. */
  whole: boolean;
  title: string;
  caption: string;
  address: string;
}

/** A figure that was laid out. */
export interface Figure {
  settings: FigureSettings;
  width: number;
  height: number;
  colours: Palette;
  paint: (ink: Ink) => void;
}

const MARGIN = 12;
/** Paper along the edges of the diagram. */
const EDGE = 2;
const SIGN = { width: 22, height: 14, gap: 5, apart: 14, row: 17 };
/** Letters of what is written: their size, and from one line to the next. */
const LETTERS = { title: [15, 20], caption: [13, 17.5], small: [11, 15], address: [9, 12.5] } as const;
/** An address of more lines is cut: it is whole in the link that it is. */
const ADDRESS_LINES = 2;

const font = (size: number, family: string, weight = 400): string => `${weight} ${size}px ${family}`;

/** Lines one below the other, and where the next may begin. */
function lines(words: readonly string[], top: number, [size, leading]: readonly [number, number], looks: { family: string; colour: string; weight?: number }): { lines: Line[]; end: number } {
  const made = words.map((each, row) => ({ words: each, x: MARGIN, y: top + size + row * leading, font: font(size, looks.family, looks.weight), colour: looks.colour }));
  return { lines: made, end: top + words.length * leading };
}

function frameOf(run: Run, { down, span: { start, end } }: FigureSettings, width: number, height: number): Frame {
  const scaled = (scale: number): Frame =>
    makeFrame({
      width, height, down, start, scale,
      digits: timeCharacters(scale, down, end, run.playhead.clock),
      replicas: run.catalogue.replicas,
      processes: run.catalogue.processes.length,
      headed: headsPhases(run),
    });
  return scaled(((down ? height : width) - scaled(1).head) / Math.max(end - start, 1));
}

/** The signs and what they mean, in as many rows as they need. */
function legendOf(scene: Scene, run: Run, settings: FigureSettings, measure: Measure, colours: Palette): { place: (ink: Ink, top: number, colour: ColourOf) => void; height: number } {
  const letters = font(LETTERS.small[0], colours.sans);
  const inView = signsInView({ frame: scene.frame, spacing: settings.spacing, run }, scene, new Set());
  const right = SIZES[settings.size].width - MARGIN;
  let [x, row] = [MARGIN, 0];
  const placed = entriesOf(looksOf(run.catalogue.protocol), inView).map(([, marks, meaning]) => {
    const width = SIGN.width + SIGN.gap + measure(meaning, letters);
    if (x > MARGIN && x + width > right) {
      [x, row] = [MARGIN, row + 1];
    }
    const at = { x, y: row * SIGN.row };
    x += width + SIGN.apart;
    return { marks, meaning, at };
  });
  const place = (ink: Ink, top: number, colour: ColourOf): void => {
    for (const { marks, meaning, at } of placed) {
      marks.forEach((mark) => ink.mark(mark, colour(mark.ink), at.x, top + at.y));
      ink.write({ words: meaning, x: at.x + SIGN.width + SIGN.gap, y: top + at.y + 11, font: letters, colour: colours.ink2 });
    }
  };
  return { place, height: (row + 1) * SIGN.row };
}

export function layOut(run: Run, settings: FigureSettings, measure: Measure): Figure {
  const { size, theme, down, span, spacing, whole, title, caption, address } = settings;
  const { width, diagram, page } = SIZES[size];
  const colours = paletteIn(theme);
  const across = width - 2 * MARGIN;
  const wrap = (text: string, letters: string): string[] => wrapped(text, across, (words) => measure(words, letters));
  const head = lines(wrap(title, font(LETTERS.title[0], colours.serif, 600)), MARGIN - 2, LETTERS.title, { family: colours.serif, colour: colours.ink, weight: 600 });
  const top = head.end + 4;
  // What is in view does not depend on how large it is drawn.
  const drawn = (height: number): { frame: Frame; scene: Scene } => {
    const frame = frameOf(run, settings, across, height);
    return { frame, scene: gather(run, frame, spacing) };
  };
  const { scene: first } = drawn(diagram[down ? "down" : "right"]);
  const legend = legendOf(first, run, settings, measure, colours);
  const { range, heartbeats } = headingOf(run, first, Math.max(0, span.start), span.end);
  const facts = factsOf(run, spacing.kind === "true" ? range : "spaced by cause", first.heartbeats === 0 ? "" : heartbeats);
  const below = (from: number): { all: Line[]; link: Line[]; end: number } => {
    const said = lines(caption.trim() === "" ? [] : wrap(caption, font(LETTERS.caption[0], colours.serif)), from, LETTERS.caption, { family: colours.serif, colour: colours.ink });
    const known = lines(wrap(facts, font(LETTERS.small[0], colours.sans)), said.end + 2, LETTERS.small, { family: colours.sans, colour: colours.ink2 });
    const link = lines(cut(wrap(address, font(LETTERS.address[0], colours.mono))), known.end + 1, LETTERS.address, { family: colours.mono, colour: colours.ink2 });
    return { all: [...said.lines, ...known.lines], link: link.lines, end: link.end };
  };
  const rest = 8 + legend.height + below(0).end + MARGIN - 2;
  const tall = Math.max(diagram[down ? "down" : "right"], page === null ? 0 : page - top - rest);
  const { frame, scene } = drawn(tall);
  const paint = (ink: Ink): void => {
    head.lines.forEach((line) => ink.write(line));
    ink.inset({ x: MARGIN, y: top, width: across, height: tall }, (context) => paintScene({ context, colours, frame, spacing, run, whole }, scene));
    // What begins before the head or ends after the view shimmers through where the picture is cut off.
    ink.mark({ d: `M0 0h${across}v${tall}h${-across}z`, ink: "paper", width: EDGE, dash: "", alpha: 1 }, colours.paper, MARGIN, top);
    legend.place(ink, top + tall + 6, coloursIn(theme));
    const { all, link } = below(top + tall + 8 + legend.height);
    all.forEach((line) => ink.write(line));
    link.forEach((line) => ink.write(line, address));
  };
  return { settings, width, height: Math.ceil(top + tall + rest), colours, paint };
}

function cut(all: readonly string[]): string[] {
  return all.length <= ADDRESS_LINES ? [...all] : [...all.slice(0, ADDRESS_LINES - 1), `${(all[ADDRESS_LINES - 1] ?? "").slice(0, -1)}…`];
}

/** The figure as a file of its own. `isExact`: texts are as wide as `measure` says, also where the letters are others. */
export function svgOf(figure: Figure, measure: Measure, isExact: boolean): string {
  const { width, height, colours, settings } = figure;
  // Several figures may stand in one page: what they refer to is named by what they show.
  const ink = new SvgInk(`f${Math.round(settings.span.start)}-${Math.round(settings.span.end)}-${settings.size}-${settings.theme}`, measure, isExact);
  figure.paint(ink);
  const { measures } = SIZES[settings.size];
  const [, number = "", unit = ""] = /^([\d.]+)(.*)$/.exec(measures.width) ?? [];
  const tall = `${Math.round(((Number(number) * height) / width) * 100) / 100}${unit}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${measures.width}" height="${tall}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(settings.title)}</title>
<desc>${escaped(`${settings.caption} ${settings.address}`.trim())}</desc>
<path d="M0 0h${width}v${height}h-${width}z" fill="${colours.paper}"/>
${ink.elements()}
</svg>
`;
}
