// Wheel, drag and pinch on the canvas, made into pans, zooms and clicks.

import type { Point } from "./frame.js";

export interface Moves {
  pan(pixels: number): void;
  zoom(factor: number, at: number): void;
  point(at: Point | null): void;
  choose(at: Point): void;
  /** The coordinate along the time axis. */
  along(point: Point): number;
}

/** A pointer that moved less than this has clicked. */
const CLICK_PX = 4;
/** A notch of a wheel turns it at least so far; a pinch on a touchpad comes in smaller steps. */
const NOTCH = 50;

export class Gestures {
  private readonly pointers = new Map<number, Point>();
  private moved = 0;
  /** Whether one pointer moves the diagram: where the style leaves a finger to the page, two do. */
  private onePans = true;

  constructor(private readonly moves: Moves) {}

  readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.moves.pan(-(event.deltaX || event.deltaY) * unit);
      return;
    }
    // A pinch on a touchpad comes as a wheel with Control held.
    const speed = event.ctrlKey && Math.abs(event.deltaY) < NOTCH ? 100 : 400;
    this.moves.zoom(Math.exp((-event.deltaY * unit) / speed), this.moves.along(pointOf(event)));
  };

  readonly onDown = (event: PointerEvent): void => {
    const canvas = event.currentTarget as HTMLElement;
    canvas.setPointerCapture(event.pointerId);
    this.onePans = event.pointerType !== "touch" || getComputedStyle(canvas).touchAction === "none";
    this.pointers.set(event.pointerId, pointOf(event));
    if (this.pointers.size === 1) {
      this.moved = 0;
    }
  };

  readonly onMove = (event: PointerEvent): void => {
    const at = pointOf(event);
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) {
      this.moves.point(at);
      return;
    }
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.moved += Math.hypot(at.x - before.x, at.y - before.y);
    this.pointers.set(event.pointerId, at);
    if (other !== undefined) {
      const apart = Math.max(10, Math.hypot(before.x - other.x, before.y - other.y));
      // Each finger moves the middle between them by half of its own way.
      this.moves.pan((this.moves.along(at) - this.moves.along(before)) / 2);
      this.moves.zoom(Math.hypot(at.x - other.x, at.y - other.y) / apart, this.moves.along({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }));
    } else if (this.moved > CLICK_PX && this.onePans) {
      this.moves.pan(this.moves.along(at) - this.moves.along(before));
    }
  };

  readonly onUp = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
    if (event.type === "pointerup" && this.moved <= CLICK_PX) {
      this.moves.choose(pointOf(event));
    }
  };
}

function pointOf(event: MouseEvent): Point {
  return { x: event.offsetX, y: event.offsetY };
}
