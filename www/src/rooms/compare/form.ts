// What is compared: the script, the protocols, the seed, the entries that the leader is left with.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { apostrophes, capital } from "../../design/words.js";
import type { ComparisonAbout, ReadyScript } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";
import { numberField } from "../../views/fields.js";
import { ENTRIES_MAX, PROTOCOLS_MAX, PROTOCOLS_MIN, SEED_MAX } from "./choice.js";
import type { Choice } from "./choice.js";

export interface Form {
  scripts: readonly ReadyScript[];
  choice: Choice;
  /** What is known of the script; null while it is read, or where it cannot be followed. */
  about: ComparisonAbout | null;
  protocols: readonly string[];
  set: (change: Partial<Choice>) => void;
}

/** `leader-crash` as a title. */
export const titleOf = (name: string): string => capital(name.replaceAll("-", " "));

export function scriptList({ scripts, choice }: Form): TemplateResult {
  return html`<nav aria-label="Scripts">
    <ul>
      ${scripts.map(
        ({ name, about }) => html`<li>
          <a href="#compare/${name}" aria-current=${name === choice.name ? "page" : "false"}><b>${titleOf(name)}</b> <span>${apostrophes(about)}</span></a>
        </li>`,
      )}
    </ul>
  </nav>`;
}

export function settings({ about, choice, protocols, set }: Form): TemplateResult | typeof nothing {
  return about === null
    ? nothing
    : html`<form aria-label="What to compare" @submit=${(event: Event) => event.preventDefault()}>
        ${chosenProtocols(about, protocols, set)}
        <label class="field"><span>Seed</span>${numberField({ label: "Seed", value: about.seed, min: 0, max: SEED_MAX, step: 1, set: (seed) => set({ seed: Math.round(seed) }) })}</label>
        ${about.entries === null ? nothing : entriesFields(about.entries, choice, set)}
      </form>`;
}

function chosenProtocols({ protocols: named, others }: ComparisonAbout, protocols: readonly string[], set: Form["set"]): TemplateResult {
  const all = [...named.map(({ protocol }) => protocol), ...others];
  const change = (protocol: string, isChosen: boolean): void => {
    // In the order of the list, so that a box that is cleared and ticked again changes nothing.
    set({ protocols: all.filter((each) => (each === protocol ? isChosen : protocols.includes(each))) });
  };
  const isLeast = protocols.length <= PROTOCOLS_MIN;
  const isMost = protocols.length >= PROTOCOLS_MAX;
  return html`<fieldset class="protocols">
    <legend>Protocols</legend>
    ${all.toSorted().map((protocol) => {
      const isChosen = protocols.includes(protocol);
      const isFixed = isChosen ? isLeast : isMost;
      return html`<label title=${isFixed ? `${PROTOCOLS_MIN} to ${PROTOCOLS_MAX} are compared` : ""}
        ><input type="checkbox" .checked=${isChosen} ?disabled=${isFixed} @change=${(event: Event) => change(protocol, (event.target as HTMLInputElement).checked)} />
        ${looksOf(protocol).title}</label
      >`;
    })}
  </fieldset>`;
}

function entriesFields(entries: number, { single }: Choice, set: Form["set"]): TemplateResult {
  return html`<label class="field wide"
      ><span>Entries that the leader is left with</span>
      <input type="range" aria-label="Entries that the leader is left with" min="0" max=${ENTRIES_MAX} step="1" .value=${String(entries)} @change=${(event: Event) => set({ entries: (event.target as HTMLInputElement).valueAsNumber })} />
      <output>${entries}</output></label
    >
    <label><input type="checkbox" .checked=${single} @change=${(event: Event) => set({ single: (event.target as HTMLInputElement).checked })} /> One entry in a message</label>`;
}
