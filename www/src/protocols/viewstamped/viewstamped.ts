// The little that is Viewstamped Replication's own.

import { html } from "lit";

import { list } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import { field, processesIn } from "../fields.js";
import type { ProtocolLooks, Tally } from "../protocol.js";
import { tallyWords } from "../words.js";

/** f + 1. */
export function quorumOf(replicas: number): number {
  return Math.floor(replicas / 2) + 1;
}

/** All who take themselves for a primary, that of the latest view first. */
export function primaries(replicas: readonly NodeView[]): NodeView[] {
  return replicas.filter(({ role, condition }) => role === "primary" && condition !== "down").toSorted((one, other) => other.epoch - one.epoch);
}

/** A replica between two views counts those that want the same, itself too; one that recovers counts answers. */
function tally({ role, volatile }: NodeView, replicas: number): Tally | null {
  const need = quorumOf(replicas);
  if (role === "view change") {
    return { what: "replicas that want the view", have: processesIn(field(volatile, "wanted by")).length + 1, need };
  }
  const answers = field(volatile, "answers");
  return role === "recovering" ? { what: "answers", have: Array.isArray(answers) ? answers.length : 0, need } : null;
}

/** `n4 recovers (1 of the 3 needed)`. However many answer, it takes the log of the primary of the latest view. */
function recovering(node: NodeView, answers: Tally): string {
  const found = field(node.volatile, "answers");
  const hasLog = Array.isArray(found) && found.some((answer) => typeof answer === "string" && answer.includes("log to"));
  const isEnough = answers.have >= answers.need && !hasLog;
  return `${node.name} recovers (${tallyWords(answers)}${isEnough ? ", and no primary’s log" : ""})`;
}

/** `n2 and n3 want view 1`, for each view that is wanted; and who recovers. */
function apart(replicas: readonly NodeView[]): string[] {
  const up = replicas.filter(({ condition }) => condition !== "down");
  const changing = up.filter(({ role }) => role === "view change");
  const wanted = [...new Set(changing.map(({ epoch }) => epoch))].map((view) => {
    const names = changing.filter(({ epoch }) => epoch === view).map(({ name }) => name);
    return `${list(names)} ${names.length === 1 ? "wants" : "want"} view ${view}`;
  });
  const lost = up.flatMap((node) => {
    const answers = node.role === "recovering" ? tally(node, replicas.length) : null;
    return answers === null ? [] : [recovering(node, answers)];
  });
  return [...wanted, ...lost];
}

function numeric(node: NodeView, peer: number, name: string): number | null {
  const found = field(node.peers.find(({ place }) => place === peer)?.fields ?? [], name);
  return typeof found === "number" ? found : null;
}

export const viewstamped: ProtocolLooks = {
  title: "Viewstamped Replication",
  family: "viewstamped",
  epoch: "view",
  crowned: (role) => role === "primary",
  leader: "primary",
  caption(replicas) {
    const [first, ...replaced] = primaries(replicas);
    const present = first === undefined ? "No view has a primary that is up" : `${first.name} is the primary of view ${first.epoch}`;
    const stale = replaced.map(({ name, epoch }) => `${name} still takes itself for that of view ${epoch}`);
    return [present, ...stale, ...apart(replicas)].join("; ") + ".";
  },
  timers: ["election", "heartbeat"],
  tally,
  progress(node) {
    return new Map(node.peers.map(({ place }) => [place, { next: null, match: numeric(node, place, "has all up to") }] as const));
  },
  tellingRules: ["view-started", "recovered", "state-taken", "stale-report-ignored"],
  jumps: {
    epoch: { name: "view change", marks: ({ topEpochs }) => topEpochs.filter(({ value }) => value > 0).map(({ event }) => event) },
    decision: { name: "commitment", marks: ({ commits }) => commits },
  },
  board: { name: "Logs", fetch: () => import("./board.js"), draw: (run) => html`<playground-viewstamped .run=${run}></playground-viewstamped>` },
  isDiskless: ({ viewstamped: settings }) => settings?.on_disk !== true,
  epochless: ["recovery", "request", "reply", "invoke"],
};
