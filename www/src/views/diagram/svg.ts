// Paints SVG: what a canvas would show is written down as elements, one for each stroke and filling. Pictures of runs are
// made by it when the page is built.
//
// npm's svgcanvas does not serve: it reads fonts from inline styles, which the page's content security policy refuses,
// it needs a document, which there is none of where pictures are made, and it repeats every attribute on every line.

import type { Painter } from "./painter.js";

/** Colours may be those of a style sheet, `var(--ink)`: the picture then follows the theme. */
type Style = Pick<Painter, "fillStyle" | "font" | "globalAlpha" | "lineJoin" | "lineWidth" | "strokeStyle" | "textAlign" | "textBaseline"> & {
  dash: readonly number[];
  transform: string;
  /** Groups that were opened since. */
  groups: number;
};

type Attributes = Record<string, string | number | undefined>;

const FONT = /^(?:(italic) )?(?:(\d+) )?([\d.]+)px (.+)$/;
const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: "middle", right: "end", end: "end" };
const BASELINES: Partial<Record<CanvasTextBaseline, string>> = { middle: "central", top: "text-before-edge" };

/** To a tenth of a pixel. */
const round = (number: number): string => String(Math.round(number * 10) / 10);
/** What no XML may have in it, not even escaped. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** A text as it stands in markup. */
export const escaped = (text: string): string =>
  text.replaceAll(UNWRITABLE, "\u{FFFD}").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

export class SvgPainter implements Painter {
  fillStyle: Painter["fillStyle"] = "#000";
  strokeStyle: Painter["strokeStyle"] = "#000";
  font = "10px sans-serif";
  globalAlpha = 1;
  lineJoin: CanvasLineJoin = "miter";
  lineWidth = 1;
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  private dash: readonly number[] = [];
  private transform = "";
  private groups = 0;
  private path = "";
  private at: { x: number; y: number } | null = null;
  private readonly saved: Style[] = [];
  private readonly written: { name: string; attributes: Attributes; text: string }[] = [];
  private named = 0;

  /**
   * `name` tells the picture's own ids from those of others in the same page. `width` says how wide a text is: where
   * there is no canvas to measure it, about. `isExact`: texts are drawn as wide as that, also where the letters are others.
   */
  constructor(
    private readonly name: string,
    private readonly width: (text: string, font: string) => number,
    private readonly isExact = false,
  ) {}

  /** The elements that were painted, without the `svg` around them. */
  elements(): string {
    const lines = this.written.map(({ name, attributes, text }) => {
      if (name === "/g") {
        return "</g>";
      }
      const said = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escaped(String(value))}"`])).join("");
      return name === "g" ? `<g${said}>` : text === "" ? `<${name}${said}/>` : `<${name}${said}>${text}</${name}>`;
    });
    return lines.join("");
  }

  // The state

  save(): void {
    const { fillStyle, font, globalAlpha, lineJoin, lineWidth, strokeStyle, textAlign, textBaseline, dash, transform, groups } = this;
    this.saved.push({ fillStyle, font, globalAlpha, lineJoin, lineWidth, strokeStyle, textAlign, textBaseline, dash, transform, groups });
    this.groups = 0;
  }

  restore(): void {
    for (; this.groups > 0; this.groups -= 1) {
      this.add("/g", {});
    }
    Object.assign(this, this.saved.pop());
  }

  translate(x: number, y: number): void {
    this.transform += `translate(${round(x)} ${round(y)})`;
  }

  rotate(angle: number): void {
    this.transform += angle === 0 ? "" : `rotate(${round((angle * 180) / Math.PI)})`;
  }

  setLineDash(dash: Iterable<number>): void {
    this.dash = [...dash];
  }

  clip(): void {
    this.named += 1;
    this.groups += 1;
    const id = `${this.name}-${this.named}`;
    this.add("clipPath", { id }, `<path d="${this.path}"/>`);
    this.add("g", { "clip-path": `url(#${id})` });
  }

  /** A pattern of its own for each filling: there are few. */
  tiled(side: number, paint: (ink: Painter) => void): string {
    this.named += 1;
    const id = `${this.name}-${this.named}`;
    const ink = new SvgPainter(id, this.width);
    paint(ink);
    this.add("pattern", { id, width: side, height: side, patternUnits: "userSpaceOnUse" }, ink.elements());
    return `url(#${id})`;
  }

  // Paths

  beginPath(): void {
    this.path = "";
    this.at = null;
  }

  moveTo(x: number, y: number): void {
    this.path += `M${round(x)} ${round(y)}`;
    this.at = { x, y };
  }

  lineTo(x: number, y: number): void {
    this.path += `${this.at === null ? "M" : "L"}${round(x)} ${round(y)}`;
    this.at = { x, y };
  }

  closePath(): void {
    this.path += "Z";
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
    this.at = { x, y };
  }

  roundRect(x: number, y: number, width: number, height: number, radii?: number | DOMPointInit | Iterable<number | DOMPointInit>): void {
    if (typeof radii !== "number") {
      throw new TypeError("Corners of several radii are not painted as SVG.");
    }
    const corner = (right: number, down: number): string => `a${radii} ${radii} 0 0 1 ${round(right * radii)} ${round(down * radii)}`;
    const [across, along] = [width - 2 * radii, height - 2 * radii];
    this.path +=
      `M${round(x + radii)} ${round(y)}h${round(across)}${corner(1, 1)}v${round(along)}${corner(-1, 1)}` +
      `h${round(-across)}${corner(-1, -1)}v${round(-along)}${corner(1, -1)}Z`;
    this.at = { x, y };
  }

  /** Clockwise. SVG has no arc that ends where it begins: a whole circle is two. */
  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const on = (angle: number): [number, number] => [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    this.lineTo(...on(from));
    const size = Number(round(radius));
    if (to - from >= 2 * Math.PI) {
      // Rounded halves would not meet, but for this one number.
      const [across, down] = [-2 * size * Math.cos(from), -2 * size * Math.sin(from)].map(round);
      this.path += `a${size} ${size} 0 1 1 ${across} ${down}a${size} ${size} 0 1 1 ${-Number(across)} ${-Number(down)}`;
    } else {
      const [endX, endY] = on(to);
      this.path += `A${size} ${size} 0 ${to - from > Math.PI ? 1 : 0} 1 ${round(endX)} ${round(endY)}`;
      this.at = { x: endX, y: endY };
    }
  }

  fill(): void {
    this.add("path", { d: this.path, ...this.filling() });
  }

  stroke(): void {
    this.add("path", { d: this.path, ...this.line(), fill: "none" });
  }

  // What needs no path

  clearRect(): void {
    // Nothing was painted yet: a picture is painted once.
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.add("path", { d: `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`, ...this.filling() });
  }

  fillText(text: string, x: number, y: number): void {
    this.add("text", { x: round(x), y: round(y), ...this.filling(), ...this.letters(text) }, escaped(text));
  }

  strokeText(text: string, x: number, y: number): void {
    this.add("text", { x: round(x), y: round(y), ...this.line(), fill: "none", ...this.letters(text) }, escaped(text));
  }

  measureText(text: string): { width: number } {
    return { width: this.width(text, this.font) };
  }

  private filling(): Attributes {
    return { fill: this.fillStyle as string, "fill-opacity": this.opacity(), transform: this.transform || undefined };
  }

  private line(): Attributes {
    const { dash, lineJoin, lineWidth, strokeStyle, transform } = this;
    return {
      stroke: strokeStyle as string,
      "stroke-opacity": this.opacity(),
      "stroke-width": lineWidth === 1 ? undefined : lineWidth,
      "stroke-linejoin": lineJoin === "miter" ? undefined : lineJoin,
      "stroke-dasharray": dash.length === 0 ? undefined : dash.join(" "),
      transform: transform || undefined,
    };
  }

  private letters(text: string): Attributes {
    const [, style, weight, size, family] = FONT.exec(this.font) ?? [];
    return {
      "font-style": style,
      "font-weight": weight === "400" ? undefined : weight,
      "font-size": size,
      "font-family": family,
      "text-anchor": ANCHORS[this.textAlign],
      "dominant-baseline": BASELINES[this.textBaseline],
      ...(this.isExact && text.length > 1 ? { textLength: round(this.width(text, this.font)), lengthAdjust: "spacingAndGlyphs" } : {}),
    };
  }

  private opacity(): number | undefined {
    return this.globalAlpha === 1 ? undefined : this.globalAlpha;
  }

  /** What is painted one after the other, in the same way and hiding what is under it, is one element. */
  private add(name: string, attributes: Attributes, text = ""): void {
    if (name === "path" && attributes["d"] === "") {
      return;
    }
    const last = this.written.at(-1);
    const isOpaque = this.globalAlpha === 1 && attributes["stroke-dasharray"] === undefined;
    if (name === "path" && last?.name === "path" && isOpaque && sameLooks(last.attributes, attributes)) {
      last.attributes["d"] = `${last.attributes["d"]}${attributes["d"]}`;
    } else {
      this.written.push({ name, attributes, text });
    }
  }
}

function sameLooks({ d: _one, ...looks }: Attributes, { d: _other, ...others }: Attributes): boolean {
  return JSON.stringify(looks) === JSON.stringify(others);
}
