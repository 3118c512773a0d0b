// Where things stand on the canvas. Four spaces, each with a name of its own:
//
//   position   where in the run something stands, in the unit of the spacing that is in force: ticks of virtual time,
//              or steps of cause (spacing.ts says which position an event or a message has)
//   along      pixels along the time axis, from the canvas' edge: the processes' names come first (`head`), then the
//              run from `start` on
//   across     pixels across it: the times come first (`gutter`), then the lanes, one for each process
//   point      x and y on the canvas, in the style sheet's pixels
//
// `along` leads from positions to pixels and `positionAt` back; `lane` says where across a process stands; and `point`
// turns along and across into x and y, the one way or the other, as time runs down or to the right. Nothing but this
// file and gestures.ts knows which.

import type { Painter } from "./painter.js";

/** Where in the run: ticks, or steps of cause. */
export type Position = number;
/** Pixels along the time axis. */
export type Along = number;
/** Pixels across the time axis. */
export type Across = number;

export interface Point {
  x: number;
  y: number;
}

export interface Frame {
  /** Time runs down; else to the right. */
  down: boolean;
  /** The canvas, in pixels. */
  width: number;
  height: number;
  /** Along: what the processes' names take. */
  head: Along;
  /** Across: what the times take. */
  gutter: Across;
  /** The position at the edge of the heading, and pixels for each unit of position. */
  start: Position;
  scale: number;
  /** Where each process's lane stands, by process. */
  lanes: readonly Across[];
  /** The processes in the order of their lanes. */
  order: readonly number[];
}

/** What a frame is made from. */
export interface FrameSettings {
  width: number;
  height: number;
  down: boolean;
  replicas: number;
  processes: number;
  start: Position;
  scale: number;
  /** Whether phases are headed: their names stand beside the times. */
  headed: boolean;
  /** Characters of the longest time that is written beside the lanes. */
  digits: number;
  /** Whether no times are written, and names are short of space: in a small picture. */
  small?: boolean;
}

/** Below this width, in pixels, times are written closer to the edge. */
const NARROW = 480;
/** Below this many pixels for each lane there is no space for a note under its name. */
export const NOTED = 92;
/** The size of a time's characters, and how broad each is. */
export const TIME_PX = 11.5;
const DIGIT_PX = TIME_PX * 0.605;
/** Pixels kept free after the last lane. */
const MARGIN = 8;
const SMALL = { head: 34, gutter: 8 };

/** Clients stand at the edges, so that a side of a partition can be a side of the picture. Lanes keep this order. */
export function laneOrder(replicas: number, processes: number): number[] {
  const all = Array.from({ length: processes }, (_, process) => process);
  const clients = all.slice(replicas);
  const before = Math.floor(clients.length / 2);
  return [...clients.slice(0, before), ...all.slice(0, replicas), ...clients.slice(before)];
}

export function makeFrame({ width, height, down, replicas, processes, start, scale, headed, digits, small = false }: FrameSettings): Frame {
  const order = laneOrder(replicas, processes);
  const head = small ? SMALL.head : down ? (width / order.length < NOTED ? 30 : 44) : 52;
  const times = Math.ceil(digits * DIGIT_PX);
  const gutter = small ? SMALL.gutter : down ? (width < NARROW ? times + 8 : Math.max(54, times + 14)) : headed ? 52 : 24;
  const gap = ((down ? width : height) - gutter - MARGIN) / order.length;
  const lanes: Across[] = [];
  order.forEach((process, ordinal) => {
    lanes[process] = gutter + gap * (ordinal + 0.5);
  });
  return { down, width, height, head, gutter, start, scale, lanes, order };
}

export const along = (frame: Frame, position: Position): Along => frame.head + (position - frame.start) * frame.scale;

export const positionAt = (frame: Frame, pixel: Along): Position => frame.start + (pixel - frame.head) / frame.scale;

export const lane = (frame: Frame, process: number): Across => frame.lanes[process] ?? 0;

/** How long the time axis is. */
export const length = (frame: Frame): Along => (frame.down ? frame.height : frame.width);

/** How far the canvas reaches across. */
export const breadth = (frame: Frame): Across => (frame.down ? frame.width : frame.height);

export const visibleEnd = (frame: Frame): Position => positionAt(frame, length(frame));

/** How far two lanes stand apart. */
export const laneGap = (frame: Frame): Across => (breadth(frame) - frame.gutter - MARGIN) / frame.order.length;

export function point(frame: Frame, alongPixel: Along, across: Across): Point {
  return frame.down ? { x: across, y: alongPixel } : { x: alongPixel, y: across };
}

/** The other way round: how far along, and how far across, a point stands. */
export function alongAndAcross(frame: Frame, { x, y }: Point): [Along, Across] {
  return frame.down ? [y, x] : [x, y];
}

/** A rectangle given along and across. */
export function fillBox(context: Painter, frame: Frame, from: Along, to: Along, near: Across, far: Across): void {
  if (frame.down) {
    context.fillRect(near, from, far - near, to - from);
  } else {
    context.fillRect(from, near, to - from, far - near);
  }
}
