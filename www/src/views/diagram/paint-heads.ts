// The names above (or before) the lanes, and the times beside them. Both stay in view.

import type { Palette } from "../../design/palette.js";
import { inForce } from "../../engine/changes.js";
import { along, breadth, fillBox, lane, laneGap, length, point, positionAt } from "./frame.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./paint-lanes.js";
import type { Painter } from "./painter.js";

/** Steps between times that are easy to read, in ticks. */
const STEPS = [1, 2, 5].flatMap((digit) => Array.from({ length: 8 }, (_, power) => digit * 10 ** (power + 1))).toSorted((one, other) => one - other);

export function paintTimes({ context, colours, frame, spacing }: Ground): void {
  context.font = `10px ${colours.mono}`;
  context.textBaseline = "middle";
  const wanted = frame.down ? 58 : 84;
  if (spacing.kind === "causal") {
    return;
  }
  const step = STEPS.find((each) => each * frame.scale >= wanted) ?? STEPS.at(-1) ?? 1;
  const digits = Math.max(0, Math.min(5, 6 - Math.floor(Math.log10(step))));
  const first = Math.max(0, Math.ceil(positionAt(frame, frame.head) / step) * step);
  for (let time = first; along(frame, time) < length(frame); time += step) {
    const at = along(frame, time);
    context.fillStyle = colours.rule;
    context.globalAlpha = 0.7;
    fillBox(context, frame, at, at + 1, frame.gutter - 4, breadth(frame));
    context.globalAlpha = 1;
    context.fillStyle = colours.ink2;
    const text = (time / 1_000_000).toFixed(digits);
    if (frame.down) {
      context.textAlign = "right";
      context.fillText(text, frame.gutter - 8, at);
    } else {
      context.textAlign = "center";
      context.fillText(text, at, 11);
    }
  }
}

export function paintNames(ground: Ground, selected: number | null): void {
  const { context, colours, frame, run } = ground;
  context.fillStyle = colours.paper;
  if (frame.down) {
    context.fillRect(0, 0, frame.width, frame.head - 4);
  } else {
    context.fillRect(0, 0, frame.head - 4, frame.height);
  }
  context.textBaseline = "middle";
  context.textAlign = "center";
  const size = laneGap(frame) < 26 ? 10 : 12;
  for (const process of frame.order) {
    const { x, y } = point(frame, frame.head / 2 - 2, lane(frame, process));
    if (process === selected) {
      underline(context, colours, frame, process);
    }
    context.font = `600 ${size}px ${colours.sans}`;
    const lies = inForce(run.records.changes.lies[process] ?? [], run.status.cursor)?.value === 1;
    context.fillStyle = lies ? colours.bad : run.isReplica(process) ? colours.ink : colours.ink2;
    context.fillText(lies ? `${run.name(process)} ≠` : run.name(process), x, y);
  }
}

function underline(context: Painter, colours: Palette, frame: Frame, process: number): void {
  const { x, y } = point(frame, frame.head / 2 - 2, lane(frame, process));
  context.fillStyle = colours.ink;
  context.fillRect(x - 12, y + 9, 24, 2);
}
