// The ground of the diagram: lanes in their terms' colours, breaks where a process was down, bands where the network
// was cut.

import { isNoEpoch, termColour } from "../../design/palette.js";
import type { Palette } from "../../design/palette.js";
import { inForce } from "../../engine/changes.js";
import type { Change, ConditionChange } from "../../engine/changes.js";
import { NOBODY, linkKey } from "../../engine/codes.js";
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
const WIDTH = { follower: 4, leader: 8, waiting: 4, idle: 1.5 };

export interface Ground {
  context: Painter;
  colours: Palette;
  frame: Frame;
  spacing: Spacing;
  run: Run;
  /** Names, lines and signs alone, as in a small picture. */
  wordless?: boolean;
}

/**
 * Calls back for each span of a list of changes that is in view, in pixels along. Of many changes within one pixel only
 * the first and the last are visited, so that far out this costs no more than there are pixels.
 */
export function eachSpan<C extends { event: number; time: number }>(ground: Ground, changes: readonly C[], visit: (from: number, to: number, change: C) => void): void {
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
function edge({ frame, spacing, run }: Ground): number {
  const reached = spacing.kind === "true" ? Math.max(run.playhead.clock, run.records.end) : spacing.extent() + 1;
  return along(frame, reached);
}

export function paintBands(ground: Ground): void {
  const { context, colours, frame, run } = ground;
  const gap = laneGap(frame);
  const inset = Math.min(10, gap * 0.16);
  eachSpan(ground, run.records.changes.cuts, (from, to, { cut }) => {
    for (let position = 0; position + 1 < frame.order.length; position += 1) {
      const one = frame.order[position] ?? 0;
      const other = frame.order[position + 1] ?? 0;
      const there = cut.has(linkKey(one, other));
      const back = cut.has(linkKey(other, one));
      if (!there && !back) {
        continue;
      }
      context.globalAlpha = there && back ? 0.1 : 0.06;
      context.fillStyle = colours.bad;
      fillBox(context, frame, from, to, lane(frame, one) + inset, lane(frame, other) - inset);
      context.globalAlpha = 1;
    }
  });
}

/** A word in the first band of each span of cuts, where no cross stands. Tells where it stands. */
export function paintBandLabels(ground: Ground, crosses: readonly Point[]): Corners[] {
  const { frame, run } = ground;
  const written: Corners[] = [];
  if (laneGap(frame) <= 40) {
    return written;
  }
  eachSpan(ground, run.records.changes.cuts, (from, to, { cut }) => {
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
    written.push(...bandLabel(ground, from, to, (lane(frame, one) + lane(frame, other)) / 2, bothWays ? "cut" : "cut one way", crosses));
  });
  return written;
}

function bandLabel({ context, colours, frame }: Ground, from: number, to: number, across: number, text: string, crosses: readonly Point[]): Corners[] {
  const step = frame.down ? 15 : 34;
  const first = Math.max(from, frame.head) + step;
  for (let pixel = first; pixel < Math.min(to, first + 8 * step); pixel += step) {
    const { x, y } = point(frame, pixel, across);
    if (crosses.every((other) => Math.abs(other.x - x) > 8 + text.length * 3 || Math.abs(other.y - y) > 12)) {
      return [haloed(context, colours, text, x, y + 4, "center", 600)];
    }
  }
  return [];
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
      written.push(haloed(context, colours, run.moment.interventionText(event), x, y, frame.down ? "right" : "left"));
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

function haloed(context: Painter, colours: Palette, text: string, x: number, y: number, align: CanvasTextAlign, weight = 400): Corners {
  context.font = `${weight} 11px ${colours.sans}`;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.lineWidth = 3.5;
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
    if (value === leaderRole) {
      stripe(broad)(from, to, { event, time: 0, value: inForce(epochs, event + 1)?.value ?? 0 });
    }
  });
}

/** A client's lane is thicker while it waits for an answer. */
function paintClient(ground: Ground, process: number): void {
  const { context, colours, frame, run } = ground;
  const across = lane(frame, process);
  eachSpan(ground, run.records.changes.busy[process] ?? [], (from, to, { value }) => {
    const width = value === 0 ? WIDTH.idle : WIDTH.waiting;
    context.fillStyle = colours.ruleStrong;
    context.globalAlpha = value === 0 ? 0.4 : 0.55;
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

/**
 * What lies after the playhead is recorded, but has not happened yet: it is veiled. The playhead is a line, or, by
 * cause, a cut.
 */
export function paintPlayhead(ground: Ground): void {
  const { context, colours, frame, spacing, run } = ground;
  const { cursor } = run.status;
  const far = breadth(frame);
  const points = frame.order.map((process) => point(frame, along(frame, spacing.now(process, cursor, run.playhead.clock)), lane(frame, process)));
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return;
  }
  const line = [frame.down ? { x: frame.gutter - 6, y: first.y } : { x: first.x, y: frame.gutter - 6 }, ...points, frame.down ? { x: far, y: last.y } : { x: last.x, y: far }];
  if (run.playhead.inPast) {
    context.beginPath();
    line.forEach(({ x, y }) => context.lineTo(x, y));
    const end = length(frame) + 20;
    const corners = [point(frame, end, far), point(frame, end, 0)];
    corners.forEach(({ x, y }) => context.lineTo(x, y));
    context.closePath();
    context.globalAlpha = 0.68;
    context.fillStyle = colours.paper;
    context.fill();
    context.globalAlpha = 1;
  }
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.25;
  context.setLineDash([2, 3]);
  context.beginPath();
  line.forEach(({ x, y }) => context.lineTo(x, y));
  context.stroke();
  context.setLineDash([]);
}
