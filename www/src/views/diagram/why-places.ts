// Where the sentences of an explanation stand: level, beside their discs, each in at most three lines. Every sentence
// has some spots around its disc, each with a price for what it would cover; of all ways to give each sentence a spot,
// or none, the cheapest is searched in which no two meet (branch and bound, over the best few spots of each).

import type { Point } from "./frame.js";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A spot for a sentence in some lines, and what it costs. */
export interface Place {
  box: Box;
  lines: readonly string[];
  price: number;
}

/** The best spots of each sentence that are tried together. */
const TRIED = 10;
/** What it costs that a sentence is not on the drawing: more than any spot may. */
const LEFT_OUT = 40;
/** After so many steps the best way found so far is taken. */
const STEPS_MAX = 20_000;
/** Pixels that two sentences keep from each other. */
const APART = 5;

/** A spot for each sentence, in their order; null for one that finds none. */
export function arrange(sentences: readonly (readonly Place[])[]): (Place | null)[] {
  const tried = sentences.map((places) => places.filter(({ price }) => price < LEFT_OUT).toSorted((one, other) => one.price - other.price).slice(0, TRIED));
  let best: (Place | null)[] = sentences.map(() => null);
  let least = sentences.length * LEFT_OUT + 1;
  let steps = 0;
  const chosen: (Place | null)[] = [];
  const search = (ordinal: number, price: number): void => {
    steps += 1;
    if (price >= least || steps > STEPS_MAX) {
      return;
    }
    if (ordinal === tried.length) {
      least = price;
      best = [...chosen];
      return;
    }
    for (const place of [...(tried[ordinal] ?? []), null]) {
      if (place === null || chosen.every((other) => other === null || !meet(place.box, other.box))) {
        chosen.push(place);
        search(ordinal + 1, price + (place?.price ?? LEFT_OUT));
        chosen.pop();
      }
    }
  };
  search(0, 0);
  return best;
}

function meet(one: Box, other: Box): boolean {
  return one.x < other.x + other.width + APART && other.x < one.x + one.width + APART && one.y < other.y + other.height + APART && other.y < one.y + one.height + APART;
}

/** Where a box of some size may stand around a disc: above and below it and to its sides, and how far away. */
export function around({ x, y }: Point, { width, height }: { width: number; height: number }, radius: number): { box: Box; away: number }[] {
  const near = radius + 5;
  const shifts = [-8, -width * 0.25, -width * 0.5, -width * 0.75, 8 - width];
  const spots: { box: Box; away: number }[] = [
    { box: { x: x + near, y: y - height / 2, width, height }, away: 0 },
    { box: { x: x - near - width, y: y - height / 2, width, height }, away: 0 },
  ];
  for (const away of [0, 12, 26]) {
    for (const shift of shifts) {
      spots.push({ box: { x: x + shift, y: y - near - away - height, width, height }, away }, { box: { x: x + shift, y: y + near + away, width, height }, away });
    }
    spots.push({ box: { x: x + near + away, y: y - near - height, width, height }, away }, { box: { x: x + near + away, y: y + near, width, height }, away });
    spots.push({ box: { x: x - near - away - width, y: y - near - height, width, height }, away }, { box: { x: x - near - away - width, y: y + near, width, height }, away });
  }
  return spots;
}

/** A sentence in at most so many lines, none wider than a width; null where that cannot be. */
export function inLines(sentence: string, width: number, most: number, measure: (text: string) => number): string[] | null {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && measure(longer) <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
    if (lines.length > most || measure(lines.at(-1) ?? "") > width) {
      return null;
    }
  }
  return lines;
}
