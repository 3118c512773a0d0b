// The one press: whoever leads, or what comes nearest to it, is cut off with a client that waits for nothing.

import { linkKey } from "../../engine/codes.js";
import type { NodeView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { idleClient, isolate, linksBetween } from "../partition/presets.js";
import { sameSet } from "../partition/sets.js";
import { cutNow } from "../partition/standing.js";

/** Who is cut off, and with whom; or why nobody is. */
export interface CutOff {
  /** `leader`, `primary`, `proposer` */
  whom: string;
  groups: string[][];
  /** Whose name belongs to the press. */
  node: NodeView | null;
  why: string | null;
}

export function cutOff(run: Run): CutOff {
  const { catalogue } = run;
  const { leader, crowned, side } = looksOf(catalogue.protocol);
  const whom = side?.whom ?? leader ?? "leader";
  const isIt = side?.is ?? (({ role }: NodeView): boolean => crowned(role));
  const replicas = run.moment.nodes().slice(0, catalogue.replicas);
  const node = replicas.filter((each) => each.condition !== "down" && isIt(each)).toSorted((one, other) => other.epoch - one.epoch)[0] ?? null;
  if (node === null) {
    return { whom, groups: [], node, why: side?.nobody ?? `There is no ${whom} at this moment.` };
  }
  const groups = isolate(catalogue, node.place, idleClient(run));
  return { whom, groups, node, why: isAlone(run, node, groups) ? `${node.name} is cut off already.` : null };
}

/** Whether it reaches no replica, or just this cut is there. */
export function isAlone(run: Run, { place }: NodeView, groups: readonly string[][]): boolean {
  const cut = cutNow(run);
  const { replicas, processes } = run.catalogue;
  const others = [...Array(replicas).keys()].filter((other) => other !== place);
  const reachesNobody = others.length > 0 && others.every((other) => cut.has(linkKey(place, other)) && cut.has(linkKey(other, place)));
  return reachesNobody || sameSet(cut, linksBetween(groups, processes));
}
