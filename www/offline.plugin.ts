// Writes into the service worker what it is to keep: at once, with the page, all that the page is made of and the modules of
// the protocols; once they were used, the large modules of single rooms. Each build knows the names, for they have a hash of
// the content in them; of index.html, whose name stays, the hash is written beside it.

import { createHash } from "node:crypto";

import type { Plugin } from "vite";

export const WORKER = "service-worker";

/** The page, the frame that it has in its own texts, and what it shows of itself. */
const OWN = ["index.html", "embed.html", "site.webmanifest", "icon.svg"];
const ON_DEMAND = /^assets\/(course|explore|hunt|threshold)_bg-.*\.wasm$/;
/** Of tasks in other people's pages, and texts that hardly anybody reads. */
const LEFT_OUT = /^assets\/(task-.*\.js|.*-LICENSE\.txt)$/;

export const offline: Plugin = {
  name: "offline",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      const worker = bundle[`${WORKER}.js`];
      if (worker?.type !== "chunk") {
        this.error("the service worker was not built");
      }
      const names = Object.keys(bundle).toSorted();
      const onDemand = names.filter((name) => ON_DEMAND.test(name));
      const hashed = names.filter((name) => name.startsWith("assets/") && !LEFT_OUT.test(name) && !onDemand.includes(name));
      const own = OWN.map((name) => {
        const file = bundle[name];
        if (file?.type !== "asset") {
          this.error(`${name} was not built`);
        }
        return { url: name, revision: createHash("sha256").update(file.source).digest("hex").slice(0, 16) };
      });
      const atOnce = [...own, ...hashed.map((url) => ({ url, revision: null }))];
      worker.code = worker.code.replace("self.AT_ONCE", () => JSON.stringify(atOnce)).replace("self.ON_DEMAND", () => JSON.stringify(onDemand));
    },
  },
};
