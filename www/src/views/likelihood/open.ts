// Opens the strip above the tape, and closes it. It stands in the transport's slot, whichever run is shown.

import type { Run } from "../../engine/run.js";
import { PlaygroundLikelihood } from "./likelihood.js";

/** `event`: after which what is asked for is so; null: what the run offers first, and nothing more where the strip is open. */
export function ask(run: Run, event: number | null): void {
  const transport = document.querySelector("playground-app")?.shadowRoot?.querySelector("playground-transport");
  const strip = transport?.querySelector("playground-likelihood");
  if (strip instanceof PlaygroundLikelihood) {
    if (event === null) {
      strip.remove();
    } else {
      strip.event = event;
    }
    return;
  }
  const made = new PlaygroundLikelihood();
  made.run = run;
  made.event = event;
  transport?.append(made);
}
