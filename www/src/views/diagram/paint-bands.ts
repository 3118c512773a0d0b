// Where the network is cut between two lanes: a hatched band, with a word along it.

import type { Palette } from "../../design/palette.js";
import { seconds } from "../../design/words.js";
import type { CutChange } from "../../engine/changes.js";
import { linkKey } from "../../engine/codes.js";
import { fillBox, lane, laneGap, length, point } from "./frame.js";
import type { Point } from "./frame.js";
import { eachSpan, haloed } from "./paint-lanes.js";
import type { Corners, Ground } from "./paint-lanes.js";
import type { Painter } from "./painter.js";

/** A band is at most so broad. */
const BAND_MAX = 28;
/** Side of the hatching's tile, in pixels; the tile is drawn once for each theme. */
const TILE = 6;
let hatched: { colour: string; pattern: CanvasPattern } | null = null;

function hatching(context: Painter, { bad }: Palette): Painter["fillStyle"] {
  if (context.tiled !== undefined) {
    return context.tiled(TILE, (ink) => paintTile(ink, bad));
  }
  if (hatched?.colour === bad) {
    return hatched.pattern;
  }
  const tile = new OffscreenCanvas(TILE, TILE);
  const ink = tile.getContext("2d");
  const pattern = ink === null ? null : (paintTile(ink, bad), context.createPattern?.(tile, "repeat") ?? null);
  hatched = pattern === null ? null : { colour: bad, pattern };
  return pattern ?? bad;
}

/** One slanted line that meets those of the tiles beside it, on a tint. */
function paintTile(ink: Painter, colour: string): void {
  ink.strokeStyle = colour;
  ink.fillStyle = colour;
  ink.globalAlpha = 0.07;
  ink.fillRect(0, 0, TILE, TILE);
  ink.globalAlpha = 0.4;
  ink.beginPath();
  for (const shift of [-TILE, 0, TILE]) {
    ink.moveTo(shift - 1, TILE + 1);
    ink.lineTo(shift + TILE + 1, -1);
  }
  ink.stroke();
}

/** Tells where they are. */
export function paintBands(ground: Ground): Corners[] {
  const bands: Corners[] = [];
  const { context, colours, frame, run } = ground;
  const half = Math.min(BAND_MAX, laneGap(frame) * 0.6) / 2;
  eachSpan(ground, run.records.changes.cuts, (from, to, { cut }) => {
    for (let position = 0; position + 1 < frame.order.length; position += 1) {
      const one = frame.order[position] ?? 0;
      const other = frame.order[position + 1] ?? 0;
      const there = cut.has(linkKey(one, other));
      const back = cut.has(linkKey(other, one));
      if (!there && !back) {
        continue;
      }
      const middle = (lane(frame, one) + lane(frame, other)) / 2;
      context.globalAlpha = there && back ? 1 : 0.6;
      context.fillStyle = hatching(context, colours);
      fillBox(context, frame, from, to, middle - half, middle + half);
      bands.push([point(frame, Math.max(0, from), middle - half), point(frame, Math.min(to, length(frame)), middle + half)]);
      context.globalAlpha = 1;
    }
  });
  return bands;
}

/** A word in the first band of each span of cuts, where no cross stands. Tells where it stands. */
export function paintBandLabels(ground: Ground, crosses: readonly Point[]): Corners[] {
  const { frame, run } = ground;
  const written: Corners[] = [];
  if (laneGap(frame) <= 40) {
    return written;
  }
  const { cuts } = run.records.changes;
  eachSpan(ground, cuts, (from, to, change) => {
    const { cut } = change;
    const position = frame.order.findIndex((one, ordinal) => {
      const other = frame.order[ordinal + 1];
      return other !== undefined && (cut.has(linkKey(one, other)) || cut.has(linkKey(other, one)));
    });
    const one = frame.order[position];
    const other = frame.order[position + 1];
    if (one === undefined || other === undefined) {
      return;
    }
    const bothWays = cut.has(linkKey(one, other)) && cut.has(linkKey(other, one));
    const words = `${bothWays ? "cut" : "cut one way"} since ${seconds(cutSince(cuts, change, one, other), 3)}`;
    written.push(...bandLabel(ground, [from, to], (lane(frame, one) + lane(frame, other)) / 2, words, crosses));
  });
  return written;
}

/** When the cut between two processes began, that still is there after a change. */
function cutSince(cuts: readonly CutChange[], change: CutChange, one: number, other: number): number {
  let since = change.time;
  for (let ordinal = cuts.indexOf(change) - 1; ordinal >= 0; ordinal -= 1) {
    const before = cuts[ordinal];
    if (before === undefined || !(before.cut.has(linkKey(one, other)) || before.cut.has(linkKey(other, one)))) {
      break;
    }
    since = before.time;
  }
  return since;
}

/** Along the band, where no cross stands. */
function bandLabel({ context, colours, frame }: Ground, [from, to]: readonly [number, number], across: number, text: string, crosses: readonly Point[]): Corners[] {
  context.font = `600 12px ${colours.sans}`;
  const half = context.measureText(text).width / 2 + 6;
  const last = Math.min(to, length(frame)) - half;
  for (let middle = Math.max(from, frame.head) + half + 4; middle < last; middle += half / 2) {
    const { x, y } = point(frame, middle, across);
    const isFree = crosses.every((cross) => Math.abs((frame.down ? cross.y : cross.x) - middle) > half || Math.abs((frame.down ? cross.x : cross.y) - across) > BAND_MAX);
    if (isFree) {
      context.save();
      context.translate(x, y);
      context.rotate(frame.down ? -Math.PI / 2 : 0);
      haloed(context, colours, text, 0, 4, "center", 600);
      context.restore();
      const near = point(frame, middle - half, across - 8);
      return [[near, point(frame, middle + half, across + 8)]];
    }
  }
  return [];
}
