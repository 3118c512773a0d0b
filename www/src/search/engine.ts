// How all who search, compare or write load their engine, and say that it failed. It imports nothing of the page, so that it
// serves on a thread of its own, too.

import type { Failed } from "./orders.js";

interface Module {
  default: (from: { module_or_path: string }) => Promise<unknown>;
}

export async function loadEngine<Engine extends Module>(glue: string, wasm: string): Promise<Engine> {
  const engine = (await import(/* @vite-ignore */ glue)) as Engine;
  await engine.default({ module_or_path: wasm });
  return engine;
}

export function failed(error: unknown): Failed {
  return { kind: "failed", words: error instanceof Error ? error.message : String(error) };
}
