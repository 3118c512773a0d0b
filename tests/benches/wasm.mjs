// How many events a second the engine handles as wasm, every invariant checked: `node tests/benches/wasm.mjs` after `www/build`.
// The scenario and the number of events are those of simulator.rs, so the two figures can be compared.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { initSync, Simulation } from "../../www/pkg/raft/raft.js";

const EVENTS = 200_000;
const SAMPLES = 7;
const file = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)));

initSync({ module: file("../../www/pkg/raft/raft_bg.wasm") });
const scenario = { ...JSON.parse(file("busy.json").toString()), limits: { events: EVENTS } };

function sample() {
  const simulation = new Simulation(scenario);
  const start = performance.now();
  const status = simulation.run_until(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const seconds = (performance.now() - start) / 1000;
  simulation.free();
  if (status.events !== EVENTS) throw new Error(`${status.events} events, not ${EVENTS}`);
  return EVENTS / seconds;
}

sample();
const rates = Array.from({ length: SAMPLES }, sample).sort((a, b) => a - b);
const shown = (rate) => Math.round(rate).toLocaleString("en");
console.log(`wasm, every invariant after every event: median ${shown(rates[SAMPLES >> 1])} events/s (${shown(rates[0])} to ${shown(rates[SAMPLES - 1])})`);
