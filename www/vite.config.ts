import { readFileSync, readdirSync } from "node:fs";

import { defineConfig, minify } from "vite";
import type { Plugin } from "vite";

import { fonts } from "./fonts.plugin.ts";
import { guide } from "./guide.plugin.ts";
import { BUNDLED, licences } from "./licences.plugin.ts";
import { WORKER, offline } from "./offline.plugin.ts";
import { pictures } from "./pictures.plugin.ts";
import { site } from "./site.plugin.ts";

/** The custom element for other people's pages: its name is for ever, and it stands beside embed.html. */
const ELEMENT = "consensus-playground";
const TYPES = new URL("src/element/types/", import.meta.url);

/** Scripts with names of their own, beside the pages. */
const ALONE = [ELEMENT, WORKER];

/**
 * Two files are classic scripts: nothing imported, nothing exported, no global name. The element's, since a module from
 * another origin needs leave of its server; and the service worker, which not every browser takes as a module.
 */
const classicScripts: Plugin = {
  name: "classic-scripts",
  generateBundle(_, bundle) {
    for (const name of ALONE) {
      const chunk = bundle[`${name}.js`];
      if (chunk?.type !== "chunk" || chunk.imports.length > 0 || chunk.exports.length > 0) {
        this.error(`${name}.js is to be one file that depends on nothing`);
      }
      chunk.code = `(()=>{${chunk.code.trim()}})();\n`;
    }
    // Its types, for whoever bundles it.
    for (const file of readdirSync(TYPES)) {
      this.emitFile({ type: "asset", fileName: file, source: readFileSync(new URL(file, TYPES), "utf8") });
    }
  },
};

/** What wasm-bindgen writes beside each module is fetched by its address: to the bundler a file like any other, which nothing else makes small. */
const smallGlue: Plugin = {
  name: "small-glue",
  async generateBundle(_, bundle) {
    const glue = Object.values(bundle).flatMap((file) => (file.type === "asset" && file.fileName.endsWith(".js") ? [file] : []));
    await Promise.all(glue.map(async (file) => (file.source = (await minify(file.fileName, String(file.source), { module: true })).code)));
  },
};

const here = new URL(".", import.meta.url).pathname;

/** What page and frame both begin with. The sheet of keys is the page’s alone, and a run from which one goes on by oneself the levels’. */
const COMMON = /^(?!.*(\?raw|(engine\/clone|commands\/sheet)\.ts)$).*(node_modules\/(lit|@lit)|src\/(commands|design|engine)\/|src\/views\/(panel|canvas|controls|groups|responsible|operation-words|side\/cut-off|partition\/standing)\.ts|src\/views\/(notices|verdict)\/)/;
/** The diagram in one file, too, though a figure that is taken away needs most of it. */
const DIAGRAM = /src\/views\/diagram\/(?!svg|view-tools)/;

// The page is static: everything it loads at run time lies beside it in dist, under relative addresses, so that it works
// from any folder of any server.
export default defineConfig({
  base: "./",
  plugins: [classicScripts, smallGlue, guide(new URL("guide", import.meta.url).pathname), pictures(here), fonts(here), site(here), licences(new URL("..", import.meta.url).pathname, here), offline],
  // As a static server for the public does: a frame that its sandbox leaves without an origin may read the files, too.
  preview: { cors: true },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // A small file inlined as a data: address would be refused by the page's content security policy.
    assetsInlineLimit: 0,
    license: { fileName: BUNDLED },
    // The polyfill is for browsers that cannot run the page anyway.
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: {
      input: { index: "index.html", embed: "embed.html", task: "task.html", [ELEMENT]: `src/element/${ELEMENT}.ts`, [WORKER]: "src/offline/worker/worker.ts" },
      output: {
        entryFileNames: ({ name }) => (ALONE.includes(name) ? "[name].js" : "assets/[name]-[hash].js"),
        // What page and frame both begin with, in one file: together it is smaller than in ten.
        codeSplitting: { groups: [{ name: "common", test: COMMON }, { name: "diagram", test: DIAGRAM }] },
      },
    },
  },
});
