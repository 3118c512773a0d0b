// Opens the place where a run is taken away, and where files are opened. It is fetched when it is asked for.

import type { Run } from "../../engine/run.js";
import { PlaygroundTakeaway } from "./takeaway.js";

let made: PlaygroundTakeaway | undefined;

/** It stands over the whole page. */
async function takeaway(run: Run): Promise<PlaygroundTakeaway> {
  if (made === undefined) {
    made = new PlaygroundTakeaway();
    made.run = run;
    document.body.append(made);
  }
  await made.updateComplete;
  return made;
}

export async function openDropped(run: Run, file: File): Promise<void> {
  await (await takeaway(run)).open(file);
}

export async function open(run: Run): Promise<void> {
  (await takeaway(run)).show();
}
