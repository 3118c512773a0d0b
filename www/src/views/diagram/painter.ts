// What the painting code asks of whatever it paints on: a canvas, or what writes SVG down (svg.ts). Whoever paints with
// more of a canvas' methods than these names them here first.

type Paints =
  | "arc" | "beginPath" | "clearRect" | "clip" | "closePath" | "fill" | "fillRect" | "lineTo" | "moveTo" | "rect"
  | "restore" | "rotate" | "roundRect" | "save" | "setLineDash" | "stroke" | "translate";
type Says = "fillStyle" | "font" | "globalAlpha" | "lineJoin" | "lineWidth" | "strokeStyle" | "textAlign" | "textBaseline";

export interface Painter extends Pick<CanvasRenderingContext2D, Exclude<Paints, "fill" | "stroke" | "clip"> | Says>, Partial<Pick<CanvasRenderingContext2D, "createPattern">> {
  fill(): void;
  stroke(): void;
  /** To the path; until `restore`. */
  clip(): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
  measureText(text: string): { width: number };
  /** Where no tile can be drawn beforehand: what fills with tiles of that side. */
  tiled?(side: number, paint: (ink: Painter) => void): string;
}
