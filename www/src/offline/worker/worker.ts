// The service worker: keeps the page's own files, so that the page comes up without a network. It answers for these files
// and for nothing else; every other request goes its way as if it were not there.
//
// It is a script of its own, beside index.html. What it is to keep the build writes into it (offline.plugin.ts): another
// version of the page is another script, and that is how the browser notices. The new one waits until no page uses the old
// one, or until a reader asks for it.

import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";
import type { PrecacheEntry } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";

import type { Order } from "../orders.js";

declare const self: ServiceWorkerGlobalScope & {
  /** What is kept from the beginning. */
  readonly AT_ONCE: PrecacheEntry[];
  /** Addresses, beside this script, of what is kept once it was used. Their content is in their names. */
  readonly ON_DEMAND: readonly string[];
};

const files = self.AT_ONCE;
/** What is kept once it was used. Another playground of this host's has another. */
const KEPT_ON_DEMAND = `on-demand-${self.registration.scope}`;
const onDemand = new Set(self.ON_DEMAND.map((file) => new URL(file, self.location.href).href));

cleanupOutdatedCaches();
// What follows the "?" tells instances of an engine apart, and is nothing to the files.
precacheAndRoute(files, { ignoreURLParametersMatching: [/./] });
registerRoute(({ url }) => onDemand.has(url.origin + url.pathname), new CacheFirst({ cacheName: KEPT_ON_DEMAND, matchOptions: { ignoreSearch: true } }));

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

/** The page that is open has its files kept from now on; those of versions before go. */
async function takeOver(): Promise<void> {
  await self.clients.claim();
  const cache = await caches.open(KEPT_ON_DEMAND);
  const old = (await cache.keys()).filter(({ url }) => !onDemand.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
}

self.addEventListener("message", ({ data }) => {
  if (data === ("take over" satisfies Order)) {
    void self.skipWaiting();
  }
});
