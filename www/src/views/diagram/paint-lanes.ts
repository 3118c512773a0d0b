// The ground of the diagram: lanes in their terms' colours, breaks where a process was down, bands where the network
// was cut.

import { isNoEpoch, termColour } from "../../design/palette.js";
import type { Palette } from "../../design/palette.js";
import { inForce } from "../../engine/changes.js";
import type { Change, ConditionChange } from "../../engine/changes.js";
import { NOBODY } from "../../engine/codes.js";
import { firstIndexWhere } from "../../engine/column.js";
import { isSteering } from "../../engine/interventions.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { along, breadth, fillBox, lane, laneGap, length, point } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Painter } from "./painter.js";
import type { Spacing } from "./spacing.js";

/** The upper left and the lower right corner of a text that was written. */
export type Corners = [Point, Point];

/** Length of the mark of what only steers. */
const STEERING_TICK = 12;
const WIDTH = { follower: 2.25, leader: 7, waiting: 5, idle: 1 };
/** Who only believes that it leads has two thin lines with a gap between them. */
const HOLLOW = { line: 1.5, apart: 6 };

/** What stands where. */
export interface Placed {
  frame: Frame;
  spacing: Spacing;
  run: Run;
}

export interface Ground extends Placed {
  context: Painter;
  colours: Palette;
  /** Names, lines and signs alone, as in a small picture. */
  wordless?: boolean;
  /** All that is recorded, as if the playhead were not in it. */
  whole?: boolean;
}

/**
 * Calls back for each span of a list of changes that is in view, in pixels along. Of many changes within one pixel only
 * the first and the last are visited, so that far out this costs no more than there are pixels.
 */
export function eachSpan<C extends { event: number; time: number }>(ground: Placed, changes: readonly C[], visit: (from: number, to: number, change: C) => void): void {
  const { frame, spacing } = ground;
  const end = length(frame);
  const pixel = (ordinal: number): number => {
    const change = changes[ordinal];
    return change === undefined ? edge(ground) : along(frame, spacing.event(change.event));
  };
  let ordinal = Math.max(0, firstFrom(changes.length, pixel, 0) - 1);
  while (ordinal < changes.length) {
    const from = pixel(ordinal);
    if (from > end) {
      return;
    }
    const change = changes[ordinal];
    const to = pixel(ordinal + 1);
    if (change !== undefined && to >= 0) {
      visit(Math.max(from, -10), Math.min(to, end + 10), change);
    }
    ordinal = to - from >= 1 ? ordinal + 1 : Math.max(ordinal + 1, firstFrom(changes.length, pixel, from + 1) - 1);
  }
}

/** The first of `count` changes whose pixel is at least `least`; pixels grow with the changes. */
function firstFrom(count: number, pixel: (ordinal: number) => number, least: number): number {
  return firstIndexWhere(count, (ordinal) => pixel(ordinal) >= least);
}

/** Pixels along where what is recorded, or played, ends. */
function edge({ frame, spacing, run }: Placed): number {
  const reached = spacing.kind === "true" ? Math.max(run.playhead.clock, run.records.end) : spacing.extent() + 1;
  return along(frame, reached);
}

/**
 * What was done to the whole network, as a line that all lanes cross; what only steers, as a tick at their edge. Tells
 * where its words stand.
 */
export function paintInterventions({ context, colours, frame, spacing, run, wordless = false }: Ground): Corners[] {
  const { records } = run;
  const written: Corners[] = [];
  const far = breadth(frame);
  let last = -Infinity;
  for (const event of records.changes.interventionEvents) {
    const at = along(frame, spacing.event(event));
    if (records.eventNode.at(event) !== NOBODY || at < frame.head || at > length(frame)) {
      continue;
    }
    context.lineWidth = 1;
    const done = run.moment.intervention(event);
    if (done !== undefined && isSteering(done)) {
      context.strokeStyle = colours.ink2;
      strokeAcross(context, frame, at, far - STEERING_TICK);
      continue;
    }
    context.strokeStyle = colours.bad;
    context.globalAlpha = 0.5;
    strokeAcross(context, frame, at, frame.gutter - 6);
    context.globalAlpha = 1;
    if (!wordless && at - last > (frame.down ? 16 : 60)) {
      last = at;
      // Above its line, unless the heads of the lanes are in the way.
      const { x, y } = frame.down ? { x: far - 8, y: at - 16 < frame.head ? at + 13 : at - 5 } : { x: at + 5, y: far - 6 };
      const text = run.moment.interventionText(event);
      context.font = `12px ${colours.sans}`;
      // Where it would reach out of the picture, it begins further in.
      const most = frame.width - context.measureText(text).width - 4;
      written.push(haloed(context, colours, text, frame.down ? x : Math.min(x, most), y, frame.down ? "right" : "left"));
    }
  }
  return written;
}

function strokeAcross(context: Painter, frame: Frame, at: number, start: number): void {
  const from = point(frame, at, start);
  const to = point(frame, at, breadth(frame));
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

export function haloed(context: Painter, colours: Palette, text: string, x: number, y: number, align: CanvasTextAlign, weight = 400): Corners {
  context.font = `${weight} 12px ${colours.sans}`;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = colours.paper;
  context.strokeText(text, x, y);
  context.fillStyle = colours.bad;
  context.fillText(text, x, y);
  const { width } = context.measureText(text);
  const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
  return [{ x: left - 4, y: y - 12 }, { x: left + width + 4, y: y + 4 }];
}

/** Where messages are drawn by their density, it is not shown when clients wait. */
export function paintLanes(ground: Ground, dense: boolean): void {
  const { context, colours, frame, run } = ground;
  for (const process of frame.order) {
    context.fillStyle = colours.rule;
    fillBox(context, frame, frame.head, length(frame), lane(frame, process) - 0.75, lane(frame, process) + 0.75);
    if (run.isReplica(process)) {
      paintReplica(ground, process);
    } else if (!dense) {
      paintClient(ground, process);
    }
    paintConditions(ground, process);
  }
}

function paintReplica(ground: Ground, process: number): void {
  const { context, colours, frame, run } = ground;
  const { records } = run;
  const looks = looksOf(records.catalogue.protocol);
  const leaderRole = records.catalogue.replica_roles.findIndex((role) => looks.crowned(role));
  const across = lane(frame, process);
  const thin = Math.min(WIDTH.follower, laneGap(frame) / 6);
  const stripe = (width: number) => (from: number, to: number, { value }: Change): void => {
    context.fillStyle = termColour(colours, value);
    context.globalAlpha = isNoEpoch(value) ? 0.35 : 0.85;
    fillBox(context, frame, from, to, across - width / 2, across + width / 2);
    context.globalAlpha = 1;
  };
  const epochs = records.changes.epochs[process] ?? [];
  eachSpan(ground, epochs, stripe(thin));
  // A leader's lane is broad: role is a shape, not a colour.
  const broad = Math.min(WIDTH.leader, laneGap(frame) / 4);
  eachSpan(ground, records.changes.roles[process] ?? [], (from, to, { value, event }) => {
    if (value !== leaderRole) {
      return;
    }
    const epoch = inForce(epochs, event + 1)?.value ?? 0;
    const by = records.changes.replacedBy(event, epoch);
    const replaced = by === null ? to : Math.min(to, Math.max(from, along(frame, ground.spacing.event(by))));
    stripe(broad)(from, replaced, { event, time: 0, value: epoch });
    if (replaced < to) {
      paintHollow(ground, replaced, to, across, epoch);
    }
  });
}

function paintHollow({ context, colours, frame }: Ground, from: number, to: number, across: number, epoch: number): void {
  const apart = Math.min(HOLLOW.apart, laneGap(frame) / 6);
  context.fillStyle = colours.paper;
  fillBox(context, frame, from, to, across - apart / 2, across + apart / 2);
  context.fillStyle = termColour(colours, epoch);
  for (const side of [-apart / 2, apart / 2]) {
    fillBox(context, frame, from, to, across + side - HOLLOW.line / 2, across + side + HOLLOW.line / 2);
  }
}

/** A client's lane is thicker while it waits for an answer. */
function paintClient(ground: Ground, process: number): void {
  const { context, colours, frame, run } = ground;
  const across = lane(frame, process);
  eachSpan(ground, run.records.changes.busy[process] ?? [], (from, to, { value }) => {
    const width = value === 0 ? WIDTH.idle : WIDTH.waiting;
    context.fillStyle = colours.ruleStrong;
    context.globalAlpha = value === 0 ? 0.4 : 0.7;
    fillBox(context, frame, from, to, across - width / 2, across + width / 2);
    context.globalAlpha = 1;
  });
}

/** A lane is broken from crash to restart, and hollow while its process is paused. */
function paintConditions(ground: Ground, process: number): void {
  const { context, colours, frame } = ground;
  const across = lane(frame, process);
  eachSpan(ground, ground.run.records.changes.conditions[process] ?? [], (from, to, change: ConditionChange) => {
    if (change.condition === "up") {
      return;
    }
    context.fillStyle = colours.paper;
    const width = change.condition === "down" ? 12 : 2;
    fillBox(context, frame, from, to, across - width / 2, across + width / 2);
    if (change.condition === "down") {
      context.strokeStyle = colours.down;
      context.lineWidth = 1.5;
      context.setLineDash([2, 6]);
      strokeAlong(ground, from, to, across);
      context.setLineDash([]);
      cross(ground, from, across);
    }
  });
}

function cross({ context, colours, frame }: Ground, alongPixel: number, across: number): void {
  const { x, y } = point(frame, alongPixel, across);
  context.strokeStyle = colours.bad;
  context.lineWidth = 2.25;
  context.beginPath();
  context.moveTo(x - 6, y - 6);
  context.lineTo(x + 6, y + 6);
  context.moveTo(x + 6, y - 6);
  context.lineTo(x - 6, y + 6);
  context.stroke();
}

export function strokeAlong({ context, frame }: Pick<Ground, "context" | "frame">, from: number, to: number, across: number): void {
  const start = point(frame, from, across);
  const stop = point(frame, to, across);
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.lineTo(stop.x, stop.y);
  context.stroke();
}

/** The playhead, as points from one edge of the lanes to the other: a line, or, by cause, a cut. */
function playheadLine({ frame, spacing, run }: Ground): Point[] {
  const far = breadth(frame);
  const points = frame.order.map((process) => point(frame, along(frame, spacing.now(process, run.status.cursor, run.playhead.clock)), lane(frame, process)));
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return [];
  }
  return [frame.down ? { x: frame.gutter - 6, y: first.y } : { x: first.x, y: frame.gutter - 6 }, ...points, frame.down ? { x: far, y: last.y } : { x: last.x, y: far }];
}

/** What lies after the playhead is recorded, but has not happened yet: what is drawn so far of it is veiled. */
export function paintVeil(ground: Ground, alpha: number): void {
  const { context, colours, frame, run } = ground;
  const line = playheadLine(ground);
  if (ground.whole === true || !run.playhead.inPast || line.length === 0) {
    return;
  }
  const end = length(frame) + 20;
  context.beginPath();
  [...line, point(frame, end, breadth(frame)), point(frame, end, 0)].forEach(({ x, y }) => context.lineTo(x, y));
  context.closePath();
  context.globalAlpha = alpha;
  context.fillStyle = colours.paper;
  context.fill();
  context.globalAlpha = 1;
}

export function paintPlayhead(ground: Ground): void {
  const { context, colours } = ground;
  if (ground.whole === true) {
    return;
  }
  context.strokeStyle = colours.ink;
  context.lineWidth = 1;
  context.setLineDash([1, 3]);
  context.beginPath();
  playheadLine(ground).forEach(({ x, y }) => context.lineTo(x, y));
  context.stroke();
  context.setLineDash([]);
}
