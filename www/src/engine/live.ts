// The simulation that a run shows, alive or dead. It is asked here and nowhere else: whoever wants to know or do
// something passes a function to `call`. (Runs that are not shown yet are driven by those who make them: link.ts and
// revival.ts.)
//
// A simulation dies when Rust panics. Then it must never be called again: `call` throws `Reviving`, the views keep what
// they showed, and a fresh engine replays the run up to the last event that was reached alive.

import { describeError, isDeath } from "./engine.js";
import type { Engine, Scenario, Simulation } from "./engine.js";
import type { Family } from "./modules.js";
import { revived } from "./revival.js";

/** Says that the engine is being started again: the view that asked keeps what it showed. */
export class Reviving extends Error {}

/** From what a run can be made again. */
export interface Replayable {
  family: Family;
  scenario: Scenario;
  /** The last event that is known to have been reached alive. */
  cursor: number;
}

/** Whose simulation it is. */
export interface LiveOwner {
  replayable(): Replayable;
  /** The simulation has died; another engine is being started. */
  died(last: Replayable, death: unknown): void;
  /** The run was made again in another engine. `found`: what came of the search for the event at which it died. */
  revived(family: Family, engine: Engine, simulation: Simulation, found: string | null): void;
  /** It could not be made again. */
  lost(why: string, tryAgain: () => void): void;
}

export class Live {
  private simulation: Simulation | null = null;
  /** The engine has died, and no other has taken its place yet. */
  private isDead = false;
  /** Why none could; null as long as one may. */
  private whyLost: string | null = null;
  /** A call is under way that may pass many events: if the engine dies meanwhile, nobody knows at which. */
  private passesMany = false;

  constructor(private readonly owner: LiveOwner) {}

  get reviving(): boolean {
    return this.isDead;
  }

  /** Takes another simulation in the place of the one before, which is freed. */
  replace(simulation: Simulation): void {
    // A dead one is not to be touched.
    if (!this.isDead) {
      this.simulation?.free();
    }
    this.simulation = simulation;
    this.isDead = false;
    this.whyLost = null;
  }

  call<T>(ask: (simulation: Simulation) => T): T {
    if (this.isDead || this.simulation === null) {
      throw new Reviving(this.whyLost ?? "The engine is being started again…");
    }
    try {
      return ask(this.simulation);
    } catch (error) {
      if (isDeath(error)) {
        void this.revive(error);
        throw new Reviving("The engine is being started again…");
      }
      throw error;
    }
  }

  /** As `call`, for what moves the playhead forward: by one event, or by many. */
  move<T>(ask: (simulation: Simulation) => T, passesMany: boolean): T {
    this.passesMany = passesMany;
    try {
      return this.call(ask);
    } finally {
      this.passesMany = false;
    }
  }

  /** A fresh engine replays the run, up to the last event that was reached alive. */
  async revive(death: unknown): Promise<void> {
    const { simulation: dead, passesMany } = this;
    const last = this.owner.replayable();
    // First of all: the dead one must not be called again.
    this.isDead = true;
    this.whyLost = null;
    this.owner.died(last, death);
    try {
      const { engine, simulation, found } = await revived(last.family, last.scenario, last.cursor, passesMany);
      if (this.simulation !== dead) {
        // Another run was begun meanwhile.
        simulation.free();
        return;
      }
      this.owner.revived(last.family, engine, simulation, found);
    } catch (error) {
      if (this.simulation === dead) {
        this.whyLost = `The engine could not be started again: ${describeError(error)}`;
        this.owner.lost(this.whyLost, () => void this.revive(death));
      }
    }
  }
}
