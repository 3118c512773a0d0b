// The engine for programs: real protocol cores as WebAssembly, one module for each protocol, loaded when it is asked for.
// Each module is one instance with a memory of its own; simulations in it are freed by `free()`.

import { start } from "#start";

// Written out, so that a bundler sees them.
const MODULES = {
  raft: () => import("./engine/raft.js"),
  paxos: () => import("./engine/paxos.js"),
  "multi-paxos": () => import("./engine/multi-paxos.js"),
  viewstamped: () => import("./engine/viewstamped.js"),
  pbft: () => import("./engine/pbft.js"),
  tendermint: () => import("./engine/tendermint.js"),
};

/** The protocols that a scenario can name. */
export const PROTOCOLS = Object.freeze(Object.keys(MODULES));

const loaded = new Map();

/** The module of a protocol. It is fetched once, however often it is asked for. */
export function load(protocol) {
  if (!Object.hasOwn(MODULES, protocol)) {
    return Promise.reject(new RangeError(`There is no protocol ${JSON.stringify(protocol)}: there are ${PROTOCOLS.join(", ")}.`));
  }
  const present = loaded.get(protocol) ?? fetched(protocol);
  loaded.set(protocol, present);
  return present;
}

async function fetched(protocol) {
  try {
    const engine = await MODULES[protocol]();
    await start(engine, protocol);
    return engine;
  } catch (error) {
    // Whoever asks again gets another try.
    loaded.delete(protocol);
    throw error;
  }
}

/** Runs a scenario up to a virtual time, and says what came of it. */
export async function run(scenario, untilTicks = 5_000_000) {
  const { Simulation } = await load(scenario?.protocol);
  const simulation = new Simulation(scenario);
  try {
    const { events, now } = simulation.run_until(untilTicks, Number.POSITIVE_INFINITY);
    const broken = simulation.invariants().filter((invariant) => invariant.broken !== null);
    return { events, now, hash: simulation.hash_after(events), verdict: simulation.verdict(), broken, history: simulation.history(0) };
  } finally {
    simulation.free();
  }
}
