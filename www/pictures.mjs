// The gallery's pictures: plays every prepared run, paints its telling moment as SVG, and writes all into
// www/pkg/pictures/runs.json. www/build starts it where that is out of date, and pictures.plugin.ts where there is none.

import { mkdirSync, writeFileSync } from "node:fs";

import { load, start } from "./headless.mjs";

const here = (path) => new URL(path, import.meta.url);

const { makeAll } = await load("src/pictures/make.ts");
const made = await makeAll(start);
mkdirSync(here("pkg/pictures"), { recursive: true });
writeFileSync(here("pkg/pictures/runs.json"), JSON.stringify(made));
// Frames that were asked for are none of ours.
process.exit(0);
