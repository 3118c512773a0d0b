// Starts a module under Node, whose fetch does not read files.

import { readFile } from "node:fs/promises";

export const start = async (engine, name) => engine.default({ module_or_path: await readFile(new URL(`./engine/${name}_bg.wasm`, import.meta.url)) });
