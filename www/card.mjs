// What others show of the page: the picture of a link to it, painted from a run as the gallery's are, and the icons of home
// screens. They go into www/pkg/site, from the pictures in www/pkg/pictures; site.plugin.ts starts this where there are none.
//
// resvg makes pixels of SVG. It reads neither WOFF2 nor the variables of style sheets: subset-font gives it the letters that
// are needed, each font in one weight, and the colours are those of the light theme.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Resvg } from "@resvg/resvg-js";
import subsetFont from "subset-font";

const here = (path) => new URL(path, import.meta.url);
const text = (path) => readFileSync(here(path), "utf8");

/** The run in the picture: the first of the headline demos. */
const RUN = "cut-the-leader-off";
/** What sites that show links ask for. */
const [WIDTH, HEIGHT] = [1_200, 630];
/** Letters in a line beside the run, and pixels from one line to the next. */
const [LINE, LEADING] = [34, 38];
/** As the fonts are called inside: without its axis, a font has the name of its first weight. */
const [SERIF, SANS] = ["Source Serif 4", "Source Sans 3 ExtraLight"];

const { name: title, description } = JSON.parse(text("site.webmanifest"));
const tokens = new Map([...text("src/design/tokens.css").matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]+),/g)].map(([, name, value]) => [name, value]));

/** A colour of the style sheet, in the light theme. */
function colour(name) {
  const found = tokens.get(name);
  if (found === undefined) {
    throw new Error(`src/design/tokens.css has no colour --${name}`);
  }
  return found;
}

const painted = (elements) => elements.replaceAll("var(--sans)", SANS).replaceAll(/var\(--([a-z0-9-]+)\)/g, (_, name) => colour(name));

/** A file with a font in one weight, cut down to these letters. */
async function font(from, weight, letters) {
  const source = readFileSync(here(`node_modules/@fontsource-variable/${from}/files/${from}-latin-wght-normal.woff2`));
  const file = here(`pkg/site/${from}.ttf`);
  writeFileSync(file, await subsetFont(source, letters, { targetFormat: "truetype", variationAxes: { wght: weight } }));
  return fileURLToPath(file);
}

function png(name, svg, width, fontFiles = []) {
  const image = new Resvg(svg, { fitTo: { mode: "width", value: width }, font: { loadSystemFonts: false, fontFiles } });
  writeFileSync(here(`pkg/site/${name}.png`), image.render().asPng());
}

/** Words in lines of about that many letters. */
function lines(words) {
  return words.split(" ").reduce((all, word) => {
    const longer = [...all.splice(-1), word].join(" ");
    return longer.length <= LINE ? [...all, longer] : [...all, longer.slice(0, -word.length - 1), word];
  }, []);
}

async function card() {
  const made = JSON.parse(text("pkg/pictures/runs.json")).find(({ run }) => run.name === RUN);
  const letters = `${made.picture}${title}${description}`;
  const fonts = [await font("source-serif-4", 600, letters), await font("source-sans-3", 450, letters)];
  const write = (words, y, size, family, ink) => `<text x="56" y="${y}" font-family="${family}" font-size="${size}" fill="${colour(ink)}">${words}</text>`;
  const heading = title.split(" ").map((word, line) => write(word, 150 + 66 * line, 62, SERIF, "ink"));
  const about = lines(description).map((words, line) => write(words, 280 + LEADING * line, 28, SANS, "ink-2"));
  png("card", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">
    <path d="M0 0h${WIDTH}v${HEIGHT}h-${WIDTH}z" fill="${colour("paper")}"/>${heading.join("")}${about.join("")}
    <svg x="470" y="96" width="730" height="438" viewBox="0 0 320 180">${painted(made.picture)}</svg>
  </svg>`, WIDTH, fonts);
}

/** The icon with paper around it, `part` of the whole: some cut a round piece out of what they are given. */
function onPaper(icon, part) {
  const [size, edge] = [100 * part, 50 * (1 - part)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="M0 0h100v100H0z" fill="${colour("paper")}"/>
    ${icon.replace("<svg ", `<svg x="${edge}" y="${edge}" width="${size}" height="${size}" `)}</svg>`;
}

mkdirSync(here("pkg/site"), { recursive: true });
await card();
const icon = text("src/icon.svg");
png("icon-192", icon, 192);
png("icon-512", icon, 512);
png("icon-maskable", onPaper(icon, 0.6), 512);
png("apple-touch-icon", onPaper(icon, 0.8), 180);
