// The little that is Multi-Paxos' own.

import { html } from "lit";

import { list } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import { field, processesIn, value } from "../fields.js";
import type { ProtocolLooks, Tally } from "../protocol.js";
import { tallyWords } from "../words.js";

function tally({ role, volatile }: NodeView, replicas: number): Tally | null {
  return role === "candidate" ? { what: "promises", have: processesIn(field(volatile, "promises from")).length, need: Math.floor(replicas / 2) + 1 } : null;
}

const ownBallot = ({ volatile }: NodeView): string => value(volatile, "own ballot");

/** `n2 asks for promises of 3.n2 (●○○ 1 of the 3 needed)` */
function asking(node: NodeView, replicas: number): string {
  const promises = tally(node, replicas);
  const dots = promises === null ? "" : ` (${"●".repeat(Math.min(promises.have, promises.need))}${"○".repeat(Math.max(0, promises.need - promises.have))} ${tallyWords(promises)})`;
  return `${node.name} asks for promises of ${ownBallot(node)}${dots}`;
}

function numeric(node: NodeView, peer: number, name: string): number | null {
  const found = field(node.peers.find(({ place }) => place === peer)?.fields ?? [], name);
  return typeof found === "number" ? found : null;
}

export const multiPaxos: ProtocolLooks = {
  title: "Multi-Paxos",
  family: "multi-paxos",
  epoch: "ballot",
  crowned: (role) => role === "leader",
  leader: "leader",
  caption(replicas) {
    const leaders = replicas.filter(({ role, condition }) => role === "leader" && condition !== "down").toSorted((one, other) => other.epoch - one.epoch);
    const [first, ...rest] = leaders;
    if (first === undefined) {
      const candidates = replicas.filter(({ role, condition }) => role === "candidate" && condition === "up");
      return candidates.length === 0 ? "Nobody leads." : `Nobody leads; ${list(candidates.map((node) => asking(node, replicas.length)))}.`;
    }
    const stale = rest.map((node) => `${node.name} still believes it leads ${ownBallot(node)}`);
    return [`${first.name} leads ballot ${ownBallot(first)}`, ...stale].join("; ") + ".";
  },
  timers: ["election", "heartbeat"],
  tally,
  progress(node) {
    return new Map(node.peers.map(({ place }) => [place, { next: null, match: numeric(node, place, "has all up to") }] as const));
  },
  settingsOff({ multi_paxos: settings }) {
    return settings?.check_quorum === false
      ? [{ name: "Faith in the leader", text: "a leader that hears from no majority does not step down, and servers that hear from it help to depose it.", on: { multi_paxos: { ...settings, check_quorum: true } } }]
      : [];
  },
  tellingRules: ["gap-filled", "value-bound"],
  jumps: {
    epoch: { name: "new leader", marks: ({ leaderEvents }) => leaderEvents },
    decision: { name: "decision that is learnt", marks: ({ commits }) => commits },
  },
  board: { name: "Slots", fetch: () => import("./slots.js"), draw: (run) => html`<playground-slots .run=${run}></playground-slots>` },
};
