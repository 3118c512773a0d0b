// What a cut will do, in words, before it is done: how many links it stops, which side keeps a quorum, and what it
// restores.

import { count, list } from "../../design/words.js";
import { linkOf } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";

export const LETTERS = "ABCDEFGH";
/** So many links are named, where they are restored; more are counted. */
const NAMED_MAX = 3;

/** The links that are to be cut; and the sides, where these say it. */
export interface Plan {
  links: ReadonlySet<number>;
  sides: readonly (readonly string[])[] | null;
}

export function effect(run: Run, plan: Plan, restored: readonly number[]): string {
  const links = restored.map((key) => linkOf(key)).map(({ from, to }) => `${run.name(from)} → ${run.name(to)}`);
  const restores = links.length === 0 ? "" : `Restores ${links.length <= NAMED_MAX ? list(links) : count(links.length, "link")}.`;
  if (plan.links.size === 0 && restores !== "") {
    return `${restores} Nothing stays cut.`;
  }
  return `${stops(run, plan)} ${restores}`.trim();
}

function stops(run: Run, { links, sides }: Plan): string {
  if (links.size === 0) {
    return sides === null ? "No link would be cut." : "Nothing would be cut: all are on one side.";
  }
  const { replicas, processes, protocol } = run.catalogue;
  const stopped = `Not cut yet: this stops messages on ${links.size} of ${processes.length * (processes.length - 1)} links, each way counted.`;
  if (sides === null) {
    return stopped;
  }
  const { isQuorum } = looksOf(protocol);
  const replicasOf = (side: readonly string[]): number[] => side.map((name) => processes.indexOf(name)).filter((process) => process < replicas);
  const enough = sides.findIndex((side) => isQuorum?.(replicasOf(side), replicas, run.scenario) ?? replicasOf(side).length > replicas / 2);
  const what = isQuorum === undefined ? `a majority of the ${replicas}` : `a quorum of the ${replicas}`;
  return enough === -1 ? `${stopped} No side has ${what}.` : `${stopped} Side ${LETTERS[enough]} has ${what}.`;
}
