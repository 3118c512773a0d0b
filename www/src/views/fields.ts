// Number fields that a person may leave empty or fill with nonsense: then what stood there before stands again.

import { html } from "lit";
import type { TemplateResult } from "lit";

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
    } else {
      input.value = String(value);
    }
  };
  return html`<input type="number" aria-label=${label} min=${min} max=${max} step=${step} .value=${String(value)} @change=${onChange} />`;
}
