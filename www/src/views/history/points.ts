// What is drawn over and under the bars: the linearization points, joined in their order, and the playhead.

import { html, nothing, svg } from "lit";
import type { TemplateResult } from "lit";

import { firstIndexWhere } from "../../engine/column.js";
import type { OperationView, Verdict } from "../../engine/engine.js";
import { HEAD, ROW } from "./styles.js";

/** Most bars in a client's row. */
export const SHOWN_MAX = 300;
/** Pixels beyond either edge within which points are still drawn: lines lead there. */
const MARGIN_PX = 200;

interface View {
  start: number;
  end: number;
  perTick: number;
  x: (time: number) => number;
  replicas: number;
}

export function points(operations: readonly OperationView[], verdict: Verdict, { start, end, perTick, x, replicas }: View): TemplateResult {
  const margin = MARGIN_PX / perTick;
  const { linearization_operation: order, linearization_at: times } = verdict;
  const first = firstWhere(times, (at) => at >= start - margin);
  const last = Math.min(firstWhere(times, (at) => at > end + margin), first + 4 * SHOWN_MAX);
  const found = Array.from(order.subarray(first, last)).flatMap((operation, ordinal) => {
    const client = operations[operation]?.client;
    const at = times[first + ordinal] ?? 0;
    return client === undefined ? [] : [{ x: x(at), y: (client - replicas) * ROW + 6 }];
  });
  return html`<svg class="points" aria-hidden="true"><polyline points=${found.map((at) => `${at.x.toFixed(1)},${at.y}`).join(" ")}></polyline></svg>
    <svg class="points above" aria-hidden="true">${found.map((at) => svg`<circle r="3" cx=${at.x} cy=${at.y} />`)}</svg>`;
}

export function playheadLine(x: number, height: number): TemplateResult | typeof nothing {
  return x <= HEAD ? nothing : html`<svg class="points above" aria-hidden="true"><line class="playhead" x1=${x} x2=${x} y1="0" y2=${height}></line></svg>`;
}

/** The first of some values from which on a test holds, where it goes from false to true. */
export function firstWhere<T>(values: ArrayLike<T>, test: (value: T) => boolean): number {
  return firstIndexWhere(values.length, (ordinal) => {
    const value = values[ordinal];
    return value === undefined || test(value);
  });
}
