// Whether a step is what an answer means: the step is the core's own, and is only read.

import type { Step } from "../../engine/clone.js";
import type { Catalogue, Field, FieldValue } from "../../engine/engine.js";
import { ownFields } from "./fill.js";
import type { Outcome, Plain } from "./level.js";

function plain(value: FieldValue, processes: readonly string[]): Plain {
  if (Array.isArray(value)) {
    return value.map((each) => plain(each, processes));
  }
  return typeof value === "object" && value !== null ? (processes[value.process] ?? null) : value;
}

function has(fields: readonly Field[], wanted: Readonly<Record<string, Plain>>, catalogue: Catalogue): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const found = fields.find((each) => each.name === name);
    return found !== undefined && JSON.stringify(plain(found.value, catalogue.processes)) === JSON.stringify(value);
  });
}

export function isOutcome({ rule, without, sends, unsent, now }: Outcome, { event, sent, after }: Step, catalogue: Catalogue): boolean {
  const follows = (name: string): boolean => event.rules.some((each) => each.name === name);
  const isSent =
    sends === undefined ||
    sent.some(({ kind, to, fields }) => kind === sends.kind && (sends.to === undefined || catalogue.processes[to] === sends.to) && has(fields, sends.fields ?? {}, catalogue));
  return (
    (rule === undefined || follows(rule)) &&
    (without === undefined || !follows(without)) &&
    isSent &&
    (unsent === undefined || sent.every(({ kind }) => kind !== unsent)) &&
    (now === undefined || has(ownFields(after), now, catalogue))
  );
}
