// What is PBFT's own.

import { html } from "lit";

import { list } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import { field, processesIn } from "../fields.js";
import type { ProtocolLooks, Tally } from "../protocol.js";

function number(node: NodeView, name: string): number {
  const found = field(node.volatile, name);
  return typeof found === "number" ? found : 0;
}

/**
 * The oldest number that is not committed, as the core writes it: `5: prepares 1, need q - 1 = 2; commits 0, need q = 3
 * of n = 4`.
 */
const OPEN = /^(\d+): prepares (\d+), need q - 1 = (\d+); commits (\d+), need q = (\d+) of n = \d+$/;

function tally(node: NodeView): Tally | null {
  if (node.condition === "down") {
    return null;
  }
  if (node.role === "view change") {
    return { what: "view-changes", have: processesIn(field(node.volatile, "view-changes of")).length, need: number(node, "quorum q") };
  }
  const open = field(node.volatile, "tallies");
  const oldest = Array.isArray(open) ? open[0] : null;
  const [, sequence, prepares, needed, commits, quorum] = OPEN.exec(typeof oldest === "string" ? oldest : "") ?? [];
  if (sequence === undefined) {
    return null;
  }
  const prepared = Number(prepares) >= Number(needed);
  return prepared ? { what: `commits of ${sequence}`, have: Number(commits), need: Number(quorum) } : { what: `prepares of ${sequence}`, have: Number(prepares), need: Number(needed) };
}

export const pbft: ProtocolLooks = {
  title: "PBFT",
  family: "pbft",
  epoch: "view",
  crowned: (role) => role === "primary",
  leader: "primary",
  caption(replicas) {
    const up = replicas.filter(({ condition }) => condition !== "down");
    const changing = up.filter(({ role }) => role === "view change");
    const [primary, ...replaced] = up.filter(({ role }) => role === "primary").toSorted((one, other) => other.epoch - one.epoch);
    const stale = replaced.map(({ name, epoch }) => ` ${name} still takes itself for the primary of view ${epoch}.`).join("");
    const present = primary === undefined ? "No view has begun whose primary is up." : `${primary.name} is the primary of view ${primary.epoch}.${stale}`;
    if (changing.length === 0) {
      return present;
    }
    const wanted = Math.max(...changing.map(({ epoch }) => epoch));
    return `${present} ${list(changing.map(({ name }) => name))} ${changing.length === 1 ? "waits" : "wait"} for view ${wanted}.`;
  },
  timers: ["view change"],
  tally,
  progress: () => new Map(),
  jumps: {
    epoch: { name: "view change", marks: ({ topEpochs }) => topEpochs.filter(({ value }) => value > 0).map(({ event }) => event) },
    decision: { name: "execution", marks: ({ commits }) => commits },
  },
  board: { name: "Votes", fetch: () => import("./board.js"), draw: (run) => html`<playground-pbft .run=${run}></playground-pbft>` },
  isQuorum(side, replicas, { pbft: settings }) {
    const faults = settings?.faults ?? Math.floor((replicas - 1) / 3);
    return side.length >= (settings?.quorum ?? Math.floor((replicas + faults) / 2) + 1);
  },
  epochless: ["request", "read", "checkpoint", "commitment", "state", "invoke"],
  direction: "right",
  rejections: ["signature-rejected", "digest-rejected", "sender-rejected", "state-rejected", "view-change-rejected", "new-view-rejected", "outside-water-marks", "null-rejected", "pre-prepare-conflicting"],
  decision: (index, round) => `number ${index}, view ${round}`,
  liarElsewhere: { protocol: "raft", entry: "a-liar-in-raft", words: "Such a liar in Raft, which believes it" },
  liars: "With at most f liars, whoever they are and whatever they say, honest replicas execute the same.",
};
