// Paints a run as an SVG, without a browser: www/still starts it and says how.

import { writeSync } from "node:fs";
import { parseArgs } from "node:util";

import { load, start } from "./headless.mjs";

const seconds = (name, text) => {
  const number = Number(text);
  if (text !== undefined && (text.trim() === "" || !Number.isFinite(number) || number < 0)) {
    throw new Error(`--${name}: a number of seconds, not ${text}`);
  }
  return text === undefined ? undefined : number;
};

const oneOf = (name, text, all) => {
  if (!all.includes(text)) {
    throw new Error(`--${name}: ${all.join(" or ")}, not ${text}`);
  }
  return text;
};

function asked() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: "string", default: "paper" },
      theme: { type: "string", default: "light" },
      time: { type: "string" },
      from: { type: "string" },
      to: { type: "string" },
      title: { type: "string" },
      caption: { type: "string" },
      address: { type: "string", default: process.env.PAGE_ADDRESS ?? "" },
    },
  });
  if (positionals.length !== 1) {
    throw new Error("which run? A link, an address of the page, or the name of a prepared run: www/still cut-the-leader-off > run.svg");
  }
  const [link] = positionals;
  const { size, theme, time, from, to, title, caption, address } = values;
  return {
    link, title, caption, address,
    size: oneOf("size", size, ["paper", "slide"]),
    theme: oneOf("theme", theme, ["light", "dark"]),
    time: time === undefined ? undefined : oneOf("time", time, ["down", "right"]),
    from: seconds("from", from),
    to: seconds("to", to),
  };
}

/** All of it, however slowly it is read. */
function print(text) {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if (error.code !== "EAGAIN") {
        throw error;
      }
    }
  }
}

try {
  const wanted = asked();
  const { still } = await load("src/figure/still.ts");
  print(await still(start, wanted));
  // Frames that were asked for are none of ours.
  process.exit(0);
} catch (error) {
  // Whoever reads has read enough.
  if (error.code === "EPIPE") {
    process.exit(0);
  }
  console.error(`www/still: ${error.message}`);
  process.exit(2);
}
