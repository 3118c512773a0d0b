// A figure painted on a canvas: for a picture in pixels, and to be looked at before it is saved.

import type { Mark } from "../views/diagram/legend.js";
import type { Painter } from "../views/diagram/painter.js";
import type { Figure } from "./figure.js";
import { writeOn } from "./ink.js";
import type { Box, Ink, Line, Measure } from "./ink.js";

class CanvasInk implements Ink {
  constructor(private readonly context: CanvasRenderingContext2D) {}

  write(line: Line): void {
    writeOn(this.context, line);
  }

  mark({ d, width, dash, alpha }: Mark, colour: string, x: number, y: number): void {
    this.apart(x, y, (context) => {
      const path = new Path2D(d);
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      context.strokeStyle = colour;
      context.setLineDash(dash === "" ? [] : dash.split(" ").map(Number));
      if (width === undefined) {
        // eslint-disable-next-line no-array-fill-with-reference-type -- it is no list
        context.fill(path);
      } else {
        context.lineWidth = width;
        context.stroke(path);
      }
    });
  }

  inset({ x, y, width, height }: Box, paint: (painter: Painter) => void): void {
    this.apart(x, y, (context) => {
      context.beginPath();
      context.rect(0, 0, width, height);
      context.clip();
      paint(context);
    });
  }

  /** With the origin elsewhere; nothing that is set there stays. */
  private apart(x: number, y: number, paint: (context: CanvasRenderingContext2D) => void): void {
    this.context.save();
    this.context.translate(x, y);
    paint(this.context);
    this.context.restore();
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) {
    throw new Error("This browser gives the page no canvas to draw on.");
  }
  return context;
}

/** So many pixels wide. */
export function paintFigure(figure: Figure, canvas: HTMLCanvasElement, px: number): void {
  const scale = px / figure.width;
  canvas.width = px;
  canvas.height = Math.round(figure.height * scale);
  const context = contextOf(canvas);
  context.scale(scale, scale);
  figure.paint(new CanvasInk(context));
  // The diagram clears its ground: the paper comes last, and below.
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = figure.colours.paper;
  context.fillRect(0, 0, figure.width, figure.height);
}

/** As the browser's own letters are. */
export function measuring(): Measure {
  const context = contextOf(document.createElement("canvas"));
  return (text, font) => {
    context.font = font;
    return context.measureText(text).width;
  };
}
