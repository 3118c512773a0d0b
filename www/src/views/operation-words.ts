// An operation in a few words.

import type { OperationView } from "../engine/engine.js";

/** `put x=1 ok`, `get x = 3`, `put x=2 unknown`. */
export function describe({ text, kind, outcome, result }: OperationView): string {
  if (outcome === "pending") return `${text} …`;
  if (outcome === "unknown") return `${text} unknown`;
  if (outcome === "failed") return `${text} failed`;
  return kind === "get" && result !== null ? `${text} = ${result}` : `${text} ${result ?? "ok"}`;
}
