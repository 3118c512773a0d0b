// The signs of the diagram, drawn as they stand there, with what they mean.

import { html, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";

import type { ProtocolLooks } from "../../protocols/protocol.js";
import type { Sign } from "./signs.js";

const line = (width: number, more: SVGTemplateResult | string = ""): SVGTemplateResult => svg`<path d="M0 7H22" stroke="var(--term-1)" stroke-width=${width} fill="none" />${more}`;
const arrow = svg`<path d="M15 3l7 4-7 4z" fill="var(--term-1)" />`;
const cross = (x: number): SVGTemplateResult => svg`<path d="M${x - 4} 3l8 8m0 -8l-8 8" stroke="var(--bad)" stroke-width="2" fill="none" />`;

type Entry = readonly [Sign, SVGTemplateResult, string];

const ENTRIES = (epoch: string, leader: string): readonly Entry[] => [
  ["epoch", svg`<path d="M0 7H7.300" stroke="var(--term-1)" stroke-width="4" /><path d="M7.300 7H14.600" stroke="var(--term-2)" stroke-width="4" /><path d="M14.600 7H22" stroke="var(--term-3)" stroke-width="4" />`, `colour: ${epoch}`],
  ["leader", line(7), leader],
  ["replaced", svg`<path d="M0 4.250H22M0 9.750H22" stroke="var(--term-1)" stroke-width="1.5" />`, `replaced, and thinks it is ${leader}`],
  ["became", svg`<path d="M3 12L1.500 2 7 6 11 0 15 6 20.500 2 19 12z" fill="var(--term-1)" />`, `became ${leader}`],
  ["timer", svg`<circle cx="11" cy="7" r="4" fill="var(--paper)" stroke="var(--term-1)" stroke-width="2" />`, "timer fired"],
  ["message", line(1, arrow), "message"],
  ["quorum", line(2.5, arrow), "made a quorum"],
  ["late", line(0.5, arrow), "came when all was decided"],
  ["copy", svg`<path d="M0 7H18" stroke="var(--term-1)" stroke-width="1.5" stroke-dasharray="4 3" />${arrow}`, "copy made by the network"],
  ["lost", svg`<path d="M0 7H14" stroke="var(--term-1)" stroke-width="1.5" />${cross(15)}`, "lost"],
  ["down", svg`${cross(4)}<path d="M9 7H22" stroke="var(--down)" stroke-width="1.5" stroke-dasharray="2 3" />`, "crashed, down"],
  ["paused", svg`<path d="M0 4.500H22M0 9.500H22" stroke="var(--term-1)" stroke-width="1" />`, "paused"],
  ["cut", svg`<rect width="22" height="14" fill="var(--bad)" opacity="0.07" /><path d="M-2 12L10 0M4 14L18 0M12 14L24 2" stroke="var(--bad)" opacity="0.5" />`, "network cut"],
  // What no process sees.
  ["liar", svg`<path d="M0 3H22M0 11H22" stroke="var(--bad)" stroke-width="1.25" stroke-dasharray="5 3" /><path d="M0 7H22" stroke="var(--term-1)" stroke-width="3" />`, "liar, as you see and they do not"],
  ["lie", svg`<path d="M0 7H18" stroke="var(--bad)" stroke-width="1.5" /><path d="M15 3l7 4-7 4z" fill="var(--bad)" /><path d="M3 5.200h7M3 8.800h7M9 2L4 12" stroke="var(--bad)" stroke-width="1.25" />`, "lie"],
  ["withheld", svg`<path d="M0 7H8M8 2V12" stroke="var(--bad)" stroke-width="2" fill="none" />`, "kept back by a liar"],
  ["rejected", svg`<circle cx="11" cy="7" r="5" fill="none" stroke="var(--bad)" stroke-width="1.5" /><path d="M7.500 10.500l7 -7" stroke="var(--bad)" stroke-width="1.5" />`, "thrown away by the receiver"],
  ["violation", svg`<path d="M11 0l7 7-7 7-7-7z" fill="var(--bad)" />`, "violation"],
];

/** Explains the signs that stand in view. */
export function diagramLegend({ epoch, leader }: Pick<ProtocolLooks, "epoch" | "leader">, inView: ReadonlySet<Sign>): TemplateResult {
  return html`<ul class="legend" aria-label="Legend of the diagram">
    ${ENTRIES(epoch, leader ?? "leader")
      .filter(([sign]) => inView.has(sign))
      .map(([, picture, meaning]) => html`<li><svg viewBox="0 0 22 14" aria-hidden="true">${picture}</svg>${meaning}</li>`)}
  </ul>`;
}
