// The partition that there is: since when, until when; and what can be seen under it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { count, seconds, show } from "../../design/words.js";
import { linkKey } from "../../engine/codes.js";
import type { NodeView, Range } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { diskState, isTreated } from "../actions/offers.js";

/** The write that a leader is told which cannot commit it. */
const LOST = { key: "x", value: "lost" };
const LOST_WORDS = `put ${LOST.key}=${LOST.value}`;

/** The directed links that are cut at the playhead. */
export function cutNow(run: Run): ReadonlySet<number> {
  return new Set(run.moment.network().cut.map(({ from, to }) => linkKey(from, to)));
}

/** The latencies that single links were given up to the playhead; the last word counts. */
export function ownLatencies(run: Run): ReadonlyMap<string, Range> {
  const own = new Map<string, Range>();
  for (const { action } of run.moment.doneSoFar()) {
    if (action === "remove_faults") {
      own.clear();
    } else if (typeof action === "object" && "link_latency" in action) {
      const { from, to, latency_ticks } = action.link_latency;
      own.set(`${from} → ${to}`, latency_ticks);
    }
  }
  return own;
}

/** Whether anything is broken that could be mended. */
export function isFaulty(run: Run): boolean {
  const { moment, catalogue } = run;
  const { cut, loss, duplication, reordering } = moment.network();
  return (
    cut.length > 0 ||
    ownLatencies(run).size > 0 ||
    [loss, duplication, reordering].some(({ numerator }) => numerator > 0) ||
    moment.nodes().some(({ condition, honesty }) => condition !== "up" || honesty.startsWith("lies")) ||
    catalogue.processes.slice(0, catalogue.replicas).some((name) => isTreated(diskState(run, name)))
  );
}

/** Since when the network is cut, how much of it, and when it heals; nothing where it is whole. */
export function standingCut(run: Run, cut: ReadonlySet<number>): TemplateResult | typeof nothing {
  if (cut.size === 0) {
    return nothing;
  }
  const since = run.records.changes.cuts.findLast(({ event }) => event < run.status.cursor);
  const { healsAt } = run.moment;
  const heals = healsAt === null ? "" : ` Heals at ${seconds(healsAt)}.`;
  return html`<p class="state" data-testid="partition-state">Cut since ${seconds(since?.time ?? 0)}: ${count(cut.size, "way")}.${heals}</p>`;
}

/**
 * A leader that is cut off from the majority, with a client on its side: there a write can be seen that never commits.
 */
export function tryWrite(run: Run, cut: ReadonlySet<number>): TemplateResult | typeof nothing {
  const nodes = run.moment.nodes();
  const leader = nodes.find((node) => isCutOffLeader(run, nodes, node, cut));
  const client = nodes.find(({ place }) => leader !== undefined && !run.isReplica(place) && joined(cut, place, leader.place));
  if (leader === undefined || client === undefined) {
    return nothing;
  }
  const busy = client.volatile.find(({ name }) => name === "operation")?.value ?? null;
  const sent = busy === LOST_WORDS;
  const waiting = client.volatile.find(({ name }) => name === "waiting")?.value ?? null;
  const queued = Array.isArray(waiting) && waiting.includes(LOST_WORDS);
  const waits = busy === null || sent ? "" : ` ${client.name} still waits for its ${show(busy, (process) => run.name(process))}: it sends this one after that.`;
  const send = (): void => {
    run.act({ invoke: { client: client.name, command: { put: LOST } } });
  };
  return html`<div class="effect" data-testid="try-write">
    <p>
      ${leader.name} still takes itself for the ${looksOf(run.catalogue.protocol).leader}, with ${client.name} on its side. What it is told to write, it takes into its
      log, but cannot commit: a dashed entry.${waits}
    </p>
    ${sent
      ? html`<p><b>${client.name} sends ${LOST_WORDS}.</b> Play on, and see ${leader.name}’s log.</p>`
      : queued
        ? html`<p><b>Then ${client.name} sends ${LOST_WORDS}.</b> Play on until it does.</p>`
        : html`<button @click=${send}>Send ${LOST_WORDS} through ${client.name}</button>`}
  </div>`;
}

function isCutOffLeader(run: Run, nodes: readonly NodeView[], { place, role, condition }: NodeView, cut: ReadonlySet<number>): boolean {
  const reached = nodes.filter((other) => run.isReplica(other.place) && (other.place === place || joined(cut, place, other.place))).length;
  const { crowned } = looksOf(run.catalogue.protocol);
  return run.isReplica(place) && crowned(role) && condition === "up" && reached <= run.catalogue.replicas / 2;
}

/** Whether both ways between two processes are whole. */
function joined(cut: ReadonlySet<number>, one: number, other: number): boolean {
  return !cut.has(linkKey(one, other)) && !cut.has(linkKey(other, one));
}
