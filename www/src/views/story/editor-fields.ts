// The fields of the form in which a caption is written.

import { html } from "lit";
import type { TemplateResult } from "lit";

import { count } from "../../design/words.js";

export type Choice = readonly [value: string, words: string];

/** A field of one line, or of several; `most` characters fit into it, and where few are left it says so. */
export function textField(words: string, most: number, text: string, changed: (text: string) => void, rows = 1): TemplateResult {
  const onInput = (event: Event): void => changed((event.target as HTMLInputElement | HTMLTextAreaElement).value);
  const left = most - text.length;
  const said = left > most / 4 ? "" : left === 0 ? `${most} characters: no more fit.` : `${count(left, "character")} left of ${most}.`;
  const field =
    rows === 1
      ? html`<input type="text" maxlength=${most} aria-label=${words} .value=${text} @input=${onInput} />`
      : html`<textarea rows=${rows} maxlength=${most} aria-label=${words} .value=${text} @input=${onInput}></textarea>`;
  return html`<label>${words} ${field}<small role="status">${said}</small></label>`;
}

export function choiceField(words: string, choices: readonly Choice[], chosen: string, changed: (value: string) => void): TemplateResult {
  return html`<label>
    ${words}
    <select aria-label=${words} @change=${(event: Event) => changed((event.target as HTMLSelectElement).value)}>
      ${choices.map(([value, name]) => html`<option value=${value} .selected=${value === chosen}>${name}</option>`)}
    </select>
  </label>`;
}

export function numberField(words: string, { value, min, max, step }: { value: number; min: number; max: number; step: number }, changed: (value: number) => void): TemplateResult {
  const onChange = (event: Event): void => {
    const { valueAsNumber } = event.target as HTMLInputElement;
    changed(Number.isFinite(valueAsNumber) ? Math.min(max, Math.max(min, valueAsNumber)) : value);
  };
  return html`<label>${words} <input type="number" aria-label=${words} min=${min} max=${max} step=${step} .value=${String(value)} @change=${onChange} /></label>`;
}

export function tickField(words: string, isOn: boolean, changed: (isOn: boolean) => void): TemplateResult {
  return html`<label class="tick"><input type="checkbox" .checked=${isOn} @change=${(event: Event) => changed((event.target as HTMLInputElement).checked)} /> ${words}</label>`;
}

export const plainChoices = (names: readonly string[]): Choice[] => names.map((name) => [name, name]);
