// Lies as a person chooses them: each alteration and deed with a name for the form, and in words.

import { list, span } from "../../design/words.js";
import type { Alteration, Catalogue, Deed, LieLine } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";

export const DEEDS = {
  alter: "say",
  two_faced: "say the truth, and then",
  withhold: "say nothing",
  delay: "say it late",
  replay: "say it, and repeat something old",
  truth: "tell the truth",
} as const;
export type DeedName = keyof typeof DEEDS;

/**
 * All alterations, with their names for the form. What one means is the protocol's own: not every message has a digest.
 */
export function alterations(catalogue: Catalogue): (readonly [string, string])[] {
  const { epoch } = looksOf(catalogue.protocol);
  const replicas = catalogue.processes.slice(0, catalogue.replicas);
  return [
    ["value 0", catalogue.protocol === "pbft" ? "another client’s request" : "value 0"],
    ["value 1", "value A"],
    ["value 2", "value B"],
    ["digest", "a digest that fits nothing"],
    ["nil", "nil, or nothing"],
    ["sequence_up", "the next number"],
    ["sequence_down", "the number before"],
    ["epoch_up", `${catalogue.protocol === "tendermint" ? "round" : epoch} + 1`],
    ["epoch_down", `${catalogue.protocol === "tendermint" ? "round" : epoch} − 1`],
    ...replicas.map((name) => [`as ${name}`, `it in the name of ${name}`] as const),
  ];
}

export function alteration(name: string): Alteration {
  if (name.startsWith("value ")) {
    return { value: Number(name.slice(6)) };
  }
  return name.startsWith("as ") ? { impersonate: name.slice(3) } : (name as Alteration);
}

function nameOf(how: Alteration): string {
  if (typeof how === "string") {
    return how;
  }
  return "value" in how ? `value ${how.value}` : `as ${how.impersonate}`;
}

export function deed(name: DeedName, say: string, late: number): Deed {
  if (name === "alter") {
    return { alter: alteration(say) };
  }
  if (name === "two_faced") {
    return { two_faced: alteration(say) };
  }
  return name === "delay" ? { delay: { by_ticks: late } } : name;
}

/** `to n2, pre-prepare: say value A` */
export function lineWords({ to = [], kind, deed: what, once }: LieLine, catalogue: Catalogue): string {
  const known = new Map(alterations(catalogue));
  const said = (how: Alteration): string => known.get(nameOf(how)) ?? nameOf(how);
  const does =
    typeof what === "string" ? DEEDS[what]
    : "alter" in what ? `say ${said(what.alter)}`
    : "two_faced" in what ? `say the truth, and then ${said(what.two_faced)}`
    : `say it ${span(what.delay.by_ticks)} late`;
  return `To ${to.length === 0 ? "everybody" : list(to)}${kind === undefined ? "" : `, ${kind}`}: ${does}${once === true ? ", the next one only" : ""}`;
}
