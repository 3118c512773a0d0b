// What is Tendermint's own.

import { html } from "lit";

import { list } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import { field, value } from "../fields.js";
import type { ProtocolLooks, Tally } from "../protocol.js";

/** A tally as the core writes it: `round 0: prevotes for 1a2b: power 3 of 4, needs more than 2/3`. */
const TALLY = /^round (\d+): (prevotes|precommits) for (.+): power (\d+) of (\d+), /;

/** The largest number of votes for one value in the validator's round and step. */
function tally({ condition, durable, volatile }: NodeView): Tally | null {
  const round = field(durable, "round");
  const step = value(volatile, "step");
  const votes = field(volatile, "votes");
  if (condition === "down" || !Array.isArray(votes) || typeof round !== "number" || (step !== "prevote" && step !== "precommit")) {
    return null;
  }
  const counted = votes.flatMap((text) => {
    const [, of, kind, what, have, total] = TALLY.exec(typeof text === "string" ? text : "") ?? [];
    return Number(of) === round && kind === `${step}s` ? [{ what: `${kind} for ${what}`, have: Number(have), need: Math.floor((2 * Number(total)) / 3) + 1 }] : [];
  });
  return counted.toSorted((one, other) => other.have - one.have)[0] ?? null;
}

function roundOf(node: NodeView): number {
  const found = field(node.durable, "round");
  return typeof found === "number" ? found : 0;
}

export const tendermint: ProtocolLooks = {
  title: "Tendermint",
  family: "tendermint",
  epoch: "height",
  epochLetter: "h",
  crowned: (role) => role === "proposer",
  leader: "proposer",
  caption(replicas, { processes }) {
    const up = replicas.filter(({ condition }) => condition !== "down").toSorted((one, other) => other.epoch - one.epoch || roundOf(other) - roundOf(one));
    const first = up[0];
    if (first === undefined) {
      return "Nobody is up.";
    }
    const there = up.filter((node) => node.epoch === first.epoch && roundOf(node) === roundOf(first));
    const waits = there.every((node) => value(node.volatile, "step") === "waits for a request");
    const proposer = first.leader === null ? "nobody" : (processes[first.leader] ?? "nobody");
    const who = there.length === up.length ? "All" : list(there.map(({ name }) => name));
    return waits
      ? `Height ${first.epoch} begins when a client asks for something; ${proposer} will propose.`
      : `${who} ${there.length === 1 ? "is" : "are"} at height ${first.epoch}, round ${roundOf(first)}: ${proposer} proposes.`;
  },
  timers: ["propose", "prevote", "precommit"],
  tally,
  progress: () => new Map(),
  jumps: {
    epoch: { name: "height", marks: ({ topEpochs }) => topEpochs.filter(({ value: height }) => height > 0).map(({ event }) => event) },
    decision: { name: "decision", marks: ({ commits }) => commits },
  },
  board: { name: "Rounds", fetch: () => import("./board.js"), draw: (run) => html`<playground-tendermint .run=${run}></playground-tendermint>` },
  isQuorum(side, replicas, { tendermint: settings }) {
    const power = (process: number): number => settings?.powers?.[process] ?? 1;
    const sum = (all: readonly number[]): number => all.reduce((whole, process) => whole + power(process), 0);
    return 3 * sum(side) > 2 * sum(Array.from({ length: replicas }, (_, ordinal) => ordinal));
  },
  direction: "right",
  rejections: ["forgery-rejected", "wrong-proposer", "block-invalid"],
  decision: (index, of) => `height ${index}, round ${of}`,
  liars: "With less than a third of the voting power lying, whoever it is and whatever they say, honest validators decide the same chain.",
};
