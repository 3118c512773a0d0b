// The little that is Raft's own.

import { span } from "../../design/words.js";
import type { Field, FieldValue } from "../../engine/engine.js";
import type { ProtocolLooks } from "../protocol.js";

const ELECTION_TIMEOUT_DEFAULT = { min: 150_000, max: 300_000 };
const HEARTBEAT_DEFAULT = 50_000;

/** Field names come from the core; its spelling (`next_index`, `nextIndex`) is no concern of the page. */
function find(fields: readonly Field[], name: string): FieldValue | undefined {
  return fields.find((field) => field.name.replace(/[_\s]/g, "").toLowerCase() === name)?.value;
}

function numeric(fields: readonly Field[], name: string): number | null {
  const value = find(fields, name);
  return typeof value === "number" ? value : null;
}

export const raft: ProtocolLooks = {
  title: "Raft",
  epoch: "term",
  crowned: (role) => role === "leader",
  timers: ["election", "heartbeat"],
  tally(node, replicas) {
    if (!node.role.includes("candidate")) {
      return null;
    }
    const votes = find(node.volatile, "votes") ?? find(node.volatile, "wouldvoteforit");
    return { what: "votes", have: Array.isArray(votes) ? votes.length : 1, need: Math.floor(replicas / 2) + 1 };
  },
  progress(node) {
    const rows = node.peers.map(({ place, fields }) => [place, { next: numeric(fields, "nextindex"), match: numeric(fields, "matchindex") }] as const);
    return new Map(rows);
  },
  repeated(node) {
    const indexes = find(node.volatile, "retriedentries");
    return new Set(Array.isArray(indexes) ? indexes.filter((index) => typeof index === "number") : []);
  },
  settingsOff({ raft: settings }) {
    return [
      ...(settings?.check_quorum === false ? ["Check-quorum: a leader that hears from no majority does not step down."] : []),
      ...(settings?.pre_vote === false ? ["Pre-vote: a server raises its term without asking first whether it could win."] : []),
    ];
  },
  tellingRules: ["conflict-truncated"],
  faultModel: "Fault model: processes crash and come back, messages are lost, delayed, duplicated and reordered. Nobody lies. Safety never depends on time; progress needs a network that is timely for long enough.",
  stability(scenario, latencyMax) {
    const timeout = scenario.raft?.election_timeout_ticks ?? ELECTION_TIMEOUT_DEFAULT;
    const heartbeat = scenario.raft?.heartbeat_ticks ?? HEARTBEAT_DEFAULT;
    if (heartbeat + latencyMax < timeout.min) {
      return null;
    }
    return `A heartbeat may take ${span(heartbeat + latencyMax)} to be felt, and the shortest election timeout is ${span(timeout.min)}: expect elections although nobody has failed.`;
  },
};
