// The page without a network, from its second visit on: starts the service worker (worker/worker.ts), and says when a newer
// version of the page is there. Nothing is forced: the old one stays until the reader reloads.
//
// Only a page of its own has one. A frame in somebody else's page keeps nothing, and on localhost, where what was just built
// is to be seen, it would be in the way.

import type { Run } from "../engine/run.js";
import type { Order } from "./orders.js";

const WORKER = "service-worker.js";
/** A page that stays open looks for a newer version when it is seen again, at most so often. */
const LOOK_AGAIN_MS = 3_600_000;

/** Whether the reader's connection is one that counts what is fetched. */
const isMeasured = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

export async function workOffline(run: Run): Promise<void> {
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname);
  if (window.parent !== window || isHere || isMeasured() || !("serviceWorker" in navigator)) {
    return;
  }
  let registration: ServiceWorkerRegistration;
  try {
    registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
  } catch {
    // The browser keeps nothing, or may not: the page is as it would be without.
    return;
  }
  const tell = (): void => tellNewer(run, registration);
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", tell));
  tell();
  lookAgain(registration);
}

/** Says that a newer version waits. The first one has none before it, and waits for nothing. */
function tellNewer(run: Run, { waiting, active }: ServiceWorkerRegistration): void {
  if (waiting === null || active === null) {
    return;
  }
  const reload = (): void => {
    navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
    waiting.postMessage("take over" satisfies Order, {});
  };
  run.notices.tell({ tone: "plain", text: "A newer version of the playground is there. Your run is kept when you reload.", action: { label: "Reload", run: reload } });
}

function lookAgain(registration: ServiceWorkerRegistration): void {
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - looked > LOOK_AGAIN_MS) {
      looked = Date.now();
      // Without a network there is nothing newer.
      registration.update().catch(() => undefined);
    }
  });
}
