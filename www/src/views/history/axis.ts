// Times above the clients' operations.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { styled } from "../../design/styled.js";
import { TICKS_PER_SECOND } from "../../engine/playhead.js";

/** Times are so far apart, in pixels. */
const APART_PX = 84;

export function axis({ start, end, x }: { start: number; end: number; x: (time: number) => number }): TemplateResult {
  const perTick = x(1) - x(0);
  const step = stepOf(APART_PX / perTick);
  const digits = Math.max(0, 6 - Math.floor(Math.log10(step)));
  const first = Math.ceil(start / step) * step;
  const number = Math.max(0, Math.floor((end - first) / step) + 1);
  const times = Array.from({ length: number }, (_, ordinal) => first + ordinal * step);
  return html`<div class="axis" aria-hidden="true">${times.map((time) => html`<span ${styled({ left: `${x(time)}px` })}>${(time / TICKS_PER_SECOND).toFixed(digits)}</span>`)}</div>`;
}

/** The step of 1, 2 or 5 and zeros that is at least so long. */
function stepOf(ticks: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ticks)));
  return power * ([1, 2, 5].find((digit) => digit * power >= ticks) ?? 10);
}
