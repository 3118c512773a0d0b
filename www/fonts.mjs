// The page's fonts: Source Sans 3, Source Serif 4 and Source Code Pro, cut down to the letters and signs that the page
// writes, with one axis, their weight. They go into www/pkg/fonts, with their licences; fonts.plugin.ts starts this where
// there are none.
//
// npm's @fontsource-variable has the fonts (SIL Open Font License), and subset-font, which is HarfBuzz, cuts them.

import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

import subsetFont from "subset-font";

/** All three together, in bytes. */
const TOTAL_MAX = 64 * 1_024;

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join("");

const ASCII = range(0x20, 0x7e);
/** What the page itself writes besides. What a font does not have is left out. */
const SIGNS = "“”‘’–—…·×−←↑→↓≠≤≥²µéö\u00a0";
/** Captions may be written in other languages, too. */
const WESTERN = range(0xa1, 0xff) + "ŒœŠšŽžŸ„‚‹›€";

const FONTS = [
  { name: "sans", from: "source-sans-3", text: ASCII + SIGNS, weights: { min: 400, max: 700 } },
  { name: "serif", from: "source-serif-4", text: ASCII + SIGNS + WESTERN, weights: { min: 400, max: 600 } },
  { name: "mono", from: "source-code-pro", text: ASCII + SIGNS, weights: { min: 400, max: 700 } },
];

const here = (path) => new URL(path, import.meta.url);

mkdirSync(here("pkg/fonts"), { recursive: true });
let total = 0;
for (const { name, from, text, weights } of FONTS) {
  const source = here(`node_modules/@fontsource-variable/${from}/`);
  const file = new URL(`files/${from}-latin-wght-normal.woff2`, source);
  const font = await subsetFont(readFileSync(file), text, { targetFormat: "woff2", variationAxes: { wght: weights } });
  writeFileSync(here(`pkg/fonts/${name}.woff2`), font);
  copyFileSync(new URL("LICENSE", source), here(`pkg/fonts/${from}-LICENSE.txt`));
  total += statSync(here(`pkg/fonts/${name}.woff2`)).size;
}
if (total > TOTAL_MAX) {
  throw new Error(`The fonts have ${total} bytes: more than ${TOTAL_MAX}.`);
}
