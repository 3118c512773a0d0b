// The little that is Multi-Paxos' own.

import { html } from "lit";

import { list, span } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import { field, processesIn, value } from "../fields.js";
import type { ProtocolLooks, Tally } from "../protocol.js";
import { tallyWords } from "../words.js";

export const ELECTION_TIMEOUT_DEFAULT = { min: 150_000, max: 300_000 };
export const HEARTBEAT_DEFAULT = 50_000;

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
  faultModel: "Fault model: processes crash and come back with what they wrote to disk, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough for one leader.",
  stability(scenario, latencyMax) {
    const timeout = scenario.multi_paxos?.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
    const heartbeat = scenario.multi_paxos?.heartbeat_ticks ?? HEARTBEAT_DEFAULT;
    return heartbeat + latencyMax < timeout.min
      ? null
      : `A heartbeat may take ${span(heartbeat + latencyMax)} to be felt, and the shortest election timeout is ${span(timeout.min)}: expect new leaders although nobody has failed.`;
  },
  jumps: {
    epoch: { name: "new leader", marks: ({ leaderEvents }) => leaderEvents },
    decision: { name: "decision that is learnt", marks: ({ commits }) => commits },
  },
  board: { name: "Slots", fetch: () => import("./slots.js"), draw: (run) => html`<playground-slots .run=${run}></playground-slots>` },
};
