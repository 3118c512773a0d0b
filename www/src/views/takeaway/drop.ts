// A file that is dropped anywhere on the page is opened.

import type { Run } from "../../engine/run.js";

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

export function listenForFiles(run: Run): void {
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
      import("./open.js").then(({ openDropped }) => openDropped(run, file)).catch((error: unknown) => run.notices.report(error));
    }
  });
}
