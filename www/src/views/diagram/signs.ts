// Which signs stand in view: the legend explains these, and no others.

import { inForce } from "../../engine/changes.js";
import { FLAG, WEIGHT } from "../../engine/codes.js";
import { looksOf } from "../../protocols/protocol.js";
import { along, length } from "./frame.js";
import { eachSpan } from "./paint-lanes.js";
import type { Placed } from "./paint-lanes.js";
import { rejecting } from "./paint-lies.js";
import type { Scene } from "./scene.js";

export type Sign =
  | "epoch" | "leader" | "replaced" | "became" | "timer" | "message" | "quorum" | "late" | "copy" | "lost" | "down" | "paused" | "cut" | "liar" | "lie" | "withheld"
  | "rejected" | "violation";

/** `before` itself, if it has the same signs. */
export function signsInView(ground: Placed, scene: Scene, before: ReadonlySet<Sign>): ReadonlySet<Sign> {
  const signs = new Set<Sign>(["epoch"]);
  ofMessages(ground, scene, signs);
  ofEvents(ground, scene, signs);
  ofLanes(ground, signs);
  return signs.size === before.size && [...signs].every((sign) => before.has(sign)) ? before : signs;
}

function ofMessages({ run: { records, status } }: Placed, { arrows, dense, messages }: Scene, signs: Set<Sign>): void {
  if (arrows.length > 0 || (dense && messages > 0)) signs.add("message");
  const weights = new Set(arrows.map(({ message }) => records.weightOf(message, status.cursor)));
  if (weights.has(WEIGHT.quorum)) signs.add("quorum");
  if (weights.has(WEIGHT.late)) signs.add("late");
  if (arrows.some(({ duplicate }) => duplicate)) signs.add("copy");
  if (arrows.some(({ state }) => state === "lost" || state === "unsent")) signs.add("lost");
  if (arrows.some(({ lie }) => lie)) signs.add("lie");
  if (arrows.some(({ state }) => state === "withheld")) signs.add("withheld");
}

function ofEvents(ground: Placed, { dots }: Scene, signs: Set<Sign>): void {
  const { run, frame, spacing } = ground;
  const { records } = run;
  const rejections = rejecting(ground);
  const isInView = (event: number): boolean => {
    const at = along(frame, spacing.event(event));
    return at >= frame.head && at <= length(frame);
  };
  if (records.changes.leaders.some(({ event }) => isInView(event))) signs.add("became");
  if ([...run.moment.violated()].some((event) => isInView(event))) signs.add("violation");
  for (const { event, process } of dots) {
    if (records.isTimerEvent(event)) signs.add("timer");
    if ((records.eventFlags.at(event) & FLAG.violation) !== 0) signs.add("violation");
    if (run.isReplica(process) && rejections.has(records.eventRule.at(event))) signs.add("rejected");
  }
}

/** What a lane is like over a while. */
function ofLanes(ground: Placed, signs: Set<Sign>): void {
  const { run } = ground;
  const { changes, catalogue } = run.records;
  const looks = looksOf(catalogue.protocol);
  const leading = catalogue.replica_roles.findIndex((role) => looks.crowned(role));
  for (let process = 0; process < catalogue.replicas; process += 1) {
    eachSpan(ground, changes.roles[process] ?? [], (_from, to, { value, event }) => {
      if (value === leading) {
        signs.add("leader");
        const epoch = inForce(changes.epochs[process] ?? [], event + 1)?.value ?? 0;
        const by = changes.replacedBy(event, epoch);
        if (by !== null && along(ground.frame, ground.spacing.event(by)) < to) signs.add("replaced");
      }
    });
    eachSpan(ground, changes.lies[process] ?? [], (_from, _to, { value }) => void (value === 1 && signs.add("liar")));
  }
  for (const conditions of changes.conditions) {
    eachSpan(ground, conditions, (_from, _to, { condition }) => void (condition !== "up" && signs.add(condition)));
  }
  eachSpan(ground, changes.cuts, (_from, _to, { cut }) => void (cut.size > 0 && signs.add("cut")));
}
