// The signs of the diagram, drawn as they stand there, with what they mean.

import { html, svg } from "lit";
import type { TemplateResult } from "lit";

import type { ProtocolLooks } from "../../protocols/protocol.js";
import type { Sign } from "./signs.js";

/** One stroke of a sign, or a filling where it has no width: a path within 22 by 14, and a colour of the style sheet. */
export interface Mark {
  d: string;
  ink: string;
  width?: number;
  dash: string;
  alpha: number;
}

const stroke = (d: string, width = 1.5, ink = "term-1", dash = "", alpha = 1): Mark => ({ d, ink, width, dash, alpha });
const filling = (d: string, ink = "term-1", alpha = 1): Mark => ({ d, ink, dash: "", alpha });
const LANE = "M0 7H22";
const POINT = "M15 3l7 4-7 4z";
const cross = (x: number): Mark => stroke(`M${x - 4} 3l8 8m0 -8l-8 8`, 2, "bad");
const circle = (radius: number): string => `M${11 - radius} 7a${radius} ${radius} 0 1 1 ${2 * radius} 0a${radius} ${radius} 0 1 1 ${-2 * radius} 0z`;

type Entry = readonly [Sign, readonly Mark[], string];

const ENTRIES = (epoch: string, leader: string): readonly Entry[] => [
  ["epoch", [stroke("M0 7H7.3", 4), stroke("M7.3 7H14.6", 4, "term-2"), stroke("M14.6 7H22", 4, "term-3")], `colour: ${epoch}`],
  ["leader", [stroke(LANE, 7)], leader],
  ["replaced", [stroke("M0 4.25H22M0 9.75H22")], `replaced, and thinks it is ${leader}`],
  ["became", [filling("M3 12L1.5 2 7 6 11 0 15 6 20.5 2 19 12z")], `became ${leader}`],
  ["timer", [filling(circle(4), "paper"), stroke(circle(4), 2)], "timer fired"],
  ["message", [stroke(LANE, 1), filling(POINT)], "message"],
  ["quorum", [stroke(LANE, 2.5), filling(POINT)], "made a quorum"],
  ["late", [stroke(LANE, 0.5), filling(POINT)], "came when all was decided"],
  ["copy", [stroke("M0 7H18", 1.5, "term-1", "4 3"), filling(POINT)], "copy made by the network"],
  ["lost", [stroke("M0 7H14"), cross(15)], "lost"],
  ["down", [cross(4), stroke("M9 7H22", 1.5, "down", "2 3")], "crashed, down"],
  ["paused", [stroke("M0 4.5H22M0 9.5H22", 1)], "paused"],
  ["cut", [filling("M0 0H22V14H0z", "bad", 0.07), stroke("M-2 12L10 0M4 14L18 0M12 14L24 2", 1, "bad", "", 0.5)], "network cut"],
  // What no process sees.
  ["liar", [stroke("M0 3H22M0 11H22", 1.25, "bad", "5 3"), stroke(LANE, 3)], "liar, as you see and they do not"],
  ["lie", [stroke("M0 7H18", 1.5, "bad"), filling(POINT, "bad"), stroke("M3 5.2h7M3 8.8h7M9 2L4 12", 1.25, "bad")], "lie"],
  ["withheld", [stroke("M0 7H8M8 2V12", 2, "bad")], "kept back by a liar"],
  ["rejected", [stroke(circle(5), 1.5, "bad"), stroke("M7.5 10.5l7 -7", 1.5, "bad")], "thrown away by the receiver"],
  ["violation", [filling("M11 0l7 7-7 7-7-7z", "bad")], "violation"],
];

/** The signs that stand in view, and what they mean. */
export function entriesOf({ epoch, leader }: Pick<ProtocolLooks, "epoch" | "leader">, inView: ReadonlySet<Sign>): Entry[] {
  return ENTRIES(epoch, leader ?? "leader").filter(([sign]) => inView.has(sign));
}

/** Explains the signs that stand in view. */
export function diagramLegend(looks: Pick<ProtocolLooks, "epoch" | "leader">, inView: ReadonlySet<Sign>): TemplateResult {
  return html`<ul class="legend" aria-label="Legend of the diagram">
    ${entriesOf(looks, inView).map(([, marks, meaning]) => html`<li><svg viewBox="0 0 22 14" aria-hidden="true">${marks.map(drawn)}</svg>${meaning}</li>`)}
  </ul>`;
}

const drawn = ({ d, ink, width, dash, alpha }: Mark): TemplateResult =>
  svg`<path d=${d} fill="var(--${ink})" stroke="var(--${ink})" fill-opacity=${width === undefined ? 1 : 0} stroke-width=${width ?? 0} stroke-dasharray=${dash} opacity=${alpha} />`;
