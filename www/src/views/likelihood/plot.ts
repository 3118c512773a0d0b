// The share of forks that end so, over the run's time: as wide as the tape below it.

import { html, nothing, svg } from "lit";
import type { TemplateResult } from "lit";

import { seconds } from "../../design/words.js";
import type { Counting } from "./counting.js";

export const HEIGHT = 38;
const TOP = 4;
const BOTTOM = HEIGHT - 2;
/** So far from a jump a press still means it. */
const NEAR_PX = 9;
/** Words need so much space. */
const WORDS_PX = 92;

export interface Plot {
  counting: Counting;
  /** Ticks from one side to the other. */
  extent: number;
  width: number;
  /** The place of the moment that is chosen. */
  chosen: number;
  isBad: boolean;
}

interface Point {
  x: number;
  y: number;
}

const xOf = ({ counting, extent, width }: Plot, place: number): number => ((counting.plan?.moments[place]?.time ?? 0) / extent) * width;
const yOf = ({ counting }: Plot, place: number): number => BOTTOM - ((counting.counted[place]?.same ?? 0) / (counting.plan?.forks ?? 1)) * (BOTTOM - TOP);
const pointAt = (all: Plot, place: number): Point => ({ x: xOf(all, place), y: yOf(all, place) });
const pathOf = (points: readonly Point[]): string => points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const areaOf = (points: readonly Point[]): string => (points.length === 0 ? "" : `${pathOf(points)}L${points.at(-1)?.x.toFixed(1)} ${BOTTOM}L${points[0]?.x.toFixed(1)} ${BOTTOM}Z`);

export function plot(all: Plot): TemplateResult {
  const { counting, width, chosen, isBad } = all;
  const places = counting.counted.flatMap((each, place) => (each === undefined ? [] : [place]));
  const points = places.map((place) => pointAt(all, place));
  const from = counting.reading?.all_from ?? null;
  const settled = from === null ? [] : places.filter((place) => place >= from).map((place) => pointAt(all, place));
  return html`<svg class=${isBad ? "bad" : ""} width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true">
    <path class="ground" d="M0 ${BOTTOM}H${width}M0 ${TOP}H${width}"></path>
    <path class="area" d=${areaOf(points)}></path>
    <path class="area settled" d=${areaOf(settled)}></path>
    <path class="line" d=${pathOf(points)}></path>
    <path class="line settled" d=${pathOf(settled)}></path>
    ${counting.isAtWork ? points.map(({ x, y }) => svg`<circle class="dot" cx=${x} cy=${y} r="1.5"></circle>`) : nothing}
    ${counting.reading === null ? nothing : marks(all, from)} ${counting.plan === null ? nothing : here(all, xOf(all, chosen))}
  </svg>`;
}

/** The moment that is chosen, and its share. */
function here({ counting, chosen, width }: Plot, x: number): TemplateResult {
  const found = counting.counted[chosen];
  const isLeft = x > width / 2;
  return svg`<path class="chosen" d="M${x.toFixed(1)} 0V${HEIGHT}"></path>
    ${found === undefined ? nothing : svg`<text class="here" x=${x + (isLeft ? -5 : 5)} y=${BOTTOM - 3} text-anchor=${isLeft ? "end" : "start"}>${found.same} of ${counting.plan?.forks} from ${seconds(counting.plan?.moments[chosen]?.time ?? 0)}</text>`}`;
}

/** The jumps; and, where from some moment on all forks end so, that moment in words. */
function marks(all: Plot, from: number | null): TemplateResult {
  const { counting, width } = all;
  const jumps = (counting.reading?.jumps ?? []).map((place) => pointAt(all, place));
  const settled = from === null || from === 0 ? null : xOf(all, from);
  const forks = counting.plan?.forks ?? 0;
  const isLeft = settled !== null && settled > width - WORDS_PX * 2;
  return svg`${settled === null ? nothing : svg`<path class="from" d="M${settled.toFixed(1)} 0V${HEIGHT}"></path>
      <text x=${settled + (isLeft ? -7 : 7)} y=${TOP + 15} text-anchor=${isLeft ? "end" : "start"}>${forks} of ${forks} from ${seconds(counting.plan?.moments[from ?? 0]?.time ?? 0)}</text>`}
    ${jumps.map(({ x, y }) => svg`<circle class="jump" cx=${x} cy=${y} r="3.5"></circle>`)}`;
}

/** The place that is meant by a press at a distance from the left side: a jump, if one is near. */
export function placeAt(all: Plot, x: number): number {
  const { counting } = all;
  const nearest = (places: readonly number[]): number | undefined => places.toSorted((one, other) => Math.abs(xOf(all, one) - x) - Math.abs(xOf(all, other) - x))[0];
  const jump = nearest(counting.reading?.jumps ?? []);
  if (jump !== undefined && Math.abs(xOf(all, jump) - x) <= NEAR_PX) {
    return jump;
  }
  return nearest(counting.plan?.moments.map((_, place) => place) ?? []) ?? 0;
}
