// The engines that were started: one for each family of protocols, whose module is fetched when it is needed.

import { looksOf } from "../protocols/protocol.js";
import { startEngine } from "./engine.js";
import type { Engine } from "./engine.js";
import type { Family } from "./modules.js";

export class Engines {
  private readonly started = new Map<Family, Engine>();
  /** Goes up with every run that is asked for: the last one wins, however long its module takes to come. */
  private requests = 0;

  constructor(private readonly report: (error: unknown) => void) {}

  /** Says that another run is asked for. What comes back tells whether it still is: the last one wins. */
  request(): () => boolean {
    this.requests += 1;
    const { requests } = this;
    return () => requests === this.requests;
  }

  /** The engine for a protocol. Its module is fetched if it is not there yet. */
  async of(protocol: string): Promise<Engine> {
    const { family } = looksOf(protocol);
    const engine = this.started.get(family) ?? (await startEngine(family));
    this.started.set(family, engine);
    return engine;
  }

  /**
   * Uses the engine for a protocol, at once if it is there. One that has died is not: then another is started first.
   */
  use(protocol: string, use: (engine: Engine) => void): void {
    const present = this.started.get(looksOf(protocol).family);
    if (present !== undefined) {
      use(present);
      return;
    }
    const isWanted = this.request();
    this.of(protocol)
      .then((engine) => {
        if (isWanted()) {
          use(engine);
        }
      })
      .catch(this.report);
  }

  put(family: Family, engine: Engine): void {
    this.started.set(family, engine);
  }

  /** A dead engine must not be called again. */
  remove(dead: Family | Engine): void {
    for (const [family, engine] of this.started) {
      if (family === dead || engine === dead) {
        this.started.delete(family);
      }
    }
  }
}
