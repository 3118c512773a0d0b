// The worst of all checks, in one word of the page: the clients' history, the writes that were acknowledged, the
// protocol's properties, and what is proved of liars; and since when a client has asked in vain, which is a fact and
// convicts nobody. What Rust found is put in order here, worst first; nothing is judged.

import { apostrophes, count, list, seconds, titled } from "../../design/words.js";
import type { HeldProof, InvariantState, OperationView, Verdict } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { describe } from "../operation-words.js";
import { showMessages, showOperation, showReasons, showWhy } from "../responsible.js";

/**
 * Worst first. `open`: the history is too long to be judged; `waiting`: nothing is wrong, but a client is not served;
 * `nothing`: no operation has completed, so nothing can be said of any.
 */
export type Standing = "violated" | "lied" | "open" | "waiting" | "nothing" | "kept";

export interface Worst {
  standing: Standing;
  /** In a few words. */
  words: string;
  /** The whole of it. */
  sentence: string;
  /** The way to where it is seen; null where there is nothing to see. */
  way: Way | null;
}

export interface Way {
  label: string;
  title: string;
  go: () => void;
}

/** null while the history's judgement is put off, and nothing else is wrong. */
export function worst(run: Run): Worst | null {
  const verdict = run.moment.verdict();
  const found = [...ofHistory(run, verdict), ...ofWrites(run), ...ofProperties(run), ...ofLiars(run)];
  const [first, ...others] = found;
  if (first !== undefined) {
    const also = others.length === 0 ? "" : ` Also: ${others.map(({ words }) => words).join("; ")}.`;
    const more = others.filter(({ standing }) => standing === first.standing).length;
    return { ...first, words: more === 0 ? first.words : `${first.words}, and ${more} more`, sentence: `${ended(first.sentence)}${also}` };
  }
  if (verdict === null) {
    return null;
  }
  if (verdict.kind === "undecided") {
    return { standing: "open", words: verdict.sentence, sentence: verdict.sentence, way: null };
  }
  const standing = run.moment.operations().some(({ outcome }) => outcome === "ok") ? kept(run, verdict) : nothingYet();
  return waiting(run, standing) ?? standing;
}

/** From so long on it is said that a client is not served, in ticks: an election, and another attempt, take less. */
const PATIENCE_TICKS = 2_000_000;

/** All is well, but somebody asks in vain. */
function waiting(run: Run, { words: otherwise, sentence }: Worst): Worst | null {
  const first = new Map<number, OperationView>();
  const latest = new Map<number, OperationView>();
  for (const operation of run.moment.operations()) {
    latest.set(operation.client, operation);
    if (operation.outcome === "ok") {
      first.delete(operation.client);
    } else if (!first.has(operation.client)) {
      first.set(operation.client, operation);
    }
  }
  const { now } = run.status;
  // Who has given up, and asks no more, is left out after a while.
  const asks = (client: number): boolean => now - (latest.get(client)?.completed_at ?? now) < PATIENCE_TICKS && run.moment.nodes()[client]?.condition === "up";
  const isLeft = ({ client, invoked_at }: OperationView): boolean => now - invoked_at >= PATIENCE_TICKS && asks(client);
  const [oldest, ...others] = [...first.values()].filter(isLeft).toSorted((one, other) => one.invoked_at - other.invoked_at);
  if (oldest === undefined) {
    return null;
  }
  const words = `${run.name(oldest.client)} not served since ${seconds(oldest.invoked_at)}${others.length > 0 ? `, and ${others.length} more` : ""}`;
  const way = { label: "Show where", title: "The first operation that was not served, and its messages", go: () => showOperation(run, oldest.index) };
  return { standing: "waiting", words: `${words}: ${otherwise}`, sentence: `${words}. ${sentence}`, way };
}

function nothingYet(): Worst {
  const words = "no operation has completed yet";
  return { standing: "nothing", words, sentence: "No operation has completed yet: of the clients’ history nothing can be said.", way: null };
}

function kept(run: Run, verdict: Verdict): Worst {
  const properties = count(run.moment.invariants().length, "property", "properties");
  return { standing: "kept", words: verdict.sentence, sentence: `The history is ${verdict.sentence}. ${properties} of the protocol were watched, and hold so far.`, way: null };
}

/** Clients have seen it. */
function ofHistory(run: Run, verdict: Verdict | null): Worst[] {
  if (verdict?.kind !== "not-linearizable") {
    return [];
  }
  const blamed = verdict.blamed === null ? undefined : run.moment.operations()[verdict.blamed];
  const words = blamed === undefined ? verdict.sentence : `not linearizable: ${run.name(blamed.client)}’s ${describe(blamed)}`;
  const way = { label: "Show why", title: "The two operations that contradict each other, and their messages", go: () => showWhy(run) };
  return [{ standing: "violated", words, sentence: verdict.sentence, way }];
}

/** Writes that clients were told are done, and that are lost. */
function ofWrites(run: Run): Worst[] {
  const writes = run.moment.lostWrites();
  const [first] = writes;
  if (first === undefined) {
    return [];
  }
  const words = (write: OperationView): string => `${write.text} of ${run.name(write.client)}`;
  const sentence = `Clients were told that ${writes.length === 1 ? "this write is" : "these writes are"} done, and nobody will ever do ${writes.length === 1 ? "it" : "them"}: ${list(writes.slice(0, NAMED).map(words))}${writes.length > NAMED ? ` and ${writes.length - NAMED} more` : ""}`;
  const way = { label: "Show where", title: "The first write that is lost, and its messages", go: () => showOperation(run, first.index) };
  return [{ standing: "violated", words: `${count(writes.length, "acknowledged write")} lost`, sentence, way }];
}

/** So many writes are named. */
const NAMED = 3;

function ofProperties(run: Run): Worst[] {
  const found = run.moment.invariants().flatMap((property) => (property.broken === null ? [] : [{ property, broken: property.broken }]));
  return found.toSorted((one, other) => one.broken.event - other.broken.event).map(({ property, broken }) => ofProperty(run, property, broken.sentence));
}

function ofProperty(run: Run, property: InvariantState, sentence: string): Worst {
  const way = { label: "Show why", title: "The few events that are responsible", go: () => showReasons(run, property) };
  return { standing: "violated", words: `${titled(property.name)} is broken`, sentence: apostrophes(sentence), way };
}

/** A liar that is proved one is found out, not harmless. Where a wiped disk is the excuse, nobody has lied. */
function ofLiars(run: Run): Worst[] {
  if (looksOf(run.catalogue.protocol).liars === undefined) {
    return [];
  }
  const byCulprit = new Map<number, HeldProof>();
  for (const proof of run.moment.proofs()) {
    if (proof.excuse === null && !byCulprit.has(proof.culprit)) {
      byCulprit.set(proof.culprit, proof);
    }
  }
  return [...byCulprit.values()].map((proof) => ofLiar(run, proof));
}

function ofLiar(run: Run, { culprit, holder, said }: HeldProof): Worst {
  const messages = said.flatMap(({ message }) => (message === null ? [] : [message]));
  const words = `${run.name(culprit)} is proved to have lied`;
  const sentence = `${words}: ${run.name(holder)} holds two messages under its signature that contradict each other`;
  const way = messages.length === 0 ? null : { label: "Show where", title: "The messages that contradict each other", go: () => showMessages(run, messages) };
  return { standing: "lied", words, sentence, way };
}

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
