// The gallery's prepared runs and their pictures, as modules of the page: `virtual:runs` lists all runs, and
// `virtual:pictures/raft` has the pictures of one protocol's, as templates of Lit without a hole in them, so that nothing
// is parsed or trusted in the browser.
//
// The pictures are painted by pictures.mjs, in a process of its own, from the wasm modules and the diagram's code. Where
// one of these has changed, www/build has them painted again.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

import type { Made } from "./src/pictures/make.ts";

const RUNS = "virtual:runs";
const PICTURES = "virtual:pictures/";
const template = (text: string): string => `svg\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;

/** All runs with their pictures. What is there is read, however old: www/build sees to it that it is not. */
function madeIn(folder: string): Made[] {
  const made = join(folder, "pkg/pictures/runs.json");
  if (!existsSync(made)) {
    execFileSync(process.execPath, [join(folder, "pictures.mjs")], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  }
  return JSON.parse(readFileSync(made, "utf8")) as Made[];
}

/** `folder` is the page's, www. */
export function pictures(folder: string): Plugin {
  let all: Made[] | undefined;
  return {
    name: "pictures",
    resolveId: (id) => (id === RUNS || id.startsWith(PICTURES) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${RUNS}`) && !id.startsWith(`\0${PICTURES}`)) {
        return null;
      }
      all ??= madeIn(folder);
      if (id === `\0${RUNS}`) {
        return `export const runs = ${JSON.stringify(all.map(({ run }) => run))};\n`;
      }
      const protocol = id.slice(PICTURES.length + 1);
      const own = all.filter(({ run }) => run.protocol === protocol);
      const entries = own.map(({ run, picture }) => `${JSON.stringify(run.name)}: ${template(picture)}`);
      return `import { svg } from "lit";\nexport const pictures = {\n${entries.join(",\n")}\n};\n`;
    },
  };
}
