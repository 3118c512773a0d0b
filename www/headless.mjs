// The page's own code without a browser: for what is painted by Node (pictures.mjs, still.mjs).

import { readFileSync } from "node:fs";

import { runnerImport } from "vite";

const here = (path) => new URL(path, import.meta.url);

// What the page's modules expect of a browser when they are loaded; nothing of it is used to paint.
globalThis.window = globalThis;
globalThis.matchMedia = () => ({ addEventListener: () => undefined });
globalThis.requestAnimationFrame = (call) => setTimeout(call, 16);

/** A module of the engine, started anew. */
export async function start(family) {
  const glue = await import(here(`pkg/${family}/${family}.js`).href);
  await glue.default({ module_or_path: readFileSync(here(`pkg/${family}/${family}_bg.wasm`)) });
  return glue;
}

/** The exports of a module of the page, by its path from here. */
export async function load(path) {
  const { module } = await runnerImport(here(path).pathname, { configFile: false, root: here(".").pathname, logLevel: "error" });
  return module;
}
