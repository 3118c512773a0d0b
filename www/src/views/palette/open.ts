// Opens the palette of commands, which is fetched when it is opened for the first time.

import { PALETTE_EVENT } from "../../commands/perform.js";
import type { Run } from "../../engine/run.js";
import type { PlaygroundPalette } from "./palette.js";

export function listenForPalette(run: Run): void {
  let palette: Promise<PlaygroundPalette> | undefined;
  window.addEventListener(PALETTE_EVENT, () => {
    palette ??= make(run);
    palette
      .then((made) => made.toggle())
      .catch((error: unknown) => {
        palette = undefined;
        run.notices.report(error);
      });
  });
}

/** It stands over the whole page, whichever room is entered. */
async function make(run: Run): Promise<PlaygroundPalette> {
  await import("./palette.js");
  const palette = document.createElement("playground-palette");
  palette.run = run;
  document.body.append(palette);
  await palette.updateComplete;
  return palette;
}
