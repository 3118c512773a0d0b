// Number fields that a person may leave empty or fill with nonsense: then what stood there before stands again.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { TICKS_PER_MS } from "../design/words.js";
import type { Range } from "../engine/engine.js";

export interface NumberField {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  set: (value: number) => void;
}

export function numberField({ label, value, min, max, step, set }: NumberField): TemplateResult {
  const onChange = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const wanted = input.valueAsNumber;
    if (Number.isFinite(wanted)) {
      const within = Math.min(max, Math.max(min, wanted));
      input.value = String(within);
      set(within);
      if (within !== wanted) {
        const bound = wanted > max ? `at most ${max.toLocaleString("en")}` : `at least ${min.toLocaleString("en")}`;
        window.dispatchEvent(new CustomEvent("playground-say", { detail: `${label}: ${bound}. It is ${within.toLocaleString("en")} from here on.` }));
      }
    } else {
      input.value = String(value);
    }
  };
  return html`<input type="number" aria-label=${label} min=${min} max=${max} step=${step} .value=${String(value)} @change=${onChange} />`;
}

/** A time, in milliseconds for people and in ticks for the engine. */
export function msField(label: string, ticks: number, set: (ticks: number) => void): TemplateResult {
  return numberField({ label, value: ticks / TICKS_PER_MS, min: 1, max: 60_000, step: 1, set: (value) => set(value * TICKS_PER_MS) });
}

export interface RangeFields {
  /** What its least and its greatest are called. */
  names: readonly [string, string];
  range: Range;
  /** Between which milliseconds both must lie. */
  min?: number;
  max?: number;
  set: (range: Range) => void;
}

/** From a least time to a greatest, in milliseconds for people and in ticks for the engine; the wrong way round they change places. */
export function rangeFields({ names: [least, greatest], range, min = 1, max = 60_000, set }: RangeFields): TemplateResult {
  const change = (part: Partial<Range>): void => {
    const wanted = { ...range, ...part };
    set({ min: Math.min(wanted.min, wanted.max), max: Math.max(wanted.min, wanted.max) });
  };
  const field = (label: string, part: keyof Range): TemplateResult =>
    numberField({ label, value: range[part] / TICKS_PER_MS, min, max, step: 1, set: (ms) => change({ [part]: ms * TICKS_PER_MS }) });
  return html`${field(least, "min")}–${field(greatest, "max")}`;
}

/** A setting that is on or off, with its name before it. */
export function flagField(label: string, value: boolean, set: (value: boolean) => void): TemplateResult {
  return html`<span>${label}</span>
    <input type="checkbox" aria-label=${label} .checked=${value} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} />`;
}
