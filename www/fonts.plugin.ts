// The page's fonts are there before the page is built, and their licences lie beside them.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

/** `folder` is the page's, www. */
export function fonts(folder: string): Plugin {
  const made = join(folder, "pkg/fonts");
  return {
    name: "fonts",
    buildStart() {
      if (!existsSync(join(made, "mono.woff2"))) {
        execFileSync(process.execPath, [join(folder, "fonts.mjs")], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
      }
    },
    generateBundle() {
      for (const file of readdirSync(made).filter((each) => each.endsWith("-LICENSE.txt"))) {
        this.emitFile({ type: "asset", fileName: `assets/${file}`, source: readFileSync(join(made, file)) });
      }
    },
  };
}
