// The small signs at a process in the picture of the cluster.

import { nothing, svg } from "lit";
import type { SVGTemplateResult } from "lit";

import { styled } from "../../design/styled.js";
import type { Catalogue, NodeView } from "../../engine/engine.js";
import { epochName, epochWords, looksOf } from "../../protocols/protocol.js";
import type { Point } from "./geometry.js";

/** Votes that are drawn as dots; more are a number. */
const DOTS_MAX = 7;

/**
 * Who lies is marked for the reader: no process sees it. One that has lied and does no more keeps the sign, without the
 * ring.
 */
export function honestyMark({ honesty }: NodeView, { x, y }: Point, radius: number): SVGTemplateResult | typeof nothing {
  if (honesty === "honest") {
    return nothing;
  }
  const lies = honesty.startsWith("lies");
  return svg`<g>${lies ? svg`<circle class="liar" cx=${x} cy=${y} r=${radius + 6} />` : nothing}<text class="unequal" x=${x + radius * 0.8 + 5} y=${y - radius * 0.8 + 3}>≠</text><title>${honesty}</title></g>`;
}

/** A ballot takes the space of its word. */
export function epochNote(catalogue: Catalogue, epoch: number): string {
  const { epochLetter } = looksOf(catalogue.protocol);
  if (epochLetter !== undefined) {
    return `${epochLetter} ${epoch}`;
  }
  if (catalogue.epoch_places === null) {
    return epochWords(catalogue, epoch);
  }
  return epoch === 0 ? "–" : epochName(catalogue, epoch);
}

/** Above a point, as wide as 18 times the scale. */
export function crown({ x, y }: Point, scale: number): string {
  const at = (across: number, up: number): string => `${(x + across * scale).toFixed(1)} ${(y - up * scale).toFixed(1)}`;
  return `M${at(-9, 0)}L${at(-10.5, 10)}L${at(-4.5, 5.5)}L${at(0, 12.5)}L${at(4.5, 5.5)}L${at(10.5, 10)}L${at(9, 0)}Z`;
}

/** Dots for votes: filled where granted, as many as are needed. */
export function votes({ x, y }: Point, have: number, need: number): SVGTemplateResult | SVGTemplateResult[] {
  if (need > DOTS_MAX) {
    return svg`<text x=${x} y=${y + 3}>${have}/${need}</text>`;
  }
  return Array.from({ length: need }, (_, ordinal) => svg`<circle r="3" cx=${x + (ordinal - (need - 1) / 2) * 9} cy=${y}
    ${styled({ fill: ordinal < have ? "var(--term)" : "var(--paper)", stroke: "var(--term)" })} stroke-width="1.25" />`);
}

/** A wedge in the middle of a link that is cut one way. */
export function wedge(from: Point, to: Point): SVGTemplateResult {
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return svg`<path class="one-way" d="M5 0l-9 -4.5v9z" transform="translate(${(from.x + to.x) / 2} ${(from.y + to.y) / 2}) rotate(${angle})" />`;
}
