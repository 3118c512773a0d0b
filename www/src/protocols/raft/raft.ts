// The little that is Raft's own.

import { html } from "lit";

import { list } from "../../design/words.js";
import type { Field, FieldValue, NodeView } from "../../engine/engine.js";
import type { ProtocolLooks, Tally } from "../protocol.js";
import { tallyWords } from "../words.js";

/** Field names come from the core; its spelling (`next_index`, `nextIndex`) is no concern of the page. */
function find(fields: readonly Field[], name: string): FieldValue | undefined {
  return fields.find((field) => field.name.replace(/[_\s]/g, "").toLowerCase() === name)?.value;
}

function numeric(fields: readonly Field[], name: string): number | null {
  const value = find(fields, name);
  return typeof value === "number" ? value : null;
}

function tally(node: NodeView, replicas: number): Tally | null {
  if (!node.role.includes("candidate")) {
    return null;
  }
  const votes = find(node.volatile, "votes") ?? find(node.volatile, "wouldvoteforit");
  return { what: "votes", have: Array.isArray(votes) ? votes.length : 1, need: Math.floor(replicas / 2) + 1 };
}

/** `n2 asks (●○○ 1 of the 3 needed)` */
function asking(node: NodeView, replicas: number): string {
  const votes = tally(node, replicas);
  return votes === null ? node.name : `${node.name} asks (${"●".repeat(Math.min(votes.have, votes.need))}${"○".repeat(Math.max(0, votes.need - votes.have))} ${tallyWords(votes)})`;
}

export const raft: ProtocolLooks = {
  title: "Raft",
  family: "raft",
  epoch: "term",
  crowned: (role) => role === "leader",
  leader: "leader",
  caption(replicas) {
    const leaders = replicas.filter(({ role, condition }) => role === "leader" && condition !== "down").toSorted((one, other) => other.epoch - one.epoch);
    const [first, ...rest] = leaders;
    if (first === undefined) {
      const candidates = replicas.filter(({ role, condition }) => role.includes("candidate") && condition === "up");
      return candidates.length === 0 ? "Nobody leads." : `Nobody leads; ${list(candidates.map((node) => asking(node, replicas.length)))} for votes.`;
    }
    const stale = rest.map(({ name, epoch }) => `${name} still believes it leads term ${epoch}`);
    return [`${first.name} leads term ${first.epoch}`, ...stale].join("; ") + ".";
  },
  timers: ["election", "heartbeat"],
  tally,
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
      ...(settings?.check_quorum === false ? [{ name: "Check-quorum", text: "a leader that hears from no majority does not step down.", on: { raft: { ...settings, check_quorum: true } } }] : []),
      ...(settings?.pre_vote === false ? [{ name: "Pre-vote", text: "a server raises its term without asking first whether it could win.", on: { raft: { ...settings, pre_vote: true } } }] : []),
    ];
  },
  tellingRules: ["conflict-truncated"],
  liarElsewhere: { protocol: "pbft", entry: "pbft-two-faced-primary", words: "Such a liar in PBFT, which finds it out" },
  jumps: {
    epoch: { name: "election", marks: ({ leaderEvents }) => leaderEvents },
    decision: { name: "commit", marks: ({ commits }) => commits },
  },
  board: { name: "Logs", fetch: () => import("./logs.js"), draw: (run) => html`<playground-logs .run=${run}></playground-logs>` },
};
