// The operation that is selected, on its client's lane; of a contradiction both operations, and what makes them one:
// which came first.

import type { Palette } from "../../design/palette.js";
import type { OperationView } from "../../engine/engine.js";
import { describe } from "../operation-words.js";
import { contradiction } from "../responsible.js";
import { along, breadth, fillBox, lane, length, point } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Ground } from "./paint-lanes.js";
import type { Painter } from "./painter.js";

const BAR = 5;
const LINE = 15;
const PADDING = 5;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function paintOperations(ground: Ground): void {
  const { run, colours } = ground;
  const { selection } = run.view;
  // While the engine is being started again, nothing can be asked.
  if (selection?.kind !== "operation" || run.reviving) {
    return;
  }
  const operations = run.moment.operations();
  const chosen = operations[selection.operation];
  if (chosen === undefined) {
    return;
  }
  const found = contradiction(run.moment.verdict(), operations);
  if (found === null || found.known === null || (chosen !== found.wrong && chosen !== found.known)) {
    paintSpan(ground, chosen, colours.ink);
    paintName(ground, chosen, colours.ink, []);
    return;
  }
  const { wrong, known } = found;
  paintSpan(ground, known, colours.ink);
  paintSpan(ground, wrong, colours.bad);
  // Where it is explained, the explanation says the rest.
  if (run.view.explanation !== null) {
    return;
  }
  paintOrder(ground, known, wrong);
  const names = [paintName(ground, known, colours.ink, [])];
  names.push(paintName(ground, wrong, colours.bad, names, true));
  paintRelation(ground, known, wrong, names);
}

/** Pixels along where an operation begins and ends. */
function spanOf({ frame, spacing, run }: Ground, { client, invoked_event: from, completed_event: to }: OperationView): [number, number] {
  const end = to === null ? spacing.now(client, run.status.cursor, run.playhead.clock) : spacing.event(to);
  return [along(frame, spacing.event(from)), along(frame, end)];
}

function paintSpan(ground: Ground, operation: OperationView, colour: string): void {
  const { context, frame } = ground;
  const [from, to] = spanOf(ground, operation);
  const across = lane(frame, operation.client);
  context.fillStyle = colour;
  fillBox(context, frame, from, Math.max(to, from + 2), across - BAR / 2, across + BAR / 2);
}

/** From the end of the earlier operation to the beginning of the later one. */
function paintOrder(ground: Ground, known: OperationView, wrong: OperationView): void {
  const { context, colours, frame } = ground;
  const from = point(frame, spanOf(ground, known)[1], lane(frame, known.client));
  const to = point(frame, spanOf(ground, wrong)[0], lane(frame, wrong.client));
  context.strokeStyle = colours.bad;
  context.lineWidth = 2;
  context.setLineDash([6, 4]);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.setLineDash([]);
}

/**
 * The whole text, beside the operation's lane on the side that has more space; after its end where its messages should
 * stay legible.
 */
function paintName(ground: Ground, operation: OperationView, colour: string, taken: readonly Box[], after = false): Box {
  const { context, frame, run } = ground;
  const [from, to] = spanOf(ground, operation);
  const across = lane(frame, operation.client);
  const lines = [`${run.name(operation.client)}: ${describe(operation)}`];
  const size = measure(ground, lines, 600);
  const half = (frame.down ? size.height : size.width) / 2;
  const middle = point(frame, after ? to + half + 6 : (Math.max(from, frame.head) + Math.min(to, length(frame))) / 2, across);
  const inward = across < breadth(frame) / 2 ? 1 : -1;
  const corner = frame.down
    ? { x: inward > 0 ? middle.x + BAR : middle.x - BAR - size.width, y: middle.y - size.height / 2 }
    : { x: middle.x - size.width / 2, y: inward > 0 ? middle.y + BAR : middle.y - BAR - size.height };
  const box = { ...within(frame, corner, size), ...size };
  paintText(context, ground.colours, clear(frame, box, taken), lines, colour, 600);
  return box;
}

function paintRelation(ground: Ground, known: OperationView, wrong: OperationView, taken: readonly Box[]): void {
  const { context, colours, frame, run } = ground;
  const lines = [`${known.text} of ${run.name(known.client)} finished`, `before ${wrong.text} of ${run.name(wrong.client)} began`];
  const size = measure(ground, lines, 400);
  const from = point(frame, spanOf(ground, known)[1], lane(frame, known.client));
  const to = point(frame, spanOf(ground, wrong)[0], lane(frame, wrong.client));
  const corner = { x: (from.x + to.x) / 2 - size.width / 2, y: (from.y + to.y) / 2 - size.height / 2 };
  paintText(context, colours, clear(frame, { ...within(frame, corner, size), ...size }, taken), lines, colours.bad, 400);
}

function measure({ context, colours }: Ground, lines: readonly string[], weight: number): { width: number; height: number } {
  context.font = `${weight} 12px ${colours.sans}`;
  return { width: Math.max(...lines.map((line) => context.measureText(line).width)) + 2 * PADDING, height: lines.length * LINE + PADDING };
}

/** What is said stays on the canvas. */
function within(frame: Frame, { x, y }: Point, { width, height }: { width: number; height: number }): Point {
  const [left, top] = frame.down ? [frame.gutter, frame.head] : [frame.head, frame.gutter];
  return { x: Math.max(left, Math.min(frame.width - width - 4, x)), y: Math.max(top, Math.min(frame.height - height - 4, y)) };
}

/** Below what stands there already. */
function clear(frame: Frame, box: Box, taken: readonly Box[]): Box {
  for (const other of taken) {
    const apart = box.x > other.x + other.width || other.x > box.x + box.width || box.y > other.y + other.height || other.y > box.y + box.height;
    if (!apart) {
      box.y = Math.min(frame.height - box.height - 4, other.y + other.height + 4);
    }
  }
  return box;
}

function paintText(context: Painter, colours: Palette, { x, y, width, height }: Box, lines: readonly string[], colour: string, weight: number): void {
  context.fillStyle = colours.raised;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x, y, width, height, 4);
  context.fill();
  context.stroke();
  context.fillStyle = colour;
  context.font = `${weight} 12px ${colours.sans}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  lines.forEach((line, ordinal) => context.fillText(line, x + PADDING, y + PADDING / 2 + LINE * (ordinal + 0.5)));
}
