// The names above (or before) the lanes, and the times beside them. Both stay in view.

import { NO_EPOCH, isNoEpoch, termColour } from "../../design/palette.js";
import { inForce } from "../../engine/changes.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { NOTED, TIME_PX, along, breadth, fillBox, lane, laneGap, length, point, positionAt } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Ground } from "./paint-lanes.js";
import type { Painter } from "./painter.js";

/** A crown's corners, from its middle. */
const CROWN: readonly (readonly [number, number])[] = [[-7, 4], [-8.5, -4.5], [-3.6, -0.8], [0, -6], [3.6, -0.8], [8.5, -4.5], [7, 4]];
const CROWN_SCALE = 0.8;
const CROWN_HALF_PX = 8.5 * CROWN_SCALE;

/** Steps between times that are easy to read, in ticks. */
const STEPS = [1, 2, 5].flatMap((digit) => Array.from({ length: 8 }, (_, power) => digit * 10 ** (power + 1))).toSorted((one, other) => one - other);

/** Times are written at steps that leave so many pixels between them. */
const APART = { down: 58, right: 84 };
/** The playhead's own time has so many digits, and no other stands closer to it than this. */
const PLAYHEAD = { digits: 3, apart: 15 };

const text = (time: number, digits: number): string => (time / 1_000_000).toFixed(digits);

/** The step between times at a scale, and the digits that tell them apart. */
function stepAt(scale: number, down: boolean): { step: number; digits: number } {
  const step = STEPS.find((each) => each * scale >= (down ? APART.down : APART.right)) ?? STEPS.at(-1) ?? 1;
  return { step, digits: Math.max(0, Math.min(5, 6 - Math.floor(Math.log10(step)))) };
}

/** Characters of the longest time that is written up to a time. */
export function timeCharacters(scale: number, down: boolean, until: number, playhead: number): number {
  return Math.max(text(Math.max(0, until), stepAt(scale, down).digits).length, text(playhead, PLAYHEAD.digits).length);
}

export function paintTimes({ context, colours, frame, spacing, run, whole }: Ground): void {
  context.font = `${TIME_PX}px ${colours.mono}`;
  context.textBaseline = "middle";
  if (spacing.kind === "causal") {
    return;
  }
  const { step, digits } = stepAt(frame.scale, frame.down);
  const head = whole === true ? -Infinity : along(frame, run.playhead.clock);
  const first = Math.max(0, Math.ceil(positionAt(frame, frame.head) / step) * step);
  for (let time = first; along(frame, time) < length(frame); time += step) {
    const at = along(frame, time);
    context.fillStyle = colours.rule;
    context.globalAlpha = 0.7;
    fillBox(context, frame, at, at + 1, frame.gutter - 4, breadth(frame));
    context.globalAlpha = 1;
    context.fillStyle = colours.ink2;
    if (!frame.down || Math.abs(at - head) > PLAYHEAD.apart) {
      paintTime(context, frame, text(time, digits), at);
    }
  }
  if (frame.down && head > frame.head && head < length(frame)) {
    context.font = `700 ${TIME_PX}px ${colours.mono}`;
    context.fillStyle = colours.ink;
    paintTime(context, frame, text(run.playhead.clock, PLAYHEAD.digits), head);
  }
}

function paintTime(context: Painter, frame: Frame, words: string, at: number): void {
  context.textAlign = frame.down ? "right" : "center";
  context.fillText(words, frame.down ? frame.gutter - 8 : at, frame.down ? at : 11);
}

export function paintNames(ground: Ground, selected: number | null): void {
  const { context, colours, frame } = ground;
  context.fillStyle = colours.paper;
  if (frame.down) {
    context.fillRect(0, 0, frame.width, frame.head - 4);
  } else {
    context.fillRect(0, 0, frame.head - 4, frame.height);
  }
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const process of frame.order) {
    paintName(ground, process, process === selected);
  }
}

/** How a process stands at the playhead: its epoch, and whether it leads, or only believes so. */
interface Standing {
  epoch: number;
  crown: "leads" | "believes" | null;
  lies: boolean;
  isDown: boolean;
}

function standingOf({ run }: Ground, process: number): Standing {
  const { records, status } = run;
  const { changes } = records;
  const { cursor } = status;
  const at = <C extends { event: number }>(list: readonly C[] | undefined): C | undefined => inForce(list ?? [], cursor);
  const role = at(changes.roles[process]);
  const epoch = run.isReplica(process) ? (at(changes.epochs[process])?.value ?? NO_EPOCH) : NO_EPOCH;
  const isDown = at(changes.conditions[process])?.condition === "down";
  const crowned = run.isReplica(process) && !isDown && looksOf(records.catalogue.protocol).crowned(records.catalogue.replica_roles[role?.value ?? -1] ?? "");
  const isReplaced = (changes.replacedBy(role?.event ?? 0, epoch) ?? cursor) < cursor;
  return { epoch, isDown, crown: !crowned ? null : isReplaced ? "believes" : "leads", lies: at(changes.lies[process])?.value === 1 };
}

function paintName(ground: Ground, process: number, isSelected: boolean): void {
  const { context, colours, frame, run } = ground;
  const { epoch, crown, lies, isDown } = standingOf(ground, process);
  const gap = laneGap(frame);
  const note = frame.down && frame.width / frame.order.length >= NOTED ? noteOf(run, crown, isDown) : "";
  const { x, y } = point(frame, frame.down ? 15 : frame.head / 2 - 2, lane(frame, process));
  const name = lies ? `${run.name(process)} ≠` : run.name(process);
  context.font = `600 ${gap < 26 || ground.wordless === true ? 11.5 : 14}px ${colours.sans}`;
  context.fillStyle = lies ? colours.bad : isNoEpoch(epoch) ? colours.ink2 : termColour(colours, epoch);
  context.fillText(name, x, y);
  const half = context.measureText(name).width / 2;
  if (crown !== null && gap >= 40 && ground.wordless !== true) {
    // Where the gutter is too narrow for both, it is above.
    const before = x - half - 12;
    const at = before < CROWN_HALF_PX ? { x, y: y - 15 } : { x: before, y };
    paintCrown(ground, at, termColour(colours, epoch), crown === "leads");
  }
  if (note !== "") {
    context.font = `12px ${colours.sans}`;
    context.fillStyle = colours.ink2;
    context.fillText(note, x, y + 16);
  }
  if (isSelected) {
    context.fillStyle = colours.focus;
    context.fillRect(x - half, y + 8, 2 * half, 2);
  }
}

/** What is said under a name: `leader`; of one that was replaced, that it does not know. */
function noteOf(run: Run, crown: Standing["crown"], isDown: boolean): string {
  const { leader } = looksOf(run.catalogue.protocol);
  if (isDown) {
    return "down";
  }
  return crown === null || leader === null ? "" : crown === "leads" ? leader : `thinks it is ${leader}`;
}

function paintCrown({ context, colours }: Ground, { x, y }: Point, colour: string, isFull: boolean): void {
  context.beginPath();
  CROWN.forEach(([dx, dy]) => context.lineTo(x + dx * CROWN_SCALE, y - 1 + dy * CROWN_SCALE));
  context.closePath();
  context.fillStyle = isFull ? colour : colours.paper;
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.fill();
  context.stroke();
}
