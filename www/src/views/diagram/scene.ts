// What stands in view: gathered once for each drawing, then drawn, labelled and hit-tested.

import { inForce } from "../../engine/changes.js";
import { DELIVERED, IN_FLIGHT, MESSAGE_FLAG, linkKey } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import { along, lane, length, point, positionAt } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Spacing } from "./spacing.js";

export interface Arrow {
  message: number;
  epoch: number;
  heartbeat: boolean;
  duplicate: boolean;
  /** A liar sent it, and not as its honest half wanted to. */
  lie: boolean;
  /** delivered; lost on the way; on its way at the end of what is recorded; never sent; or kept back by a liar. */
  state: "delivered" | "lost" | "flying" | "unsent" | "withheld";
  from: Point;
  to: Point;
  /** Where the line stops: at the cross of a lost message, else at its target. */
  tip: Point;
}

export interface Dot {
  event: number;
  process: number;
  at: Point;
}

export interface Scene {
  frame: Frame;
  spacing: Spacing;
  arrows: Arrow[];
  dots: Dot[];
  /** Messages in view, drawn or not. */
  messages: number;
  heartbeats: number;
  /** Too much for single arrows: densities are drawn instead. */
  dense: boolean;
}

/** Above this many messages in view, arrows would be mush. */
const ARROWS_MAX = 400;
/** Where along its way a message ends, by fate. */
const STOPS: Record<string, number> = { lost: 0.55, "receiver down": 0.94, "never sent": 0.08, withheld: 0.16 };

export function gather(run: Run, frame: Frame, spacing: Spacing): Scene {
  const scene: Scene = { frame, spacing, arrows: [], dots: [], messages: 0, heartbeats: 0, dense: false };
  const { records } = run;
  const { looks } = run.view;
  const start = positionAt(frame, 0);
  const end = positionAt(frame, length(frame));
  const folded = looks.heartbeats === "folded";
  const estimate = spacing.estimate(start, end);
  if (estimate.messages - (folded ? estimate.heartbeats : 0) > ARROWS_MAX * 1.25) {
    return { ...scene, ...estimate, dense: true };
  }
  const shown: number[] = [];
  spacing.eachMessage(start, end, (message) => {
    if (records.isHeartbeat(message)) {
      scene.heartbeats += 1;
      if (folded) {
        return;
      }
    }
    // What a process says to itself at once is no arrow.
    if (records.messageFrom.at(message) === records.messageTo.at(message)) {
      return;
    }
    scene.messages += 1;
    if (shown.length <= ARROWS_MAX) {
      shown.push(message);
    }
  });
  scene.dense = scene.messages > ARROWS_MAX;
  if (!scene.dense) {
    scene.arrows = shown.map((message) => makeArrow(run, frame, spacing, message));
    const violated = run.moment.violated();
    spacing.eachEvent(start, end, (event) => {
      const process = records.eventNode.at(event);
      if (process < frame.order.length && (!(folded && spacing.folded(event)) || violated.has(event))) {
        scene.dots.push({ event, process, at: point(frame, along(frame, spacing.event(event)), lane(frame, process)) });
      }
    });
  }
  return scene;
}

export function makeArrow(run: Run, frame: Frame, spacing: Spacing, message: number): Arrow {
  const { records } = run;
  const fromPlace = records.messageFrom.at(message);
  const toPlace = records.messageTo.at(message);
  const sent = along(frame, spacing.sent(message));
  const due = along(frame, spacing.end(message));
  const from = point(frame, sent, lane(frame, fromPlace));
  const to = point(frame, due, lane(frame, toPlace));
  const code = records.messageFate.at(message);
  const fate = code === IN_FLIGHT ? "" : (records.catalogue.message_fates[code] ?? "");
  const state = code === IN_FLIGHT ? "flying" : code === DELIVERED ? "delivered" : fate === "never sent" ? "unsent" : fate === "withheld" ? "withheld" : "lost";
  const part = state === "lost" || state === "unsent" || state === "withheld" ? stop(run, frame, message, fate, sent, due) : 1;
  return {
    message,
    epoch: records.messageEpoch.at(message),
    heartbeat: records.isHeartbeat(message),
    lie: records.isLie(message),
    duplicate: (records.messageFlags.at(message) & MESSAGE_FLAG.duplicate) !== 0,
    state,
    from,
    to,
    tip: { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part },
  };
}

/** How far a message came. One that met a cut ends before the first lane that its sender cannot reach. */
function stop(run: Run, frame: Frame, message: number, fate: string, sent: number, due: number): number {
  const { records } = run;
  if (fate === "dropped by hand" && due > sent) {
    const whole = Math.max(1, records.messageDue.at(message) - records.messageSent.at(message));
    return Math.min(0.95, Math.max(0.1, (records.messageEndTime.at(message) - records.messageSent.at(message)) / whole));
  }
  if (fate !== "cut") {
    return STOPS[fate] ?? 0.55;
  }
  const from = records.messageFrom.at(message);
  const to = records.messageTo.at(message);
  const change = inForce(records.changes.cuts, records.messageEndEvent.at(message) + 1);
  if (change === undefined) {
    return 0.5;
  }
  const first = frame.order.indexOf(from);
  const last = frame.order.indexOf(to);
  const lanes = Math.abs(last - first);
  const way = frame.order.slice(Math.min(first, last), Math.max(first, last) + 1);
  const ordered = last > first ? way : way.toReversed();
  const barred = ordered.findIndex((process, position) => position > 0 && change.cut.has(linkKey(from, process)));
  const inGap = ((barred === -1 ? lanes : barred) - 0.5) / lanes;
  // A message that was on its way when the network was cut came as far as it could by then.
  const whole = records.messageDue.at(message) - records.messageSent.at(message);
  const byThen = whole <= 0 ? 0 : (change.time - records.messageSent.at(message)) / whole;
  return Math.min(0.97, Math.max(inGap, byThen));
}

/** The event or message at a point of the canvas. */
export function hit(scene: Scene, { x, y }: Point): { kind: "event"; event: number } | { kind: "message"; message: number } | null {
  let best: { distance: number; event: number } | undefined;
  for (const { event, at } of scene.dots) {
    const distance = Math.hypot(at.x - x, at.y - y);
    if (distance < (best?.distance ?? 7)) {
      best = { distance, event };
    }
  }
  if (best !== undefined) {
    return { kind: "event", event: best.event };
  }
  let nearest: { distance: number; message: number } | undefined;
  for (const { message, from, tip } of scene.arrows) {
    const distance = distanceToSegment(x, y, from, tip);
    if (distance < (nearest?.distance ?? 6)) {
      nearest = { distance, message };
    }
  }
  return nearest === undefined ? null : { kind: "message", message: nearest.message };
}

function distanceToSegment(x: number, y: number, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const part = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(from.x + dx * part - x, from.y + dy * part - y);
}
