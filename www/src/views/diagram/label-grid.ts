// What has been drawn on the diagram so far, in coarse cells, so that a text finds a spot: lines may be crossed at a
// price, texts may not be touched.

import type { Frame, Point } from "./frame.js";
import type { Arrow } from "./scene.js";

const CELL = 7;
/** Of the texts along arrows, in pixels. */
export const TEXT_HEIGHT = 12;
const MANY = -2;
/** What a line costs of which a text says the same, as part of what a foreign one costs. */
const ALIKE = 0.4;
/** Pixels that two texts keep from each other. */
const GAP = 5;
/** Heights above a text's base line at which it is looked for what lies under it. */
const LINES = [-1, TEXT_HEIGHT / 2, TEXT_HEIGHT - 1];
/** Pixels of the widest text that is looked after; there are at most so many cells in a line of it. */
const FOUND_MAX = 1_200;

/** Where a text stands or may stand, by the left end of its base line. */
export interface Spot {
  corner: Point;
  width: number;
  angle: number;
}

/** Of several spots, the one with the lowest price. */
export function cheapest<S extends Spot>(spots: Iterable<readonly [S, number]>): S | null {
  let best: S | null = null;
  let least = Infinity;
  for (const [spot, price] of spots) {
    if (price < least) {
      best = spot;
      least = price;
    }
  }
  return best;
}

export class Grid {
  private readonly columns: number;
  private readonly rows: number;
  private readonly lines: Int32Array;
  private readonly texts: Uint8Array;
  /** The cells that `find` found last. One array for all: many spots are tried for each text. */
  private readonly found = new Int32Array(LINES.length * FOUND_MAX);

  constructor(frame: Frame) {
    this.columns = Math.ceil(frame.width / CELL) + 1;
    this.rows = Math.ceil(frame.height / CELL) + 1;
    this.lines = new Int32Array(this.columns * this.rows).fill(-1);
    this.texts = new Uint8Array(this.columns * this.rows);
  }

  line({ message, from, tip }: Pick<Arrow, "message" | "from" | "tip">): void {
    const steps = Math.min(2_000, Math.ceil(Math.hypot(tip.x - from.x, tip.y - from.y) / (CELL * 0.7)));
    for (let step = 0; step <= steps; step += 1) {
      const cell = this.cell(from.x + ((tip.x - from.x) * step) / steps, from.y + ((tip.y - from.y) * step) / steps);
      if (cell >= 0) {
        const before = this.lines[cell];
        this.lines[cell] = before === -1 || before === message ? message : MANY;
      }
    }
  }

  block(least: Point, most: Point): void {
    for (let y = least.y; y <= most.y; y += CELL) {
      for (let x = least.x; x <= most.x; x += CELL) {
        const cell = this.cell(x, y);
        if (cell >= 0) {
          this.texts[cell] = 1;
        }
      }
    }
  }

  /**
   * How many cells a text at a spot would share with other lines than its own; lines of which it says the same count for
   * less. Infinite where foreign lines have too large a share of its cells, where it would touch another text, or leave
   * the canvas.
   */
  price(text: Spot, own: number, alike: ReadonlySet<number>, shareMax: number): number {
    const count = this.find(text, true);
    if (count === 0) {
      return Infinity;
    }
    let foreign = 0;
    let same = 0;
    for (let at = 0; at < count; at += 1) {
      const line = this.lines[this.found[at] ?? 0] ?? -1;
      if (alike.has(line)) {
        same += line === own ? 0 : 1;
      } else {
        foreign += line === -1 ? 0 : 1;
      }
    }
    return foreign <= count * shareMax ? foreign + same * ALIKE : Infinity;
  }

  /** How many cells of a level box have lines under them, and how many it has; no number where it touches a text. */
  under(box: { x: number; y: number; width: number; height: number }): { lines: number | null; cells: number } {
    let lines = 0;
    let cells = 0;
    for (let y = box.y; y < box.y + box.height + CELL; y += CELL) {
      for (let x = box.x; x < box.x + box.width + CELL; x += CELL) {
        const cell = this.cell(Math.min(x, box.x + box.width), Math.min(y, box.y + box.height));
        if (cell < 0 || this.texts[cell] === 1) {
          return { lines: null, cells };
        }
        cells += 1;
        lines += this.lines[cell] === -1 ? 0 : 1;
      }
    }
    return { lines, cells };
  }

  isFree(box: { x: number; y: number; width: number; height: number }): boolean {
    return this.under(box).lines !== null;
  }

  take(text: Spot): void {
    for (const cell of this.found.subarray(0, this.find(text, false))) {
      this.texts[cell] = 1;
    }
  }

  /** Finds the cells under a text, and tells how many; none as soon as one must be free and is not. */
  private find({ corner, width, angle }: Spot, free: boolean): number {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const end = Math.min(width + GAP, FOUND_MAX);
    let count = 0;
    for (const up of LINES) {
      let last = NaN;
      for (let right = -GAP; right <= end; right += CELL * 0.8) {
        const cell = this.cell(corner.x + right * cos + up * sin, corner.y + right * sin - up * cos);
        if (free && (cell < 0 || this.texts[cell] === 1)) {
          return 0;
        }
        if (cell !== last) {
          this.found[count] = cell;
          count += 1;
          last = cell;
        }
      }
    }
    return count;
  }

  private cell(x: number, y: number): number {
    const column = Math.floor(x / CELL);
    const row = Math.floor(y / CELL);
    return column < 0 || row < 0 || column >= this.columns || row >= this.rows ? -1 : row * this.columns + column;
  }
}
