// What is written below a figure.

import { count } from "../design/words.js";
import type { Run } from "../engine/run.js";
import { looksOf } from "../protocols/protocol.js";

/** Which run is shown, and what of it, in a line. */
export function factsOf(run: Run, range: string, heartbeats: string): string {
  const { catalogue, scenario } = run;
  const off = scenario.mutations ?? [];
  const parts = [
    `${looksOf(catalogue.protocol).title}, ${count(catalogue.replicas, "replica")}, ${count(catalogue.processes.length - catalogue.replicas, "client")}`,
    ...(scenario.seed === undefined ? [] : [`seed ${scenario.seed}`]),
    ...(off.length === 0 ? [] : [`switched off: ${off.join(", ")}`]),
    range,
    ...(heartbeats === "" ? [] : [heartbeats]),
    `engine ${run.engineVersion}`,
  ];
  return parts.join(" · ");
}

/** A text in lines that are no wider than that; a word that is wider by itself is broken. */
export function wrapped(text: string, width: number, widthOf: (words: string) => number): string[] {
  const all: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const longer = [...all.slice(-1), word].join(" ");
    if (all.length > 0 && widthOf(longer) <= width) {
      all[all.length - 1] = longer;
    } else {
      all.push(...broken(word, width, widthOf));
    }
  }
  return all;
}

function broken(word: string, width: number, widthOf: (words: string) => number): string[] {
  const letters = Array.from(word);
  let fitting = letters.length;
  while (fitting > 1 && widthOf(letters.slice(0, fitting).join("")) > width) {
    fitting = Math.min(fitting - 1, Math.max(1, Math.floor((fitting * width) / widthOf(letters.slice(0, fitting).join("")))));
  }
  return fitting >= letters.length ? [word] : [letters.slice(0, fitting).join(""), ...broken(letters.slice(fitting).join(""), width, widthOf)];
}
