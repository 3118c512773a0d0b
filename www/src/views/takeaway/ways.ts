// The ways to where a run is taken away, and files are opened: a key, a file that is dropped anywhere on the page, and the
// printer. It needs nothing else: what it leads to is fetched when one goes there.

import type { Run } from "../../engine/run.js";

/** Files that are dropped on a field for files are that field's. */
function hasFiles(event: DragEvent): boolean {
  const [target] = event.composedPath();
  return event.dataTransfer?.types.includes("Files") === true && !(target instanceof HTMLInputElement && target.type === "file");
}

export async function save(run: Run): Promise<void> {
  const { open } = await import("./open.js");
  await open(run);
}

async function openFile(run: Run, file: File): Promise<void> {
  const { openDropped } = await import("./open.js");
  await openDropped(run, file);
}

/** The printer does not wait: what is printed is laid out by what is there already. */
export async function listenForFiles(run: Run): Promise<void> {
  window.addEventListener("dragover", (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
    }
  });
  window.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (hasFiles(event) && file !== undefined) {
      // Else the browser would leave the page for it.
      event.preventDefault();
      openFile(run, file).catch((error: unknown) => run.notices.report(error));
    }
  });
  const { listenForPrint } = await import("./print.js");
  listenForPrint(run);
}
