// The little that is single-decree Paxos' own.

import { html } from "lit";

import { list } from "../../design/words.js";
import { field, processesIn, value } from "../fields.js";
import type { ProtocolLooks } from "../protocol.js";

export const paxos: ProtocolLooks = {
  title: "Paxos (one value)",
  family: "paxos",
  epoch: "ballot",
  crowned: () => false,
  leader: null,
  side: { whom: "proposer", is: ({ role }) => role === "preparing" || role === "accepting", nobody: "Nobody proposes at this moment." },
  caption(replicas) {
    const known = replicas.filter((node) => value(node.volatile, "chosen value") !== "");
    if (known.length > 0) {
      return `${list(known.map(({ name }) => name))} ${known.length === 1 ? "takes" : "take"} “${value(known[0]?.volatile ?? [], "chosen value")}” for chosen.`;
    }
    const busy = replicas.filter((node) => value(node.volatile, "own ballot") !== "");
    return busy.length === 0
      ? "No process has learnt of a chosen value."
      : `No process has learnt of a chosen value; ${list(busy.map((node) => `${node.name} (${node.role}, ballot ${value(node.volatile, "own ballot")})`))} ${busy.length === 1 ? "proposes" : "propose"}.`;
  },
  timers: ["retry"],
  tally({ role, volatile }, replicas) {
    const need = Math.floor(replicas / 2) + 1;
    if (role === "preparing") {
      return { what: "promises", have: processesIn(field(volatile, "promises from")).length, need };
    }
    if (role === "accepting") {
      const heard = field(volatile, "acceptances heard");
      const own = (Array.isArray(heard) ? heard : []).find((row) => Array.isArray(row) && row[0] === value(volatile, "own ballot"));
      return { what: "acceptances", have: Array.isArray(own) ? processesIn(own[2] ?? null).length : 0, need };
    }
    return null;
  },
  progress: () => new Map(),
  jumps: {
    epoch: { name: "higher ballot", marks: ({ topEpochs }) => topEpochs.filter(({ value: epoch }) => epoch > 0).map(({ event }) => event) },
    decision: { name: "learner that has learnt", marks: ({ commits }) => commits },
  },
  board: { name: "Acceptors", fetch: () => import("./acceptors.js"), draw: (run) => html`<playground-acceptors .run=${run}></playground-acceptors>` },
};
