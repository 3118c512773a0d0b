// Prepared runs by their names: whose they are, and those that are the course's, which the modules of the protocols do
// not have.

import type { GalleryEntry } from "./engine.js";
import { onlyProtocol } from "./names.js";
import { TICKS_PER_SECOND } from "./playhead.js";
import type { Run } from "./run.js";

/** Whose a prepared run is, by its name; undefined where there is none of that name. */
export async function protocolOf(name: string): Promise<string | undefined> {
  const { runs } = await import("virtual:runs");
  return onlyProtocol(name, runs);
}

/** A prepared run of the course, by its name. */
export async function courseRun(name: string, protocol: string): Promise<GalleryEntry | undefined> {
  const { runs } = await import("virtual:runs");
  return runs.find((each) => each.name === name && each.protocol === protocol)?.entry;
}

/** Loads it, once its protocol's engine is there; where one is given, with another seed. */
export function loadEntry(run: Run, entry: GalleryEntry, seed?: number): void {
  run.load(seed === undefined ? entry.scenario : { ...entry.scenario, seed }, openingOf(entry));
  run.addEntry(entry);
}

/** Whether a scheduler is to keep the run from deciding: it has to be started where nothing is decided yet. */
export const isKeptUndecided = ({ name }: Pick<GalleryEntry, "name">): boolean => name.startsWith("kept-undecided");

/**
 * When a prepared run has something to show, where the playground would open it too early; undefined where it would
 * not.
 */
function openingOf(entry: GalleryEntry): number | undefined {
  if (isKeptUndecided(entry)) {
    return 0;
  }
  const times = (entry.scenario.interventions ?? []).map(({ at }) => at);
  // What is done at the very beginning only sets the scene.
  return Math.min(...times) < 0.3 * TICKS_PER_SECOND ? Math.max(TICKS_PER_SECOND, Math.max(...times) + 0.1 * TICKS_PER_SECOND) : undefined;
}
