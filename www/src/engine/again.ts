// A run is made again as it was: by its scenario, step by step, while the page goes on showing what it shows.

import type { Mark } from "./deeds.js";
import { isDeath } from "./engine.js";
import type { Engine, Scenario, Simulation } from "./engine.js";
import type { Engines } from "./engines.js";
import { replayInTurns } from "./revival.js";

/** The run that is shown meanwhile. */
interface Waiting {
  readonly engines: Engines;
  readonly scenario: Scenario;
  engineDied(engine: Engine, death: unknown): void;
}

/** Null where something else was done or asked for meanwhile: a long run takes its time. */
export async function madeAgain(run: Waiting, { scenario, events }: Mark): Promise<{ engine: Engine; simulation: Simulation } | null> {
  const isWanted = run.engines.request();
  const { scenario: before } = run;
  const isStill = (): boolean => isWanted() && run.scenario === before;
  const engine = await run.engines.of(scenario.protocol);
  const simulation = engine.simulate(scenario);
  try {
    await replayInTurns(simulation, events, isStill);
  } catch (error) {
    if (isDeath(error)) {
      run.engineDied(engine, error);
    }
    throw error;
  }
  if (!isStill()) {
    simulation.free();
    return null;
  }
  return { engine, simulation };
}
