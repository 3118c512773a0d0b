// Why a property does not hold, as a picture: all but the messages that led to it fades; on each of these a numbered
// disc, and beside it, level and in serif, what it has to do with it. A sentence that finds no spot is read in the list
// (why.ts), and its disc stands alone.

import { termColour } from "../../design/palette.js";
import { NOBODY, NONE } from "../../engine/codes.js";
import type { ExplainedReason, Explanation } from "../../engine/view-state.js";
import { along, breadth, lane, laneGap, length, point } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Grid } from "./label-grid.js";
import type { Ground } from "./paint-lanes.js";
import { strokeArrow } from "./paint-messages.js";
import { makeArrow } from "./scene.js";
import { around, arrange, inLines } from "./why-places.js";
import type { Box, Place } from "./why-places.js";
import { explanationOf } from "./why.js";

const DISC = 9;
const FONT_PX = 14;
const LINE_PX = 17;
const LINES_MAX = 3;
const HALO = 5;
/** With more lanes than these, or narrower ones, there is no space between them: the sentences are read in the list. */
const LANES_MAX = 8;
const LANE_GAP_MIN = { down: 72, right: 2 * LINE_PX };
/** Where on an arrow its disc may stand, as parts of its way: on one that is sent, and on one that has come. */
const PARTS = { sent: [0.42, 0.55, 0.3, 0.66, 0.2, 0.78, 0.88, 0.12], come: [0.72, 0.6, 0.82, 0.48, 0.36, 0.24] };
/** What a spot costs: for each cell with a line under it, pixel of distance, line of text, lane crossed. */
const PRICES = { line: 1.2, pixel: 0.12, lines: 0.6, lane: 5, below: 0.5 };
/** Pixels that a sentence between two lanes keeps from them. */
const OFF_LANE = 8;
/** What a card covers of the diagram's end, from its right edge, where something is kept free for one (why.ts). */
const CARD = { width: 880, share: 0.82 };
/** The share of a spot that lines may pass under. */
const COVERED_MAX = 0.22;

/** Numbers and sentences on the drawing. Tells which sentences have found a spot. */
export function paintWhy(ground: Ground, grid: Grid): ReadonlySet<number> {
  const explanation = explanationOf(ground.run);
  if (explanation === null) {
    return new Set();
  }
  const { context } = ground;
  paintWays(ground, explanation);
  ordersOf(ground, explanation).forEach(([from, tip]) => grid.line({ message: NONE, from, tip }));
  const discs = discsOf(ground, explanation, grid);
  discs.forEach(({ x, y }) => grid.block({ x: x - DISC, y: y - DISC }, { x: x + DISC, y: y + DISC }));
  context.font = `${FONT_PX}px ${ground.colours.serif}`;
  const places = isCrowded(ground) ? [] : arrange(explanation.reasons.map(({ sentence }, ordinal) => placesOf(ground, discs[ordinal], sentence, grid)));
  const said = new Set<number>();
  places.forEach((place, ordinal) => {
    if (place !== null) {
      said.add(ordinal);
      paintSentence(ground, place, isBad(explanation, ordinal));
    }
  });
  discs.forEach((disc, ordinal) => paintDisc(ground, disc, ordinal + 1, isBad(explanation, ordinal)));
  return said;
}

const isCrowded = ({ frame }: Ground): boolean => frame.order.length > LANES_MAX || laneGap(frame) < (frame.down ? LANE_GAP_MIN.down : LANE_GAP_MIN.right);

/** What was wrong: the last of all; and that one thing came only after another. */
function isBad({ reasons, isQuestion }: Explanation, ordinal: number): boolean {
  return (!isQuestion && ordinal === reasons.length - 1) || reasons[ordinal]?.after !== undefined;
}

function paintWays(ground: Ground, explanation: Explanation): void {
  const { context, colours, frame, spacing, run } = ground;
  for (const message of explanation.messages) {
    const arrow = makeArrow(run, frame, spacing, message);
    strokeArrow(context, arrow, 2.25, arrow.lie ? colours.bad : termColour(colours, arrow.epoch));
  }
  context.strokeStyle = colours.bad;
  context.lineWidth = 1.75;
  context.setLineDash([6, 4]);
  for (const [from, to] of ordersOf(ground, explanation)) {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.setLineDash([]);
}

/** From each event to the one of which it counts that it came later. */
function ordersOf(ground: Ground, { reasons }: Explanation): [Point, Point][] {
  return reasons.flatMap(({ event, after }) => (after === undefined ? [] : [[pointOf(ground, after), pointOf(ground, event)] satisfies [Point, Point]]));
}

function pointOf({ frame, spacing, run }: Ground, event: number): Point {
  const process = run.records.eventNode.at(event);
  return point(frame, along(frame, spacing.event(event)), process === NOBODY ? breadth(frame) / 2 : lane(frame, process));
}

/** Where the discs stand: on their arrows where no text and no other disc is, else wherever there is one. */
function discsOf(ground: Ground, { reasons }: Explanation, grid: Grid): Point[] {
  const discs: Point[] = [];
  for (const reason of reasons) {
    const candidates = spotsOfDisc(ground, reason);
    const isFree = (at: Point): boolean => discs.every((other) => Math.hypot(other.x - at.x, other.y - at.y) > 2 * DISC + 2);
    const untouched = candidates.find((at) => isFree(at) && grid.isFree({ x: at.x - DISC, y: at.y - DISC, width: 2 * DISC, height: 2 * DISC }));
    discs.push(untouched ?? candidates.find(isFree) ?? candidates[0] ?? pointOf(ground, reason.event));
  }
  return discs;
}

function spotsOfDisc(ground: Ground, { event, message, after }: ExplainedReason): Point[] {
  const { run, frame, spacing } = ground;
  if (after !== undefined) {
    return between(pointOf(ground, after), pointOf(ground, event), PARTS.sent);
  }
  if (message !== undefined) {
    const { from, tip } = makeArrow(run, frame, spacing, message);
    return between(from, tip, run.records.messageEvent.at(message) === event ? PARTS.sent : PARTS.come);
  }
  const { x, y } = pointOf(ground, event);
  return [{ x, y }, ...[1, 2, 3].map((shift) => (frame.down ? { x: x + shift * (2 * DISC + 2), y } : { x, y: y + shift * (2 * DISC + 2) }))];
}

const between = (from: Point, to: Point, parts: readonly number[]): Point[] => parts.map((part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }));

/** The spots around a disc: within the gap between two lanes, and across some lanes, where it costs more. */
function placesOf(ground: Ground, disc: Point | undefined, sentence: string, grid: Grid): Place[] {
  const { context, frame } = ground;
  const inView = disc !== undefined && disc.x > 0 && disc.y > 0 && disc.x < frame.width && disc.y < frame.height;
  if (!inView) {
    return [];
  }
  const gap = laneGap(frame);
  const widths = frame.down ? [0.75 * gap, gap - 2 * OFF_LANE, 1.5 * gap, 2 * gap - 16, 3 * gap - 16] : [150, 220, 330];
  const most = frame.down ? LINES_MAX : Math.min(LINES_MAX, Math.floor((gap - 6) / LINE_PX));
  const measure = (text: string): number => context.measureText(text).width;
  return widths.flatMap((width) => {
    const lines = inLines(sentence, width, most, measure);
    if (lines === null) {
      return [];
    }
    const size = { width: Math.max(...lines.map(measure)), height: lines.length * LINE_PX };
    return around(disc, size, DISC).flatMap(({ box: spot, away }) => {
      const box = within(frame, spot);
      const price = priceOf(ground, box, grid);
      return price === null ? [] : [{ box, lines, price: price + away * PRICES.pixel + lines.length * PRICES.lines + (box.y > disc.y ? PRICES.below : 0) }];
    });
  });
}

/** A box that fits between two lanes is moved off them. */
function within(frame: Frame, box: Box): Box {
  const [from, size] = frame.down ? [box.x, box.width] : [box.y, box.height];
  const middle = from + size / 2;
  const lanes = frame.order.map((process) => lane(frame, process));
  const near = Math.max(0, ...lanes.filter((across) => across <= middle)) + OFF_LANE;
  const far = Math.min(breadth(frame), ...lanes.filter((across) => across > middle)) - OFF_LANE;
  if (size > far - near) {
    return box;
  }
  const moved = Math.min(far - size, Math.max(near, from));
  return frame.down ? { ...box, x: moved } : { ...box, y: moved };
}

/** What it costs to write in a box; null where that cannot be. */
function priceOf({ frame, run }: Ground, box: Box, grid: Grid): number | null {
  const [left, top] = frame.down ? [frame.gutter + 2, frame.head + 2] : [frame.head + 2, frame.gutter + 2];
  const isUnderCard = frame.down
    ? box.y + box.height > length(frame) - run.view.free && box.x + box.width > frame.width - Math.min(CARD.width, frame.width * CARD.share)
    : box.x + box.width > length(frame) - run.view.free;
  if (box.x < left || box.y < top || box.x + box.width > frame.width - 4 || box.y + box.height > frame.height - 4 || isUnderCard) {
    return null;
  }
  const { lines, cells } = grid.under(box);
  if (lines === null || lines > cells * COVERED_MAX) {
    return null;
  }
  const [near, far] = frame.down ? [box.x, box.x + box.width] : [box.y, box.y + box.height];
  const crossed = frame.order.filter((process) => lane(frame, process) > near - 4 && lane(frame, process) < far + 4).length;
  return lines * PRICES.line + crossed * PRICES.lane;
}

function paintSentence({ context, colours }: Ground, { box, lines }: Place, bad: boolean): void {
  context.font = `${FONT_PX}px ${colours.serif}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = HALO;
  context.strokeStyle = colours.paper;
  context.fillStyle = bad ? colours.bad : colours.ink;
  const at = (ordinal: number): number => box.y + LINE_PX * (ordinal + 0.5);
  lines.forEach((line, ordinal) => context.strokeText(line, box.x, at(ordinal)));
  lines.forEach((line, ordinal) => context.fillText(line, box.x, at(ordinal)));
  context.textBaseline = "alphabetic";
}

function paintDisc({ context, colours }: Ground, { x, y }: Point, ordinal: number, bad: boolean): void {
  context.fillStyle = bad ? colours.bad : colours.ink;
  context.strokeStyle = colours.paper;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, DISC, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.fillStyle = colours.paper;
  context.font = `700 11.5px ${colours.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(ordinal), x, y + 0.5);
  context.textBaseline = "alphabetic";
}
