// What a replica is and knows, read from the core's view. Where a replica has no disk, all its fields are in memory, and
// are gone while it is down.

import type { FieldValue, NodeView } from "../../engine/engine.js";
import { lastIndex } from "../../views/log/log-panel.js";
import { field } from "../fields.js";

export interface Standing {
  /** `primary`, `view change`, `down`. */
  status: string;
  /** Whether it takes part in its view. */
  isNormal: boolean;
  /** Whether it has a log: one that recovers, or is down without a disk, has nothing. */
  knows: boolean;
  op: number;
  commit: number;
}

export function standing({ role, condition, log, durable }: NodeView): Standing {
  const isDown = condition === "down";
  const isNormal = !isDown && (role === "primary" || role === "backup");
  const knows = isDown ? durable.length > 0 : role !== "recovering";
  return { status: isDown ? "down" : role, isNormal, knows, op: lastIndex(log), commit: log?.commit_index ?? 0 };
}

/** A field by its name, on disk or in memory. */
export function known({ durable, volatile }: NodeView, name: string): FieldValue {
  return field(durable, name) ?? field(volatile, name);
}

/** A list of texts. */
export function texts(node: NodeView, name: string): readonly string[] {
  const found = known(node, name);
  return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
}
