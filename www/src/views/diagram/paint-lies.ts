// What only the reader sees: who lies, which messages are lies, what was kept back, and what was thrown away by whoever
// got it.

import type { Change } from "../../engine/changes.js";
import { looksOf } from "../../protocols/protocol.js";
import { lane, laneGap } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import { eachSpan, strokeAlong } from "./paint-lanes.js";
import type { Ground } from "./paint-lanes.js";
import type { Painter } from "./painter.js";
import type { Arrow, Scene } from "./scene.js";

/** A liar's lane runs between two dashed lines for as long as it lies. */
export function paintLiars(ground: Ground): void {
  const { context, colours, frame, run } = ground;
  const half = Math.min(8, laneGap(frame) / 3);
  for (const process of frame.order) {
    eachSpan(ground, run.records.changes.lies[process] ?? [], (from, to, { value }: Change) => {
      if (value === 0) {
        return;
      }
      context.strokeStyle = colours.bad;
      context.lineWidth = 1.25;
      context.setLineDash([5, 3]);
      strokeAlong(ground, from, to, lane(frame, process) - half);
      strokeAlong(ground, from, to, lane(frame, process) + half);
      context.setLineDash([]);
    });
  }
}

/**
 * A sign on each lie: one that is not what, or not when, an honest process would have said it; or a bar where it was
 * kept back.
 */
export function paintLies({ context, colours }: Ground, { arrows, frame }: Scene): void {
  const lies = arrows.filter(({ lie }) => lie);
  context.strokeStyle = colours.bad;
  context.lineWidth = 2;
  context.beginPath();
  lies.filter(({ state }) => state === "withheld").forEach((arrow) => addBar(context, arrow));
  context.stroke();
  if (laneGap(frame) < 18) {
    return;
  }
  context.font = `700 13px ${colours.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  for (const { state, from, tip } of lies) {
    if (state !== "withheld") {
      const { x, y } = { x: from.x + (tip.x - from.x) * 0.22, y: from.y + (tip.y - from.y) * 0.22 };
      context.strokeStyle = colours.paper;
      context.strokeText("≠", x, y);
      context.fillStyle = colours.bad;
      context.fillText("≠", x, y);
    }
  }
}

function addBar(context: Painter, { from, to, tip }: Arrow): void {
  const whole = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(-(to.y - from.y) / whole) * 5, ((to.x - from.x) / whole) * 5];
  context.moveTo(tip.x - dx, tip.y - dy);
  context.lineTo(tip.x + dx, tip.y + dy);
}

/** Codes of the rules by which a message is thrown away. */
export function rejecting({ run }: Pick<Ground, "run">): ReadonlySet<number> {
  const names = looksOf(run.catalogue.protocol).rejections ?? [];
  return new Set(names.map((name) => run.catalogue.replica_rules.findIndex((rule) => rule.name === name)).filter((code) => code >= 0));
}

/** A ring with a stroke through it. */
export function paintRejected({ context, colours }: Pick<Ground, "context" | "colours">, { x, y }: Point, frame: Frame): void {
  const radius = Math.max(0, Math.min(6, laneGap(frame) / 5));
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colours.paper;
  context.fill();
  context.moveTo(x - radius * 0.7, y + radius * 0.7);
  context.lineTo(x + radius * 0.7, y - radius * 0.7);
  context.strokeStyle = colours.bad;
  context.lineWidth = 1.75;
  context.stroke();
}
