// The gallery's pictures: plays every prepared run, paints its telling moment as SVG, and writes all into
// www/pkg/pictures/runs.json. www/build starts it where that is out of date, and pictures.plugin.ts where there is none.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { runnerImport } from "vite";

const here = (path) => new URL(path, import.meta.url);

// What the page's modules expect of a browser when they are loaded; nothing of it is used to paint.
globalThis.window = globalThis;
globalThis.matchMedia = () => ({ addEventListener: () => undefined });
globalThis.requestAnimationFrame = (call) => setTimeout(call, 16);

/** A module of the engine, started anew. */
async function start(family) {
  const glue = await import(here(`pkg/${family}/${family}.js`).href);
  await glue.default({ module_or_path: readFileSync(here(`pkg/${family}/${family}_bg.wasm`)) });
  return glue;
}

const { module } = await runnerImport(here("src/pictures/make.ts").pathname, { configFile: false, root: here(".").pathname, logLevel: "error" });
const made = await module.makeAll(start);
mkdirSync(here("pkg/pictures"), { recursive: true });
writeFileSync(here("pkg/pictures/runs.json"), JSON.stringify(made));
// Frames that were asked for are none of ours.
process.exit(0);
