// What the run says and does when its engine dies, and when another has taken its place.

import type { Emitter } from "./emitter.js";
import { describeError } from "./engine.js";
import type { Engine, Simulation } from "./engine.js";
import type { Engines } from "./engines.js";
import type { LiveOwner, Replayable } from "./live.js";
import type { Family } from "./modules.js";
import type { Notices } from "./notices.js";
import type { Playhead } from "./playhead.js";

interface MortalRun {
  readonly playhead: Playhead;
  readonly engines: Engines;
  readonly notices: Notices;
  readonly emitter: Emitter;
  replayable(): Replayable;
  showRevived(engine: Engine, simulation: Simulation): void;
}

export function ownerOf(run: MortalRun): LiveOwner {
  return {
    replayable: () => run.replayable(),
    died: ({ family, cursor }, death) => {
      run.playhead.stopForRevival();
      run.engines.remove(family);
      run.notices.tell({ tone: "bad", text: `The engine failed after event ${cursor}: ${describeError(death)}. The run is being replayed up to that event.` });
    },
    revived: (family: Family, engine, simulation, found) => {
      run.engines.put(family, engine);
      run.showRevived(engine, simulation);
      if (found !== null) {
        run.notices.tell({ tone: "bad", text: found });
      }
      run.playhead.playIfAsked();
    },
    lost: (why, tryAgain) => {
      run.notices.tell({ tone: "bad", text: why, action: { label: "Try again", run: tryAgain } });
      run.emitter.emit("scenario");
    },
  };
}
