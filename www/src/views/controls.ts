// Buttons that say why they can do nothing.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../engine/run.js";
import type { Offer } from "./actions/offers.js";

export interface Control {
  words: string | TemplateResult;
  /** What it is called, where its words alone do not tell it from others. It contains them. */
  name?: string;
  /** What it does, in a few more words. */
  title?: string;
  /** Why it can do nothing at this moment; null where it can. */
  why?: string | null;
  kind?: "" | "primary" | "quiet" | "word" | "press";
  act: () => void;
}

/**
 * One that can do nothing stays where it is, and is reached by keys like the others: its reason is read there, and who
 * pressed it last keeps the focus.
 */
export function control({ words, name, title = "", why = null, kind = "", act }: Control): TemplateResult {
  const id = why === null ? "" : `why-${slug(name ?? (typeof words === "string" ? words : title))}`;
  return html`<button
      type="button"
      class=${kind}
      aria-label=${name ?? nothing}
      title=${why ?? (title === "" ? nothing : title)}
      aria-disabled=${why === null ? nothing : "true"}
      aria-describedby=${why === null ? nothing : id}
      @click=${() => {
        if (why === null) {
          act();
        }
      }}
    >
      ${words}
    </button>${why === null ? nothing : html`<span id=${id} hidden>${why}</span>`}`;
}

/** The button of something that can be done to the run. `attempt` is the view's: an error becomes a notice. */
export function offered(run: Run, { action, ...words }: Offer, attempt: (act: () => void) => void): TemplateResult {
  return control({ ...words, act: () => attempt(() => run.act(action)) });
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
