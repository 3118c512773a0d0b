// What can be done to what is selected, asked for by a key: it stands beside where that is drawn.

import type { Run } from "../../engine/run.js";
import { askForActions, boxAt } from "../actions/ask.js";
import { along, lane, length, point } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import type { Spacing } from "./spacing.js";

/** Pixels by which it keeps off the end of the view. */
const INSIDE_PX = 20;

export function askForSelected(run: Run, frame: Frame, spacing: Spacing, canvas: HTMLCanvasElement): void {
  const at = selectedAt(run, frame, spacing);
  if (at !== null) {
    askForActions({ box: boxAt(canvas, at), backTo: canvas });
  }
}

function selectedAt({ view: { selection }, records }: Run, frame: Frame, spacing: Spacing): Point | null {
  if (selection?.kind === "node") {
    return point(frame, frame.head / 2, lane(frame, selection.node));
  }
  if (selection?.kind === "message") {
    const { message } = selection;
    const across = (lane(frame, records.messageFrom.at(message)) + lane(frame, records.messageTo.at(message))) / 2;
    return point(frame, Math.min(length(frame) - INSIDE_PX, Math.max(frame.head, along(frame, spacing.sent(message)))), across);
  }
  return null;
}
