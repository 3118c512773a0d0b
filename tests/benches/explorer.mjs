// How many states a second the explorer finds as wasm, and how many bytes each takes: `node tests/benches/explorer.mjs [FOLDER/NAME]` after `www/build`.
// The models and their numbers of states are those of `consensus-playground explore`, so the figures can be compared.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const fallback = fileURLToPath(new URL("../../www/pkg/explore/explore", import.meta.url));
const built = process.argv[2] === undefined ? fallback : resolve(process.argv[2]);
const { initSync, Exploration } = await import(pathToFileURL(`${built}.js`).href);
initSync({ module: readFileSync(`${built}_bg.wasm`) });

const shown = (number) => Math.round(number).toLocaleString("en");
for (const [model, states] of [["paxos", 1_485_562], ["paxos-ballots", 1_254_320], ["raft-elections", 329_159]]) {
  const exploration = new Exploration(model, {});
  const start = performance.now();
  let longest = 0;
  let progress;
  do {
    const before = performance.now();
    progress = exploration.advance(2_000);
    longest = Math.max(longest, performance.now() - before);
  } while (progress.ended === null);
  const seconds = (performance.now() - start) / 1000;
  if (progress.ended !== "exhausted" || progress.states !== states) throw new Error(`${model}: ${progress.states} states, ${progress.ended}`);
  const bytes = (progress.visited_bytes / progress.states).toFixed(1);
  console.log(`${model}: ${shown(states)} states, ${shown(states / seconds)} states/s, ${bytes} bytes a visited state, longest advance ${shown(longest)} ms`);
  exploration.free();
}
