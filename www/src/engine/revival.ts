// A run whose engine has died is made again in a fresh one. A run is a pure function of its scenario: it dies at the
// same event again. So where it died within many events, one engine more is spent on finding out at which, event by
// event, and the next stops before it.

import { isDeath, startEngine } from "./engine.js";
import type { Engine, Scenario, Simulation } from "./engine.js";
import type { Family } from "./modules.js";

/** How long the event at which it died is looked for. */
const SEARCH_MS = 3_000;
/** Milliseconds that replaying may take before the page has its turn. */
const SLICE_MS = 12;
/** Events between two looks at the clock. */
const EVENTS_PER_LOOK = 64;

export interface Revived {
  engine: Engine;
  simulation: Simulation;
  /** What came of the search, in a sentence; null where there was none. */
  found: string | null;
}

/** Moves a run that was just made over so many events. */
export function replay(simulation: Simulation, events: number): void {
  for (let done = 0; done < events && simulation.step(); done += 1);
}

/**
 * Steps a run that is not shown yet, as far as it goes but no further than so many events. The page has its turn now
 * and then.
 */
export async function replayInTurns(simulation: Simulation, events: number, isWanted: () => boolean): Promise<number> {
  let done = 0;
  while (isWanted()) {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      for (let looked = 0; looked < EVENTS_PER_LOOK; looked += 1) {
        if (done >= events || !simulation.step()) {
          return done;
        }
        done += 1;
      }
    }
    // eslint-disable-next-line no-await-in-loop
    await new Promise((resume) => setTimeout(resume));
  }
  return done;
}

/**
 * Makes a run again, up to the last event before its death. `cursor` is the last that was seen; after it, `many` may
 * have passed.
 */
export async function revived(family: Family, scenario: Scenario, cursor: number, many: boolean): Promise<Revived> {
  const first = await startReplayed(family, scenario, cursor);
  if (!many) {
    return { ...first, found: null };
  }
  const last = lastAlive(first.simulation, cursor);
  if (last === null) {
    // What it passed in vain is no part of what the reader has seen.
    first.simulation.free();
    const simulation = first.engine.simulate(scenario);
    replay(simulation, cursor);
    return { engine: first.engine, simulation, found: `Replayed event by event, the run did not fail again: it stands at event ${cursor}, the last that was shown.` };
  }
  return { ...(await startReplayed(family, scenario, last)), found: `The run fails at the event after ${last}. It was replayed up to event ${last}.` };
}

/** A fresh engine with the run, moved over so many events. */
async function startReplayed(family: Family, scenario: Scenario, events: number): Promise<{ engine: Engine; simulation: Simulation }> {
  const engine = await startEngine(family);
  const simulation = engine.simulate(scenario);
  replay(simulation, events);
  return { engine, simulation };
}

/** Steps on until the engine dies, and says after which event; null if it does not within the time. */
function lastAlive(simulation: Simulation, cursor: number): number | null {
  const started = performance.now();
  let last = cursor;
  try {
    while (last % EVENTS_PER_LOOK !== 0 || performance.now() - started < SEARCH_MS) {
      if (!simulation.step()) {
        return null;
      }
      last += 1;
    }
  } catch (error) {
    if (isDeath(error)) {
      return last;
    }
    throw error;
  }
  return null;
}
