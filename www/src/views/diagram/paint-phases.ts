// The phases of a decision, as the papers draw them: a dotted line across all lanes where each begins, with its name at
// the edge.

import type { Phases } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { along, breadth, fillBox, length, point, positionAt } from "./frame.js";
import type { Ground } from "./paint-lanes.js";

/** Further out than this, in pixels for a phase, there is no space for names. */
const NARROWEST = 16;
/** Time before the view in which a decision that is still going on may have begun. */
const BEFORE = 400_000;

/** Whether phases are headed: time must run to the right, as in the papers, and distances must be time. */
export function headsPhases(run: Run): boolean {
  return looksOf(run.catalogue.protocol).decision !== undefined && run.view.looks.spacing === "true";
}

/** When a decision begins that can be told from others: phases of several go on at once, and only one can be headed. */
function momentOf(run: Run): number {
  const { records } = run;
  const { selection } = run.view;
  if (selection?.kind === "message") {
    return records.messageSent.at(selection.message);
  }
  return selection?.kind === "event" ? records.eventTime.at(selection.event) : run.playhead.clock;
}

const start = (each: Phases): number => each.phases[0]?.from ?? Infinity;

/** The decision at the moment, and those beside it that do not overlap one that is headed already. */
function headed(all: readonly Phases[], moment: number): Phases[] {
  const distance = (each: Phases): number => Math.max(start(each) - moment, moment - each.until, 0);
  const chosen: Phases[] = [];
  for (const each of all.toSorted((one, other) => distance(one) - distance(other) || start(other) - start(one))) {
    if (chosen.every((other) => start(each) >= other.until || each.until <= start(other))) {
      chosen.push(each);
    }
  }
  return chosen;
}

/** The decisions whose phases are drawn. */
export function phasesInView({ frame, run }: Ground): Phases[] {
  if (!headsPhases(run) || run.playhead.fullSpeed) {
    return [];
  }
  const from = Math.max(0, positionAt(frame, frame.head) - BEFORE);
  const all = run.moment.phases(Math.floor(from), Math.ceil(positionAt(frame, length(frame))));
  return headed(all, momentOf(run)).filter(({ phases, until }) => {
    const [first, last] = [along(frame, phases[0]?.from ?? 0), along(frame, until)];
    return last > frame.head && first < length(frame) && (last - first) / phases.length >= NARROWEST;
  });
}

const edgesOf = ({ frame }: Ground, { phases, until }: Phases): number[] => [...phases.map(({ from }) => from), until].map((time) => along(frame, time));

/** The names, beside the times. */
export function paintHeadings(ground: Ground, decisions: readonly Phases[]): void {
  const words = looksOf(ground.run.catalogue.protocol).decision;
  for (const decision of decisions) {
    const edges = edgesOf(ground, decision);
    const title = words?.(decision.index, decision.round) ?? "";
    heading(ground, title, [edges[0] ?? 0, edges.at(-1) ?? 0], true);
    decision.phases.forEach(({ name }, ordinal) => heading(ground, name, [edges[ordinal] ?? 0, edges[ordinal + 1] ?? 0], false));
  }
}

/** The lines across the lanes. */
export function paintPhases(ground: Ground, decisions: readonly Phases[]): void {
  decisions.forEach((decision) => paintDecision(ground, decision));
}

function paintDecision(ground: Ground, decision: Phases): void {
  const { context, colours, frame } = ground;
  const edges = edgesOf(ground, decision);
  decision.phases.forEach((_, ordinal) => {
    if (ordinal % 2 === 0) {
      context.globalAlpha = 0.05;
      context.fillStyle = colours.ink;
      fillBox(context, frame, edges[ordinal] ?? 0, edges[ordinal + 1] ?? 0, frame.gutter - 6, breadth(frame));
      context.globalAlpha = 1;
    }
  });
  context.strokeStyle = colours.ruleStrong;
  context.lineWidth = 1;
  context.setLineDash([1, 3]);
  edges.forEach((edge) => {
    const near = point(frame, edge, frame.gutter - 6);
    const far = point(frame, edge, breadth(frame));
    context.beginPath();
    context.moveTo(near.x, near.y);
    context.lineTo(far.x, far.y);
    context.stroke();
  });
  context.setLineDash([]);
}

/** A name within its part of the time axis, if there is space for it. */
function heading({ context, colours, frame }: Ground, text: string, [from, to]: readonly [number, number], isTitle: boolean): void {
  context.font = `${isTitle ? "600 " : ""}10px ${colours.sans}`;
  context.textBaseline = "middle";
  context.fillStyle = colours.ink2;
  const near = Math.max(from, frame.head);
  if (frame.down) {
    // Time runs downwards: names stand at the right edge, below where the phase begins.
    if (to - from > 11 && !isTitle && from > frame.head) {
      context.textAlign = "right";
      context.fillText(text, frame.width - 6, from + 7);
    }
    return;
  }
  if (context.measureText(text).width + 4 < to - near) {
    context.textAlign = isTitle ? "left" : "center";
    context.fillText(text, isTitle ? near + 3 : (near + to) / 2, isTitle ? 26 : 39);
  }
}
