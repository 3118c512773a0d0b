// The same numbers as a table, with a way to a fork of each moment.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { seconds } from "../../design/words.js";
import type { Counting } from "./counting.js";
import { momentWords } from "./words.js";

export interface Numbers {
  counting: Counting;
  isOpen: boolean;
  toggle: (isOpen: boolean) => void;
  /** Goes to a moment. */
  go: (place: number) => void;
  /** Opens a fork. */
  open: (place: number, number: number) => void;
}

export function numbers(all: Numbers): TemplateResult {
  const { counting, isOpen, toggle } = all;
  const { plan } = counting;
  return html`<details ?open=${isOpen} @toggle=${(event: Event) => toggle((event.currentTarget as HTMLDetailsElement).open)}>
    <summary>Numbers</summary>
    ${plan === null || !isOpen
      ? nothing
      : html`<div class="numbers" tabindex="0" role="region" aria-label="The numbers">
          <table>
            <thead>
              <tr>
                <th scope="col">from</th>
                <th scope="col">event</th>
                <th scope="col">end so</th>
                <th scope="col">open a fork</th>
              </tr>
            </thead>
            <tbody>
              ${plan.moments.map((moment, place) => {
                const counted = counting.counted[place];
                return html`<tr class=${counting.reading?.jumps.includes(place) === true ? "jumps" : ""}>
                  <th scope="row"><button class="quiet" title="Go there" aria-label="Go to ${momentWords(counting, place)}" @click=${() => all.go(place)}>${seconds(moment.time)}</button></th>
                  <td>${moment.event.toLocaleString("en")}</td>
                  <td>${counted === undefined ? "" : `${counted.same} of ${plan.forks}`}</td>
                  <td>${counted === undefined || counting.isAtWork ? nothing : ways(all, place, counted.first)}</td>
                </tr>`;
              })}
            </tbody>
          </table>
        </div>`}
  </details>`;
}

function ways({ open, counting }: Numbers, place: number, { so, otherwise }: { so: number; otherwise: number }): TemplateResult {
  const from = seconds(counting.plan?.moments[place]?.time ?? 0);
  const way = (number: number, words: string, ends: string): TemplateResult | typeof nothing =>
    number < 0 ? nothing : html`<button class="quiet" aria-label="Open a fork from ${from} that ${ends}" @click=${() => open(place, number)}>${words}</button>`;
  return html`${way(so, "so", "ends so")}${way(otherwise, "otherwise", "does not end so")}`;
}
