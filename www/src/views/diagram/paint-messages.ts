// Arrows from sending to receiving, dots for events, and the few signs beside them.

import { termColour } from "../../design/palette.js";
import type { Palette } from "../../design/palette.js";
import { FLAG, WEIGHT } from "../../engine/codes.js";
import { COUNT_BLOCK } from "../../engine/records.js";
import type { Records } from "../../engine/records.js";
import { along, fillBox, lane, laneGap, length, point, positionAt } from "./frame.js";
import type { Point } from "./frame.js";
import type { Ground } from "./paint-lanes.js";
import { paintLies, paintRejected, rejecting } from "./paint-lies.js";
import type { Painter } from "./painter.js";
import type { Arrow, Scene } from "./scene.js";
import { explanationOf } from "./why.js";

const HEAD = 8;
/**
 * How thick lines are, in pixels: of messages between replicas, of clients' messages, of those that made a quorum, of
 * what came too late or fades, of what stands out.
 */
const WIDTHS = { message: 1, client: 1.5, quorum: 2, late: 0.75, faded: 0.75, marked: 2.25, selected: 3 };
/** How strong a line is that came to nothing; and one that fades, because others are explained or marked. */
const ALPHAS = { vain: 0.6, late: 0.6, faded: 0.3 };
/** Above this many arrows for each pixel of the time axis, thin lines alone are drawn. */
const CROWDED = 0.35;
/**
 * Lines in a path, where they are thicker than a pixel: smoothing one path of many crossing lines costs far more than
 * many short paths.
 */
const LINES_OF_A_PATH = 4;

const crowded = ({ arrows, frame }: Scene): boolean => arrows.length > length(frame) * CROWDED;

/** How an arrow's line is drawn. */
interface Stroke {
  colour: string;
  width: number;
  alpha: number;
  dashed: boolean;
}

/** Arrows of one colour and style are drawn together. */
export function paintArrows(ground: Ground, scene: Scene): void {
  const { context, colours } = ground;
  const detailed = !crowded(scene);
  for (const { stroke, arrows } of byStroke(ground, scene.arrows)) {
    context.globalAlpha = stroke.alpha * (detailed ? 1 : 0.6);
    context.strokeStyle = stroke.colour;
    context.fillStyle = stroke.colour;
    context.lineWidth = detailed ? stroke.width : 1;
    context.setLineDash(stroke.dashed ? [5, 3] : []);
    paintLines(context, arrows, detailed && stroke.width > 1 ? LINES_OF_A_PATH : arrows.length);
    context.setLineDash([]);
    if (detailed) {
      paintHeads(context, arrows, stroke.width);
    }
  }
  context.globalAlpha = 1;
  paintCrosses(context, colours, scene.arrows, detailed ? 4.5 : 2.5);
  paintLies(ground, scene);
  paintMarked(ground, scene);
}

/** There are few strokes: some for each colour. */
function byStroke(ground: Ground, arrows: readonly Arrow[]): { stroke: Stroke; arrows: Arrow[] }[] {
  const groups: { stroke: Stroke; arrows: Arrow[] }[] = [];
  for (const arrow of arrows) {
    const own = strokeOf(ground, arrow);
    const group = groups.find(({ stroke }) => stroke.colour === own.colour && stroke.width === own.width && stroke.alpha === own.alpha && stroke.dashed === own.dashed);
    if (group === undefined) {
      groups.push({ stroke: own, arrows: [arrow] });
    } else {
      group.arrows.push(arrow);
    }
  }
  return groups;
}

function strokeOf({ colours, run }: Ground, { message, epoch, state, lie, heartbeat, duplicate }: Arrow): Stroke {
  const { highlighted } = run.view;
  const { records } = run;
  const colour = lie ? colours.bad : termColour(colours, epoch);
  const dashed = duplicate || state === "unsent";
  if (highlighted.size > 0 && !highlighted.has(message)) {
    return { colour, dashed, width: WIDTHS.faded, alpha: ALPHAS.faded };
  }
  const isClients = !run.isReplica(records.messageFrom.at(message)) || !run.isReplica(records.messageTo.at(message));
  const weight = records.weightOf(message, run.status.cursor);
  if (weight === WEIGHT.quorum) {
    return { colour, dashed, width: WIDTHS.quorum, alpha: 1 };
  }
  if (weight === WEIGHT.late) {
    return { colour, dashed, width: WIDTHS.late, alpha: ALPHAS.late };
  }
  const inVain = (state !== "delivered" && state !== "withheld") || heartbeat;
  return { colour, dashed, width: isClients ? WIDTHS.client : WIDTHS.message, alpha: inVain ? ALPHAS.vain : 1 };
}

function paintLines(context: Painter, arrows: readonly Arrow[], ofAPath: number): void {
  for (let first = 0; first < arrows.length; first += ofAPath) {
    context.beginPath();
    for (const { from, tip } of arrows.slice(first, first + ofAPath)) {
      context.moveTo(from.x, from.y);
      context.lineTo(tip.x, tip.y);
    }
    context.stroke();
  }
}

function paintHeads(context: Painter, arrows: readonly Arrow[], width: number): void {
  const size = width < 1 ? HEAD * 0.8 : HEAD;
  context.beginPath();
  for (const { from, to, state } of arrows) {
    if (state === "delivered" || state === "flying") {
      addHead(context, from, to, state === "flying" ? size * 0.8 : size);
    }
  }
  context.fill();
}

function addHead(context: Painter, from: Point, to: Point, size: number): void {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  // The head ends at the lane's edge, so that a broad lane does not swallow it.
  const tip = { x: to.x - 3 * Math.cos(angle), y: to.y - 3 * Math.sin(angle) };
  context.moveTo(tip.x, tip.y);
  context.lineTo(tip.x - size * Math.cos(angle - 0.38), tip.y - size * Math.sin(angle - 0.38));
  context.lineTo(tip.x - size * Math.cos(angle + 0.38), tip.y - size * Math.sin(angle + 0.38));
  context.closePath();
}

function paintCrosses(context: Painter, colours: Palette, arrows: readonly Arrow[], reach: number): void {
  context.strokeStyle = colours.bad;
  context.lineWidth = reach > 3 ? 1.75 : 1;
  context.beginPath();
  for (const { state, tip, heartbeat } of arrows) {
    if (state === "lost") {
      const size = heartbeat ? reach * 0.66 : reach;
      context.moveTo(tip.x - size, tip.y - size);
      context.lineTo(tip.x + size, tip.y + size);
      context.moveTo(tip.x + size, tip.y - size);
      context.lineTo(tip.x - size, tip.y + size);
    }
  }
  context.stroke();
}

/** The selected message, and those that a verdict points to, stand out by weight. */
function paintMarked({ context, colours, run }: Ground, scene: Scene): void {
  const { selection } = run.view;
  for (const arrow of scene.arrows) {
    const { message } = arrow;
    const selected = selection?.kind === "message" && selection.message === message;
    if (!selected && !run.view.highlighted.has(message)) {
      continue;
    }
    const own = arrow.lie ? colours.bad : termColour(colours, arrow.epoch);
    strokeArrow(context, arrow, selected ? WIDTHS.selected : WIDTHS.marked, selected ? colours.focus : own);
  }
}

/** One arrow that stands out. */
export function strokeArrow(context: Painter, { from, tip, to, state }: Arrow, width: number, colour: string): void {
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(tip.x, tip.y);
  context.stroke();
  if (state === "delivered") {
    context.beginPath();
    addHead(context, from, to, HEAD + 3);
    context.fill();
  }
}

export function paintDots(ground: Ground, scene: Scene): void {
  const { context, colours, run } = ground;
  const { records } = run;
  const { selection } = run.view;
  // Where the view has no space at all, as before it is laid out, there is no gap either.
  const radius = Math.max(0, Math.min(3, laneGap(scene.frame) / 8));
  const small = crowded(scene);
  const rejections = rejecting(ground);
  const violated = run.moment.violated();
  const explained = explanationOf(run);
  const shown = explained === null ? null : new Set([...explained.messages].flatMap((message) => [run.records.messageEvent.at(message), run.records.messageEndEvent.at(message)]));
  for (const { event, process, at } of scene.dots) {
    if (shown !== null && !shown.has(event) && !violated.has(event)) {
      continue;
    }
    const flags = records.eventFlags.at(event);
    const colour = run.isReplica(process) ? termColour(colours, records.eventEpoch.at(event)) : colours.ink2;
    if ((flags & FLAG.violation) !== 0 || violated.has(event)) {
      diamond(context, colours, at);
    } else if (records.becameLeader(event)) {
      crown(context, colours, colour, at);
    } else if (run.isReplica(process) && rejections.has(records.eventRule.at(event))) {
      paintRejected(ground, at, scene.frame);
    } else if (!small) {
      disc(context, colours, colour, at, records.isTimerEvent(event), radius);
    }
    if (selection?.kind === "event" && selection.event === event) {
      context.strokeStyle = colours.focus;
      context.lineWidth = 2.5;
      context.beginPath();
      context.arc(at.x, at.y, 9, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

/** A timer that fired is hollow. */
function disc(context: Painter, colours: Palette, colour: string, at: Point, hollow: boolean, radius: number): void {
  context.beginPath();
  context.arc(at.x, at.y, hollow ? radius + 1 : radius, 0, 2 * Math.PI);
  context.fillStyle = hollow ? colours.paper : colour;
  context.fill();
  context.strokeStyle = hollow ? colour : colours.paper;
  context.lineWidth = hollow ? 1.75 : 1;
  context.stroke();
}

function diamond(context: Painter, colours: Palette, { x, y }: Point): void {
  context.fillStyle = colours.bad;
  context.beginPath();
  context.moveTo(x, y - 8);
  context.lineTo(x + 8, y);
  context.lineTo(x, y + 8);
  context.lineTo(x - 8, y);
  context.fill();
}

function crown(context: Painter, colours: Palette, colour: string, { x, y }: Point): void {
  context.fillStyle = colour;
  context.strokeStyle = colours.paper;
  context.lineWidth = 1.5;
  context.beginPath();
  const shape: readonly (readonly [number, number])[] = [[-8, 6], [-9.5, -5], [-4, -0.5], [0, -8], [4, -0.5], [9.5, -5], [8, 6]];
  shape.forEach(([dx, dy]) => context.lineTo(x + dx, y + dy));
  context.closePath();
  context.fill();
  context.stroke();
}

/** From this many messages in view on, events are counted by blocks. */
const BLOCKS_FROM = 20_000;

/** Far out: how much happened on each lane, as a silhouette. */
export function paintDensity(ground: Ground, scene: Scene): void {
  const { context, colours, frame, spacing, run } = ground;
  const bin = 3;
  const bins = Math.ceil(length(frame) / bin) + 1;
  const counts = frame.lanes.map(() => new Uint32Array(bins));
  const add = (process: number, event: number, number: number): void => {
    const column = counts[process];
    const at = Math.floor(along(frame, spacing.event(event)) / bin);
    if (column !== undefined && at >= 0 && at < bins) {
      column[at] = (column[at] ?? 0) + number;
    }
  };
  if (scene.messages > BLOCKS_FROM) {
    eachBlock(run.records, add);
  } else {
    spacing.eachEvent(positionAt(frame, 0), positionAt(frame, length(frame)), (event) => add(run.records.eventNode.at(event), event, 1));
  }
  const most = counts.reduce((peak, column) => column.reduce((high, each) => Math.max(high, each), peak), 1);
  const reach = laneGap(scene.frame) * 0.4;
  context.fillStyle = colours.ink2;
  context.globalAlpha = 0.4;
  counts.forEach((column, process) => {
    column.forEach((each, at) => {
      if (each > 0) {
        const half = 2 + (reach - 2) * Math.sqrt(each / most);
        // On whole pixels no edge has to be smoothed.
        const [near, far] = [Math.round(lane(frame, process) - half), Math.round(lane(frame, process) + half)];
        fillBox(context, frame, at * bin, at * bin + bin - 1, near, far);
      }
    });
  });
  context.globalAlpha = 1;
  paintFarSigns(ground);
}

/** Whole blocks of events stand where their first event does: far out, nobody can tell. */
function eachBlock(records: Records, add: (process: number, event: number, number: number) => void): void {
  const processes = records.catalogue.processes.length;
  for (let at = 0; at < records.blockCounts.length; at += 1) {
    const number = records.blockCounts.at(at);
    if (number > 0) {
      add(at % processes, Math.floor(at / processes) * COUNT_BLOCK, number);
    }
  }
}

/** Who became leader, and what was broken, is seen however far out. */
function paintFarSigns({ context, colours, frame, spacing, run }: Ground): void {
  for (const { event, node, epoch } of run.records.changes.leaders) {
    const at = along(frame, spacing.event(event));
    if (at > 0 && at < length(frame)) {
      crown(context, colours, termColour(colours, epoch), point(frame, at, lane(frame, node)));
    }
  }
  for (const event of run.moment.violated()) {
    const at = along(frame, spacing.event(event));
    if (at > 0 && at < length(frame)) {
      diamond(context, colours, point(frame, at, lane(frame, run.records.eventNode.at(event))));
    }
  }
}
