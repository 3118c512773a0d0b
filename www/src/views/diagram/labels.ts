// Texts along the arrows, placed where they meet neither each other nor too many lines; what finds no space is left
// out, and can be read by pointing at its arrow.

import type { Palette } from "../../design/palette.js";
import { FLAG } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import { epochWords } from "../../protocols/protocol.js";
import { lane, laneGap } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Painter } from "./painter.js";
import type { Arrow, Scene } from "./scene.js";

/** Above this many arrows in view no text is drawn. */
const LABELLED_MAX = 120;
const CELL = 7;
const TEXT_HEIGHT = 11;
const MANY = -2;
/** Pixels that two texts keep from each other. */
const GAP = 7;
/** Heights above a text's base line at which it is looked for what lies under it. */
const LINES = [-1, TEXT_HEIGHT / 2, TEXT_HEIGHT - 1];
/** Texts along steeper arrows than this stand upright. */
const STEEP = 1.05;
/** Texts are turned by whole steps: the browser then draws each letter once for all texts of an angle. */
const TURN = Math.PI / 180;
/** Pixels of the widest text that is looked after; there are at most so many cells in a line of it. */
const FOUND_MAX = 1_200;

/** `taken` are the corners of what is written already. */
export function paintLabels(context: Painter, colours: Palette, run: Run, scene: Scene, taken: readonly [Point, Point][]): void {
  if (scene.dense || scene.arrows.length > LABELLED_MAX || laneGap(scene.frame) < 30) {
    return;
  }
  const grid = new Grid(scene.frame);
  reserve(grid, scene.frame);
  taken.forEach(([least, most]) => grid.block(least, most));
  for (const arrow of scene.arrows) {
    grid.line(arrow);
    if (arrow.state === "lost") {
      grid.block({ x: arrow.tip.x - 5, y: arrow.tip.y - 5 }, { x: arrow.tip.x + 5, y: arrow.tip.y + 5 });
    }
  }
  scene.dots.forEach(({ at }) => grid.block({ x: at.x - 5, y: at.y - 5 }, { x: at.x + 5, y: at.y + 5 }));
  context.font = `11px ${colours.sans}`;
  context.textBaseline = "alphabetic";
  eventLabels(context, colours, run, scene, grid);
  messageLabels(context, colours, run, scene, grid);
}

/** Names and times stand in these strips, and the zoom buttons in the corner. */
function reserve(grid: Grid, { down, head, gutter, width, height }: Frame): void {
  const [left, top] = down ? [gutter - 8, head - 2] : [head - 2, gutter - 8];
  grid.block({ x: 0, y: 0 }, { x: width, y: top });
  grid.block({ x: 0, y: 0 }, { x: left, y: height });
  grid.block({ x: width - 232, y: height - 44 }, { x: width, y: height });
}

/** What has been drawn so far, in coarse cells: lines may be crossed at a price, texts may not be touched. */
class Grid {
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

  line({ message, from, tip }: Arrow): void {
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
   * How many cells a text at a spot would share with foreign lines. Infinite where that is too large a share of its
   * cells, where it would touch another text, or leave the canvas.
   */
  price(text: Spot, own: number, shareMax: number): number {
    const count = this.find(text, true);
    if (count === 0) {
      return Infinity;
    }
    let price = 0;
    for (let at = 0; at < count; at += 1) {
      const line = this.lines[this.found[at] ?? 0] ?? -1;
      price += line === -1 || line === own ? 0 : 1;
    }
    return price < count * shareMax ? price : Infinity;
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

/** Where a text stands or may stand, by the left end of its base line. */
interface Spot {
  corner: Point;
  width: number;
  angle: number;
}

/** Of several spots, the one with the lowest price. */
function cheapest(spots: Iterable<readonly [Spot, number]>): Spot | null {
  let best: Spot | null = null;
  let least = Infinity;
  for (const [spot, price] of spots) {
    if (price < least) {
      best = spot;
      least = price;
    }
  }
  return best;
}

function messageLabels(context: Painter, colours: Palette, run: Run, scene: Scene, grid: Grid): void {
  const { frame, arrows } = scene;
  run.labels.want(arrows.map(({ message }) => message));
  const dimmed = run.view.highlighted.size > 0;
  const said = new Set<string>();
  const ordered = dimmed ? arrows.filter(({ message }) => run.view.highlighted.has(message)) : arrows;
  for (const arrow of ordered) {
    const text = run.labels.of(arrow.message);
    // A broadcast says the same on every arrow: it is read once.
    const key = `${run.records.messageEvent.at(arrow.message)} ${text}`;
    if (text === "" || arrow.heartbeat || arrow.state === "unsent" || arrow.state === "withheld" || said.has(key)) {
      continue;
    }
    // Where the whole text finds no space, what stands before its colon may.
    for (const shorter of new Set([text, text.split(": ")[0] ?? text])) {
      const placed = placeAlong(frame, arrow, measure(context, shorter), grid);
      if (placed !== null) {
        said.add(key);
        grid.take(placed);
        draw(context, colours, shorter, placed, arrow.lie ? colours.bad : colours.ink2);
        break;
      }
    }
  }
}

/** The best spot beside an arrow, within one gap between lanes. */
function placeAlong(frame: Frame, arrow: Arrow, width: number, grid: Grid): Spot | null {
  const { from, tip, message } = arrow;
  const dx = tip.x - from.x;
  const dy = tip.y - from.y;
  const whole = Math.hypot(dx, dy);
  let steep = Math.atan2(dy, dx);
  if (Math.abs(steep) > Math.PI / 2) {
    steep += steep > 0 ? -Math.PI : Math.PI;
  }
  if (Math.abs(steep) > STEEP) {
    return placeUpright(frame, arrow, width, grid);
  }
  const angle = Math.round(steep / TURN) * TURN;
  const spots = middles(frame, arrow, width).flatMap((middle) =>
    [4, -(TEXT_HEIGHT + 2)].map((side): readonly [Spot, number] => {
      const centre = { x: from.x + (dx * middle) / whole, y: from.y + (dy * middle) / whole };
      const corner = {
        x: centre.x - (width / 2) * Math.cos(angle) + side * Math.sin(angle),
        y: centre.y - (width / 2) * Math.sin(angle) - side * Math.cos(angle),
      };
      const spot = { corner, width, angle };
      // Rather above an arrow than below it.
      return [spot, grid.price(spot, message, 0.34) + (side > 0 ? 0 : 1.5)];
    }),
  );
  return cheapest(spots);
}

/** Beside a steep arrow a text stands upright: to be read without turning one's head. */
function placeUpright(frame: Frame, { from, tip, message }: Arrow, width: number, grid: Grid): Spot | null {
  const across = Math.abs(frame.down ? tip.x - from.x : tip.y - from.y);
  const gaps = Math.max(1, Math.round(across / laneGap(frame)));
  const middlesOf = (gap: number): number[] => [0.5, 0.3, 0.7].map((part) => (gap + part) / gaps);
  const spots = Array.from({ length: gaps }, (_, gap) => middlesOf(gap)).flat().flatMap((middle) => {
    const at = { x: from.x + (tip.x - from.x) * middle, y: from.y + (tip.y - from.y) * middle };
    return [{ x: at.x + 6, y: at.y + 4 }, { x: at.x - width - 6, y: at.y + 4 }];
  });
  return cheapest(spots.map((corner) => priced(grid, corner, width, message, 0.25)));
}

/** A text that stands upright, and what its spot costs. */
function priced(grid: Grid, corner: Point, width: number, own: number, shareMax: number): readonly [Spot, number] {
  const spot = { corner, width, angle: 0 };
  return [spot, grid.price(spot, own, shareMax)];
}

/**
 * Distances from the tail at which a text fits between two lanes: in the middle of each gap, and to either side of it.
 */
function middles(frame: Frame, { from, tip }: Arrow, width: number): number[] {
  const across = frame.down ? tip.x - from.x : tip.y - from.y;
  const whole = Math.hypot(tip.x - from.x, tip.y - from.y);
  const gap = laneGap(frame);
  const perGap = (whole * gap) / Math.max(1, Math.abs(across));
  const space = perGap - (frame.down ? 14 : 10);
  if (width > space && !(Math.abs(across) < gap / 2)) {
    return [];
  }
  const gaps = Math.max(1, Math.round(Math.abs(across) / gap));
  const slack = Math.max(0, (space - width) / 2);
  return Array.from({ length: gaps }, (_, ordinal) => (ordinal + 0.5) * Math.min(perGap, whole))
    .flatMap((middle) => [middle, middle - slack * 0.8, middle + slack * 0.8])
    .filter((middle) => middle > 0 && middle < whole);
}

/** Elections, crashes and the like have a word beside their dot. */
function eventLabels(context: Painter, colours: Palette, run: Run, scene: Scene, grid: Grid): void {
  const { records } = run;
  const violated = run.moment.violated();
  for (const { event, process, at } of scene.dots) {
    const flags = records.eventFlags.at(event);
    let text = "";
    let colour = colours.ink2;
    if ((flags & FLAG.violation) !== 0 || violated.has(event)) {
      text = "violation";
      colour = colours.bad;
    } else if (records.becameLeader(event)) {
      text = `leads, ${epochWords(records.catalogue, records.eventEpoch.at(event))}`;
      colour = colours.ink;
    } else if (records.isTimerEvent(event) && run.isReplica(process) && (flags & FLAG.role) !== 0) {
      text = `${records.catalogue.replica_timers[records.eventDetail.at(event)] ?? ""} timer`;
    } else if (records.isIntervention(event)) {
      text = run.moment.interventionText(event);
      colour = colours.bad;
    }
    if (text !== "") {
      const placed = placeBeside(scene.frame, at, process, measure(context, text), grid);
      if (placed !== null) {
        grid.take(placed);
        draw(context, colours, text, placed, colour);
      }
    }
  }
}

function placeBeside(frame: Frame, at: Point, process: number, width: number, grid: Grid): Spot | null {
  const first = frame.down ? lane(frame, process) + 13 : at.x + 12;
  const corners: Point[] = frame.down
    ? [{ x: first, y: at.y - 4 }, { x: at.x - 13 - width, y: at.y - 4 }, { x: first, y: at.y + 14 }, { x: at.x - 13 - width, y: at.y + 14 }]
    : [{ x: first, y: at.y - 8 }, { x: at.x - width - 10, y: at.y - 8 }, { x: first, y: at.y + 18 }, { x: at.x - width - 10, y: at.y + 18 }];
  return cheapest(corners.map((corner) => priced(grid, corner, width, -1, 0.6)));
}

/** A little paper under a text keeps it legible where a line passes; outlining its letters would cost far more. */
function draw(context: Painter, colours: Palette, text: string, { corner, width, angle }: Spot, colour: string): void {
  context.save();
  context.translate(corner.x, corner.y);
  context.rotate(angle);
  context.textAlign = "left";
  context.globalAlpha = 0.82;
  context.fillStyle = colours.paper;
  context.fillRect(-2, -TEXT_HEIGHT + 2, width + 4, TEXT_HEIGHT + 1);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillText(text, 0, 0);
  context.restore();
}

const widths = new Map<string, number>();

function measure(context: Painter, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > 5_000) {
      widths.clear();
    }
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}
