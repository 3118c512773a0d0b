// Texts along the arrows, placed where they meet neither each other nor too many lines; what finds no space is left
// out, and can be read by pointing at its arrow.

import { onTheme, termColour } from "../../design/palette.js";
import type { Palette } from "../../design/palette.js";
import { FLAG, NONE } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import { epochWords, looksOf } from "../../protocols/protocol.js";
import { lane, laneGap } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import { Grid, TEXT_HEIGHT, cheapest } from "./label-grid.js";
import type { Spot } from "./label-grid.js";
import type { Painter } from "./painter.js";
import type { Arrow, Scene } from "./scene.js";

/** Above this many arrows in view no text is drawn. */
const LABELLED_MAX = 120;
/** Texts are turned with their arrows up to 40 degrees; along a steeper one they stand level, beside its tail. */
const STEEP = (40 * Math.PI) / 180;
/** Texts are turned by whole steps: the browser then draws each letter once for all texts of an angle. */
const TURN = Math.PI / 180;
/** Pixels from the tail of a steep arrow at which its text may begin. */
const FROM_TAIL = [14, 24, 36, 50, 66];
const HALO = 4;
/** What a text costs below its arrow rather than above it, and for each of the distances from a tail. */
const PRICES = { below: 1.5, step: 0.5 };

/** What has been drawn, so that texts find their spots. `taken` are the corners of what is written already. */
export function gridOf(scene: Scene, taken: readonly [Point, Point][]): Grid {
  const grid = new Grid(scene.frame);
  reserve(grid, scene.frame);
  taken.forEach(([least, most]) => grid.block(least, most));
  for (const arrow of scene.arrows) {
    grid.line(arrow);
    if (arrow.state === "lost") {
      grid.block({ x: arrow.tip.x - 5, y: arrow.tip.y - 5 }, { x: arrow.tip.x + 5, y: arrow.tip.y + 5 });
    }
  }
  scene.dots.forEach(({ at }) => grid.block({ x: at.x - 3, y: at.y - 3 }, { x: at.x + 3, y: at.y + 3 }));
  return grid;
}

/** Whether arrows have space for texts, and somebody to read them: at full speed nobody could. */
export function isLabelled(run: Run, scene: Scene): boolean {
  return !run.playhead.fullSpeed && !scene.dense && scene.arrows.length <= LABELLED_MAX && laneGap(scene.frame) >= 30;
}

export function paintLabels(context: Painter, colours: Palette, run: Run, scene: Scene, grid: Grid): void {
  context.font = `12px ${colours.sans}`;
  context.textBaseline = "alphabetic";
  if (run.view.explanation === null) {
    eventLabels(context, colours, run, scene, grid);
  }
  messageLabels(context, colours, run, scene, grid);
}

/** Names and times stand in these strips, and the zoom buttons in the corner. */
function reserve(grid: Grid, { down, head, gutter, width, height }: Frame): void {
  const [left, top] = down ? [gutter - 8, head - 2] : [head - 2, gutter - 8];
  grid.block({ x: 0, y: 0 }, { x: width, y: top });
  grid.block({ x: 0, y: 0 }, { x: left, y: height });
  grid.block({ x: width - 232, y: height - 44 }, { x: width, y: height });
}

/** Arrows that say the same: a broadcast, or the answers to one. It is written once. */
interface Bundle {
  text: string;
  arrows: Arrow[];
}

function bundlesOf(run: Run, arrows: readonly Arrow[]): Bundle[] {
  const bundles = new Map<string, Bundle>();
  for (const arrow of arrows) {
    const text = run.labels.of(arrow.message);
    if (text === "" || arrow.heartbeat || arrow.state === "unsent" || arrow.state === "withheld") {
      continue;
    }
    const key = `${originOf(run, arrow.message)} ${arrow.lie} ${text}`;
    const bundle = bundles.get(key);
    if (bundle === undefined) {
      bundles.set(key, { text, arrows: [arrow] });
    } else {
      bundle.arrows.push(arrow);
    }
  }
  return [...bundles.values()];
}

/** The event that sent a broadcast; of an answer, the event that sent what it answers. */
function originOf({ records, catalogue }: Run, message: number): string {
  const event = records.messageEvent.at(message);
  const asked = records.isMessageEvent(event) ? records.eventCause.at(event) : NONE;
  const isBroadcast = records.eventMessages.at(event) > 1;
  const isAnswer = asked !== NONE && records.messageFrom.at(asked) === records.messageTo.at(message) && records.messageTo.at(message) < catalogue.replicas;
  return isAnswer && !isBroadcast ? `to ${records.messageEvent.at(asked)}` : String(event);
}

function messageLabels(context: Painter, colours: Palette, run: Run, scene: Scene, grid: Grid): void {
  const { frame, arrows } = scene;
  run.labels.want(arrows.map(({ message }) => message));
  const { highlighted } = run.view;
  const wanted = highlighted.size > 0 ? arrows.filter(({ message }) => highlighted.has(message)) : arrows;
  for (const { text, arrows: alike } of bundlesOf(run, wanted)) {
    // Where the whole text finds no space, what stands before its colon may; an explanation says the rest itself.
    for (const shorter of new Set([...(run.view.explanation === null ? [text] : []), text.split(": ")[0] ?? text])) {
      const width = measure(context, shorter);
      const messages = new Set(alike.map(({ message }) => message));
      const spots = alike.flatMap((arrow) => spotsAlong(frame, arrow, width, grid, messages).map((spot): readonly [Spot & { arrow: Arrow }, number] => [{ ...spot[0], arrow }, spot[1]]));
      const placed = cheapest(spots);
      if (placed !== null) {
        grid.take(placed);
        draw(context, colours, shorter, placed, placed.arrow.lie ? colours.bad : termColour(colours, placed.arrow.epoch));
        break;
      }
    }
  }
}

/** The spots beside an arrow, within one gap between lanes, and what each costs. */
function spotsAlong(frame: Frame, arrow: Arrow, width: number, grid: Grid, alike: ReadonlySet<number>): (readonly [Spot, number])[] {
  const { from, tip, message } = arrow;
  const dx = tip.x - from.x;
  const dy = tip.y - from.y;
  const whole = Math.hypot(dx, dy);
  let turn = Math.atan2(dy, dx);
  if (Math.abs(turn) > Math.PI / 2) {
    turn += turn > 0 ? -Math.PI : Math.PI;
  }
  if (Math.abs(turn) > STEEP) {
    return spotsBesideTail(arrow, width, grid, alike);
  }
  const angle = Math.round(turn / TURN) * TURN;
  return middles(frame, arrow, width).flatMap((middle) =>
    [4, -(TEXT_HEIGHT + 2)].map((side): readonly [Spot, number] => {
      const centre = { x: from.x + (dx * middle) / whole, y: from.y + (dy * middle) / whole };
      const corner = {
        x: centre.x - (width / 2) * Math.cos(angle) + side * Math.sin(angle),
        y: centre.y - (width / 2) * Math.sin(angle) - side * Math.cos(angle),
      };
      const spot = { corner, width, angle };
      // Rather above an arrow than below it.
      return [spot, grid.price(spot, message, alike, 0.34) + (side > 0 ? 0 : PRICES.below)];
    }),
  );
}

/** Beside a steep arrow, near its tail, a text stands level: to be read without turning one's head. */
function spotsBesideTail({ from, tip, message }: Arrow, width: number, grid: Grid, alike: ReadonlySet<number>): (readonly [Spot, number])[] {
  const whole = Math.hypot(tip.x - from.x, tip.y - from.y);
  return FROM_TAIL.filter((distance) => distance < whole).flatMap((distance, step) => {
    const at = { x: from.x + ((tip.x - from.x) * distance) / whole, y: from.y + ((tip.y - from.y) * distance) / whole };
    return [{ x: at.x + 8, y: at.y + 4 }, { x: at.x - width - 8, y: at.y + 4 }].map((corner): readonly [Spot, number] => {
      const [spot, price] = priced(grid, corner, width, message, alike, 0.25);
      return [spot, price + step * PRICES.step];
    });
  });
}

/** A text that stands upright, and what its spot costs. */
function priced(grid: Grid, corner: Point, width: number, own: number, alike: ReadonlySet<number>, shareMax: number): readonly [Spot, number] {
  const spot = { corner, width, angle: 0 };
  return [spot, grid.price(spot, own, alike, shareMax)];
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
      text = `${looksOf(records.catalogue.protocol).leader ?? ""}, ${epochWords(records.catalogue, records.eventEpoch.at(event))}`;
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

const NONE_ALIKE: ReadonlySet<number> = new Set();

function placeBeside(frame: Frame, at: Point, process: number, width: number, grid: Grid): Spot | null {
  const first = frame.down ? lane(frame, process) + 13 : at.x + 12;
  const corners: Point[] = frame.down
    ? [{ x: first, y: at.y - 4 }, { x: at.x - 13 - width, y: at.y - 4 }, { x: first, y: at.y + 14 }, { x: at.x - 13 - width, y: at.y + 14 }]
    : [{ x: first, y: at.y - 8 }, { x: at.x - width - 10, y: at.y - 8 }, { x: first, y: at.y + 18 }, { x: at.x - width - 10, y: at.y + 18 }];
  return cheapest(corners.map((corner) => priced(grid, corner, width, -1, NONE_ALIKE, 0.6)));
}

/** A halo of paper keeps a text legible where a line passes. */
function draw(context: Painter, colours: Palette, text: string, { corner, angle }: Spot, colour: string): void {
  context.save();
  context.translate(corner.x, corner.y);
  context.rotate(angle);
  context.textAlign = "left";
  context.lineJoin = "round";
  context.lineWidth = HALO;
  context.strokeStyle = colours.paper;
  context.strokeText(text, 0, 0);
  context.fillStyle = colour;
  context.fillText(text, 0, 0);
  context.restore();
}

const widths = new Map<string, number>();
// Letters of another font are as wide as they are.
onTheme(() => widths.clear());

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
