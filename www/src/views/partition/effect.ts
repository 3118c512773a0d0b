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

/** What there would be besides: what is cut and would not be; or that just this is cut already. */
export interface Present {
  restored: readonly number[];
  isThere: boolean;
}

export function effect(run: Run, plan: Plan, { restored, isThere }: Present): string {
  const links = restored.map((key) => linkOf(key)).map(({ from, to }) => `${run.name(from)} → ${run.name(to)}`);
  const restores = links.length === 0 ? "" : `Restores ${links.length <= NAMED_MAX ? list(links) : count(links.length, "way")}.`;
  if (plan.links.size === 0) {
    const none = plan.sides === null ? "Nothing would be cut." : "Nothing would be cut: all are on one side.";
    return restores === "" ? none : `${restores} Nothing stays cut.`;
  }
  const { processes } = run.catalogue;
  const ways = `${plan.links.size} of ${processes.length * (processes.length - 1)} ways`;
  const cut = isThere ? `As it is: ${ways} are cut.` : `This would cut ${ways}.`;
  return [cut, strongest(run, plan), restores].filter((each) => each !== "").join(" ");
}

/** Which side can go on by itself. */
function strongest(run: Run, { sides }: Plan): string {
  if (sides === null) {
    return "";
  }
  const { replicas, processes, protocol } = run.catalogue;
  const { isQuorum } = looksOf(protocol);
  const replicasOf = (side: readonly string[]): number[] => side.map((name) => processes.indexOf(name)).filter((process) => process < replicas);
  const enough = sides.findIndex((side) => isQuorum?.(replicasOf(side), replicas, run.scenario) ?? replicasOf(side).length > replicas / 2);
  const what = isQuorum === undefined ? "majority" : "quorum";
  return enough === -1 ? `No side is a ${what}.` : `${LETTERS[enough]} is a ${what}.`;
}
