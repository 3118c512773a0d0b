// What a figure is painted on: SVG that is written down, or a canvas (ink-canvas.ts). Both get the same strokes.

import type { Mark } from "../views/diagram/legend.js";
import type { Painter } from "../views/diagram/painter.js";
import { SvgPainter, escaped } from "../views/diagram/svg.js";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line of words, its left end on the line at `y`. */
export interface Line {
  words: string;
  x: number;
  y: number;
  font: string;
  colour: string;
}

export interface Ink {
  write(line: Line, href?: string): void;
  /** A sign of the legend: its corner stands at the point. */
  mark(mark: Mark, colour: string, x: number, y: number): void;
  /** A picture of its own, cut off at the box. */
  inset(box: Box, paint: (painter: Painter) => void): void;
}

/** How wide a text is. */
export type Measure = (text: string, font: string) => number;

/** To the painter, what is written at a place. */
export function writeOn(painter: Painter, { words, x, y, font, colour }: Line): void {
  painter.font = font;
  painter.fillStyle = colour;
  painter.textAlign = "left";
  painter.textBaseline = "alphabetic";
  painter.fillText(words, x, y);
}

export class SvgInk implements Ink {
  private readonly parts: string[] = [];

  /** `name` tells its own ids from those of others; `isExact`: texts are as wide as `measure` says, whatever the letters. */
  constructor(
    private readonly name: string,
    private readonly measure: Measure,
    private readonly isExact: boolean,
  ) {}

  write(line: Line, href?: string): void {
    const painter = new SvgPainter(this.name, this.measure, this.isExact);
    writeOn(painter, line);
    this.parts.push(href === undefined ? painter.elements() : `<a href="${escaped(href)}">${painter.elements()}</a>`);
  }

  mark({ d, width, dash, alpha }: Mark, colour: string, x: number, y: number): void {
    const dashes = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
    const line = width === undefined ? ` fill="${colour}"` : ` fill="none" stroke="${colour}" stroke-width="${width}"${dashes}`;
    this.parts.push(`<path d="${d}" transform="translate(${x} ${y})"${line}${alpha === 1 ? "" : ` opacity="${alpha}"`}/>`);
  }

  inset({ x, y, width, height }: Box, paint: (painter: Painter) => void): void {
    const painter = new SvgPainter(this.name, this.measure, this.isExact);
    paint(painter);
    this.parts.push(`<svg x="${x}" y="${y}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${painter.elements()}</svg>`);
  }

  /** All that was painted. */
  elements(): string {
    return this.parts.join("\n");
  }
}
