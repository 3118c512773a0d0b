// The palette of commands: a field to write in, and a list of what there is. A combobox by the ARIA pattern: the focus
// stays in the field, and arrows choose in the list.
//
// What is written is looked for by MiniSearch, as in the guide: by beginnings of words, and with a slip of the pen.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import MiniSearch from "minisearch";

import { count } from "../../design/words.js";
import type { Run } from "../../engine/run.js";
import { base } from "../panel.js";
import { itemsOf } from "./items.js";
import type { Item } from "./items.js";
import { paletteStyles } from "./styles.js";

/** Words that are longer may be written with a slip. */
const EXACT_MAX = 3;
/** How many letters of a word may be wrong, as a part of it: one of five, two of seven, as where two are swapped. */
const SLIPS = 0.27;

@customElement("playground-palette")
export class PlaygroundPalette extends LitElement {
  static override styles = [base, paletteStyles];

  @property({ attribute: false }) run!: Run;
  @state() private items: readonly Item[] = [];
  @state() private found: readonly Item[] = [];
  @state() private chosen = 0;
  @state() private refusal = "";
  private index: MiniSearch | undefined;

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private get field(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }

  toggle(): void {
    const { dialog, field } = this;
    if (dialog === null || field === null) {
      return;
    }
    if (dialog.open) {
      dialog.close();
      return;
    }
    this.items = itemsOf(this.run);
    this.index = new MiniSearch({
      fields: ["words", "group", "hint"],
      searchOptions: { boost: { words: 3 }, prefix: true, fuzzy: (term) => (term.length > EXACT_MAX ? SLIPS : false), combineWith: "AND" },
    });
    this.index.addAll(this.items.map(({ words, group, hint }, id) => ({ id, words, group, hint })));
    field.value = "";
    this.look("");
    dialog.showModal();
  }

  private look(text: string): void {
    const words = text.trim();
    const hits = words === "" ? null : (this.index?.search(words) ?? []);
    this.found = hits === null ? this.items : hits.flatMap(({ id }) => this.items[Number(id)] ?? []);
    this.chosen = 0;
    this.refusal = "";
    this.renderRoot.querySelector(".list")?.scrollTo({ top: 0 });
  }

  private choose(ordinal: number): void {
    const last = this.found.length - 1;
    this.chosen = ordinal < 0 ? last : ordinal > last ? 0 : ordinal;
    this.refusal = "";
    void this.updateComplete.then(() => this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
  }

  /** Closes, and carries out; what can do nothing says why, and stays. */
  private carryOut(item: Item | undefined): void {
    if (item === undefined) {
      return;
    }
    if (item.why !== null) {
      this.refusal = `${item.words}: ${item.why.replace(/\.$/, "")}.`;
      return;
    }
    this.dialog?.close();
    try {
      item.act();
    } catch (error) {
      this.run.notices.report(error);
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.choose(this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen - 1),
      PageDown: () => this.choose(Math.min(this.chosen + 8, this.found.length - 1)),
      PageUp: () => this.choose(Math.max(this.chosen - 8, 0)),
      Enter: () => this.carryOut(this.found[this.chosen]),
    };
    const isAgain = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const move = isAgain ? (): void => this.dialog?.close() : moves[event.key];
    if (move !== undefined && !event.isComposing) {
      event.preventDefault();
      move();
    }
  };

  /** A press beside it closes it. */
  private readonly onPress = (event: Event): void => {
    if (event.target === this.dialog) {
      this.dialog?.close();
    }
  };

  override render(): TemplateResult {
    return html`<dialog aria-label="Commands" @click=${this.onPress}>
      <div class="inside">
        <input
          type="text"
          role="combobox"
          aria-label="Command, run, process or room"
          placeholder="What do you want to do?"
          aria-expanded="true"
          aria-controls="list"
          aria-autocomplete="list"
          aria-activedescendant=${this.found.length === 0 ? nothing : `item-${this.chosen}`}
          autocomplete="off"
          spellcheck="false"
          @input=${(event: Event) => this.look((event.target as HTMLInputElement).value)}
          @keydown=${this.onKey}
        />
        <div id="list" class="list" role="listbox" aria-label="What there is">${this.groups()}</div>
        <p class="foot" role="status">${this.said()}</p>
      </div>
    </dialog>`;
  }

  /** What was found, best first; what is of one kind together, where nothing is looked for. */
  private groups(): TemplateResult[] {
    let group = "";
    return this.found.map((item, ordinal) => {
      const isFirst = item.group !== group;
      ({ group } = item);
      return html`${isFirst ? html`<div class="group" role="presentation">${group}</div>` : nothing}${this.option(item, ordinal)}`;
    });
  }

  private option(item: Item, ordinal: number): TemplateResult {
    const { words, hint, why } = item;
    return html`<div
      id="item-${ordinal}"
      class="item"
      role="option"
      aria-selected=${ordinal === this.chosen}
      aria-disabled=${why === null ? nothing : "true"}
      @pointermove=${() => {
        if (ordinal !== this.chosen) {
          this.chosen = ordinal;
          this.refusal = "";
        }
      }}
      @click=${() => this.carryOut(item)}
    >
      <span class="words">${words}</span>${why === null ? nothing : html`<span class="why">${why}</span>`}<span class="hint">${hint}</span>
    </div>`;
  }

  private said(): string {
    if (this.refusal !== "") {
      return this.refusal;
    }
    return this.found.length === 0 ? "Nothing here has these words." : `${count(this.found.length, "entry", "entries")}. Arrows choose, Enter does it, Esc closes.`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "playground-palette": PlaygroundPalette;
  }
}
