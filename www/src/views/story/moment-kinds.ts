// The kinds of moments at which a caption can stand (`src/scenario/captions.rs` has them), and which parts each has.

import { seconds } from "../../design/words.js";
import type { CaptionMoment, Catalogue } from "../../engine/engine.js";
import { TICKS_PER_SECOND } from "../../engine/playhead.js";

/** A moment as it is written. Of the parts, those count that its kind has. */
export interface MomentDraft {
  kind: MomentKind;
  /** Virtual seconds. */
  seconds: number;
  /** The role, rule, message or promise. */
  what: string;
  node: string;
  from: string;
  operation: string;
  ending: string;
  nth: number;
}

interface Parts {
  /** In a list of kinds. */
  words: string;
  /** Which names it takes. */
  names?: (catalogue: Catalogue) => readonly string[];
  where?: "replica" | "client" | "process";
  has?: readonly ("from" | "operation" | "ending" | "nth")[];
}

const named = (rules: readonly { name: string }[]): string[] => rules.map(({ name }) => name);

export const KINDS = {
  at: { words: "a time comes" },
  role: { words: "a replica takes a role", names: ({ replica_roles: roles }) => roles, where: "replica", has: ["nth"] },
  decided: { words: "a replica learns that something is decided", where: "replica", has: ["nth"] },
  rule: { words: "a replica follows a rule", names: ({ replica_rules: rules }) => named(rules), where: "replica", has: ["nth"] },
  message: { words: "a message is handled", names: ({ message_kinds: kinds }) => kinds, where: "process", has: ["from", "nth"] },
  invoked: { words: "a client begins an operation", where: "client", has: ["operation", "nth"] },
  completed: { words: "an operation ends", where: "client", has: ["operation", "ending", "nth"] },
  intervention: { words: "something is done from outside", has: ["nth"] },
  broken: { words: "a promise is broken", names: ({ invariants }) => named(invariants) },
  violation: { words: "the first promise is broken, whichever" },
  contradiction: { words: "the clients’ answers contradict each other" },
  proof: { words: "a replica holds a proof of a lie" },
} as const satisfies Record<string, Parts>;

export type MomentKind = keyof typeof KINDS;

export const partsOf = (kind: MomentKind): Parts => KINDS[kind];

export function momentDraftOf({ on, node, from, operation, ending, nth }: CaptionMoment): MomentDraft {
  const [kind = "at", value = ""] = typeof on === "string" ? [on] : (Object.entries(on)[0] ?? []);
  const isTime = kind === "at";
  return {
    kind: kind as MomentKind,
    seconds: isTime ? Number(value) / TICKS_PER_SECOND : 0,
    what: isTime ? "" : String(value),
    node: node ?? "",
    from: from ?? "",
    operation: operation ?? "",
    ending: ending ?? "",
    nth: nth ?? 1,
  };
}

export function momentOf(draft: MomentDraft): CaptionMoment {
  const { kind, what } = draft;
  const { names, where, has = [] } = partsOf(kind);
  const on = kind === "at" ? { at: Math.round(draft.seconds * TICKS_PER_SECOND) } : names === undefined ? kind : { [kind]: what };
  const parts = {
    node: where === undefined ? "" : draft.node,
    from: has.includes("from") ? draft.from : "",
    operation: has.includes("operation") ? draft.operation : "",
    ending: has.includes("ending") ? draft.ending : "",
  };
  const told = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ""));
  const nth = has.includes("nth") && draft.nth !== 1 ? { nth: draft.nth } : {};
  return { on, ...told, ...nth } as CaptionMoment;
}

/** A moment in words: `at 0.900 s`, `second leader of n1`. */
export function momentWords({ on, node, nth = 1 }: CaptionMoment): string {
  if (typeof on === "object" && "at" in on) {
    return `at ${seconds(on.at)}`;
  }
  const [kind, what] = typeof on === "string" ? [on, ""] : (Object.entries(on)[0] ?? ["", ""]);
  const which = nth === 1 ? "first" : `number ${nth}:`;
  const parts = [which, kind, what, node === undefined ? "" : `of ${node}`];
  return parts.filter((word) => word !== "").join(" ");
}
