// What no view could deal with itself is said aloud, and the page goes on; so is what parts without a run have to say.

import { Reviving } from "../../engine/live.js";
import type { Run } from "../../engine/run.js";

export function listenForErrors(run: Run): void {
  window.addEventListener("error", ({ error }) => run.notices.report(error ?? "Something went wrong in the page."));
  window.addEventListener("unhandledrejection", (event) => {
    if (event.reason instanceof Reviving) {
      event.preventDefault();
    }
    run.notices.report(event.reason);
  });
  window.addEventListener("playground-say", (event) => run.notices.tell({ tone: "plain", text: (event as CustomEvent<string>).detail }));
}
