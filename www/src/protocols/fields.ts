// What the core's view says, by the names that the core gives it.

import type { Field, FieldValue } from "../engine/engine.js";

export function field(fields: readonly Field[], name: string): FieldValue {
  return fields.find((each) => each.name === name)?.value ?? null;
}

/** A text, or "" where there is none. */
export function value(fields: readonly Field[], name: string): string {
  const found = field(fields, name);
  return typeof found === "string" ? found : "";
}

/** The processes in a list, by index. */
export function processesIn(found: FieldValue): number[] {
  return Array.isArray(found) ? found.flatMap((each) => (typeof each === "object" && each !== null && "process" in each ? [each.process] : [])) : [];
}
