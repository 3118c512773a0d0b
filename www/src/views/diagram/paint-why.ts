// Why a property does not hold, as a picture: a veil over everything; on it the messages that led from one responsible
// event to the next, the events as numbered discs, and beside each what it has to do with it.

import { termColour } from "../../design/palette.js";
import { NOBODY } from "../../engine/codes.js";
import type { Explanation } from "../../engine/view-state.js";
import { along, breadth, lane, point } from "./frame.js";
import type { Point } from "./frame.js";
import type { Ground } from "./paint-lanes.js";
import { strokeArrow } from "./paint-messages.js";
import { measure, paintText, within } from "./paint-operations.js";
import type { Box } from "./paint-operations.js";
import { makeArrow } from "./scene.js";
import { explanationOf } from "./why.js";

const VEIL = 0.78;
const DISC = 10;
/** A sentence is broken into lines of at most so many characters. */
const LINE_CHARACTERS = 34;
/** How far from its disc a sentence may stand, in pixels. */
const DISTANCES = [16, 40, 72, 110];
/** The share of a sentence that may be covered; one that finds no better spot is read below the diagram alone. */
const COVERED_MAX = 0.02;

export function paintWhy(ground: Ground): void {
  const explanation = explanationOf(ground.run);
  if (explanation === null) {
    return;
  }
  const { context, colours, frame } = ground;
  context.globalAlpha = VEIL;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, frame.width, frame.height);
  context.globalAlpha = 1;
  paintWays(ground, explanation);
  const discs = discsOf(ground, explanation);
  const taken = discs.map(around);
  const last = discs.length - 1;
  discs.forEach((disc, ordinal) => {
    const box = paintSentence(ground, disc, explanation.reasons[ordinal]?.sentence ?? "", ordinal === last, taken);
    if (box !== null) {
      taken.push(box);
    }
  });
  discs.forEach((disc, ordinal) => paintDisc(ground, disc, ordinal + 1, ordinal === last));
}

function paintWays({ context, colours, frame, spacing, run }: Ground, { messages }: Explanation): void {
  for (const message of messages) {
    const arrow = makeArrow(run, frame, spacing, message);
    strokeArrow(context, arrow, 2.5, arrow.lie ? colours.bad : termColour(colours, arrow.epoch));
  }
}

/** Where the events stand. Two at one point are drawn side by side. */
function discsOf({ frame, spacing, run }: Ground, { reasons }: Explanation): Point[] {
  const discs: Point[] = [];
  for (const { event } of reasons) {
    const process = run.records.eventNode.at(event);
    const across = process === NOBODY ? breadth(frame) / 2 : lane(frame, process);
    const at = along(frame, spacing.event(event));
    let shift = 0;
    const where = (): Point => point(frame, at, across + shift);
    while (discs.some((other) => Math.hypot(other.x - where().x, other.y - where().y) < 2 * DISC)) {
      shift += 2 * DISC;
    }
    discs.push(where());
  }
  return discs;
}

const around = ({ x, y }: Point): Box => ({ x: x - DISC, y: y - DISC, width: 2 * DISC, height: 2 * DISC });

function paintDisc({ context, colours }: Ground, { x, y }: Point, ordinal: number, last: boolean): void {
  context.fillStyle = last ? colours.bad : colours.ink;
  context.strokeStyle = colours.paper;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, DISC, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.fillStyle = colours.paper;
  context.font = `600 12px ${colours.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(ordinal), x, y + 0.5);
  context.textBaseline = "alphabetic";
}

/** Where it covers least, of the spots around its disc; a line leads to it. */
function paintSentence(ground: Ground, disc: Point, sentence: string, last: boolean, taken: readonly Box[]): Box | null {
  const { context, colours, frame } = ground;
  const lines = broken(sentence);
  const size = measure(ground, lines, 400);
  const spots = DISTANCES.flatMap((distance) => corners(disc, size, distance)).map((corner) => ({ ...within(frame, corner, size), ...size }));
  const priced = spots.map((box) => ({ box, covered: taken.reduce((sum, other) => sum + shared(box, other), 0) / (size.width * size.height) }));
  const found = priced.find(({ covered }) => covered <= COVERED_MAX);
  const isInView = disc.x >= 0 && disc.y >= 0 && disc.x <= frame.width && disc.y <= frame.height;
  if (found === undefined || !isInView) {
    return null;
  }
  const { box } = found;
  const colour = last ? colours.bad : colours.ink;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(disc.x, disc.y);
  context.lineTo(nearest(disc.x, box.x, box.width), nearest(disc.y, box.y, box.height));
  context.stroke();
  paintText(context, colours, box, lines, colour, 400);
  context.textBaseline = "alphabetic";
  return box;
}

function corners({ x, y }: Point, { width, height }: { width: number; height: number }, distance: number): Point[] {
  const [left, right] = [x - distance - width, x + distance];
  const [above, below] = [y - distance - height, y + distance];
  const [centre, middle] = [x - width / 2, y - height / 2];
  return [
    { x: right, y: middle }, { x: left, y: middle }, { x: centre, y: above }, { x: centre, y: below },
    { x: right, y: above }, { x: right, y: below }, { x: left, y: above }, { x: left, y: below },
  ];
}

/** The area that two boxes share. */
function shared(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}

const nearest = (at: number, from: number, size: number): number => Math.max(from, Math.min(from + size, at));

/** A sentence in lines. */
function broken(sentence: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of sentence.split(" ")) {
    if (line !== "" && line.length + word.length >= LINE_CHARACTERS) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
