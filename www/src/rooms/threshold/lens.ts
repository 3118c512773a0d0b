// Two quorums that share as few replicas as they can, with as many liars as there are in what they share; and what is
// left when liars are silent.

import { html, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";

import { count } from "../../design/words.js";
import { keepsAgreement, keepsProgress, shared } from "./arithmetic.js";
import type { Sizes } from "./arithmetic.js";

const STEP = 44;
const RADIUS = 15;

/**
 * Which replicas lie: those in the overlap first, since there a liar can tell the quorums different things; then from
 * the left.
 */
function liars({ n, f, q }: Sizes): ReadonlySet<number> {
  const first = n - q;
  const overlap = Array.from({ length: Math.max(0, 2 * q - n) }, (_, ordinal) => first + ordinal);
  const rest = Array.from({ length: n }, (_, ordinal) => ordinal).filter((process) => !overlap.includes(process));
  return new Set([...overlap, ...rest].slice(0, f));
}

const x = (process: number): number => STEP / 2 + process * STEP;

function replica(process: number, y: number, kind: string): SVGTemplateResult {
  return svg`<g class="replica ${kind}"><circle cx=${x(process)} cy=${y} r=${RADIUS} />
    <text x=${x(process)} y=${y + 4}>${kind.includes("liar") ? "≠" : process + 1}</text></g>`;
}

function bracket(from: number, to: number, y: number, name: string, down: boolean): SVGTemplateResult {
  const [left, right] = [x(from) - RADIUS - 4, x(to) + RADIUS + 4];
  const tip = down ? 7 : -7;
  return svg`<path class="bracket" d="M${left} ${y + tip}V${y}H${right}V${y + tip}" /><text class="name" x=${(left + right) / 2} y=${down ? y - 6 : y + 15}>${name}</text>`;
}

export function lens(sizes: Sizes): TemplateResult {
  const { n, f, q } = sizes;
  const who = liars(sizes);
  const inBoth = (process: number): boolean => process >= n - q && process < q;
  const honest = Array.from({ length: n }, (_, ordinal) => ordinal).filter((process) => inBoth(process) && !who.has(process)).length;
  const told = `Of ${count(n, "replica")}, ${f} lie. Two quorums of ${q} share ${shared(sizes)}, of which ${honest} honest.`;
  const width = Math.max(n * STEP, 4 * STEP);
  return html`<svg class="lens" viewBox="0 0 ${width} 116" role="img" aria-label=${told} data-testid="lens" data-shared=${shared(sizes)} data-honest=${honest}>
    ${shared(sizes) > 0 ? svg`<rect class="overlap" x=${x(n - q) - STEP / 2 + 2} y="34" width=${shared(sizes) * STEP - 4} height="46" rx="8" />` : ""}
    ${bracket(0, q - 1, 26, `a quorum of ${q}`, true)} ${bracket(n - q, n - 1, 90, `another of ${q}`, false)}
    ${Array.from({ length: n }, (_, ordinal) => replica(ordinal, 57, who.has(ordinal) ? "liar" : inBoth(ordinal) ? "honest both" : "honest"))}
  </svg>`;
}

/** Liars say nothing: what is left, and how many a quorum asks for. */
export function silence(sizes: Sizes): TemplateResult {
  const { n, f, q } = sizes;
  const left = n - f;
  const width = Math.max(n * STEP, 4 * STEP);
  return html`<svg class="lens" viewBox="0 0 ${width} 116" role="img" aria-label="${f === 1 ? "1 liar is" : `${f} liars are`} silent: ${left === 1 ? "1 replica is" : `${left} replicas are`} left, and a quorum is ${q}.">
    ${bracket(0, q - 1, 26, `a quorum of ${q}`, true)}
    ${Array.from({ length: n }, (_, ordinal) => replica(ordinal, 57, ordinal < left ? "honest" : "silent"))}
  </svg>`;
}

function inequality(name: string, kept: boolean, formula: TemplateResult, why: string): TemplateResult {
  return html`<p class="inequality ${kept ? "kept" : "lost"}" data-testid=${name.toLowerCase()}><b>${name} ${kept ? "is kept" : "is lost"}.</b> <span class="formula">${formula}</span> ${why}</p>`;
}

/** The two inequalities with their numbers. */
export function inequalities(sizes: Sizes): TemplateResult {
  const { n, f, q } = sizes;
  return html`${inequality(
      "Agreement",
      keepsAgreement(sizes),
      html`2q − n = ${2 * q - n} ${keepsAgreement(sizes) ? "≥" : "<"} f + 1 = ${f + 1}`,
      keepsAgreement(sizes) ? "Any two quorums share an honest replica, and it tells both the same." : "All that two quorums share may be liars, who tell each of them what it wants to hear.",
    )}
    ${inequality(
      "Progress",
      keepsProgress(sizes),
      html`q = ${q} ${keepsProgress(sizes) ? "≤" : ">"} n − f = ${n - f}`,
      keepsProgress(sizes) ? "The honest replicas are a quorum by themselves." : "When the liars are silent, the others are too few, and wait for ever.",
    )}`;
}
