// Where a story is written: its captions in a list, and a form for one of them. What is written belongs to the run and
// travels in its link. It is checked by the engine; what that refuses is said, and stays in the form.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { count, seconds } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { Caption, CaptionLook } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import type { TimeSpan } from "../../engine/view-state.js";
import { base } from "../panel.js";
import { MOST, draftOf, written } from "./draft.js";
import type { Draft } from "./draft.js";
import { textField, tickField } from "./editor-fields.js";
import { askPart, lookPart, momentPart } from "./editor-parts.js";
import type { Seen } from "./editor-parts.js";
import { editorStyles } from "./editor-styles.js";
import { momentWords } from "./moment-kinds.js";

@customElement("playground-story-editor")
export class PlaygroundStoryEditor extends LitElement {
  static override styles = [base, editorStyles];

  @property({ attribute: false }) run!: Run;

  /** The caption that is written; its index in the list. */
  @state() private open = -1;
  @state() private draft: Draft | null = null;
  @state() private problem = "";
  /** What came of what was done last. */
  @state() private said = "";
  private seen: Seen = { selection: null, viewport: null };
  /** The caption that is dragged, by its index. */
  private dragged = -1;

  private get captions(): readonly Caption[] {
    return this.run.story.captions;
  }

  show(): void {
    const { selection, viewport } = this.run.view;
    this.seen = { selection, viewport };
    this.edit(this.run.story.index);
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  private close(): void {
    if (this.keep()) {
      this.renderRoot.querySelector("dialog")?.close();
    }
  }

  /** By the Escape key. */
  private readonly onCancel = (event: Event): void => {
    if (!this.keep()) {
      event.preventDefault();
    }
  };

  private edit(index: number): void {
    const caption = this.captions[index];
    this.open = caption === undefined ? -1 : index;
    this.draft = caption === undefined ? null : draftOf(caption);
    this.problem = "";
    this.said = "";
  }

  /** Hands the captions to the engine; false if it refuses them, and why is shown. */
  private retell(captions: readonly Caption[]): boolean {
    try {
      this.run.story.retell(captions);
      this.problem = "";
      this.requestUpdate();
      return true;
    } catch (error) {
      this.problem = describeError(error);
      return false;
    }
  }

  /** A caption where the playhead stands, after those that stand before it. */
  private addHere(): void {
    if (!this.keep()) {
      return;
    }
    const { playhead, status, story } = this.run;
    const { clock } = playhead;
    const inView = this.seen.viewport;
    const around = (shown: TimeSpan): CaptionLook => ({
      span: { before: Math.round(clock - shown.start), after: Math.max(0, Math.round(shown.end - clock)) },
    });
    const look = inView === null || inView.start >= clock ? {} : { look: around(inView) };
    const isBefore = (_: Caption, each: number): boolean => (story.momentOf(each)?.events ?? Infinity) <= status.cursor;
    const index = this.captions.findLastIndex(isBefore) + 1;
    const moment = { on: { at: Math.floor(clock) } };
    const added: Caption = { moment, title: `At ${seconds(clock)}`, text: "", halt: true, ...look };
    if (this.retell([...this.captions.slice(0, index), added, ...this.captions.slice(index)])) {
      this.edit(index);
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>("form input")?.select());
    }
  }

  /** False where what was written is refused; why is shown. */
  private save(): boolean {
    const { open, draft } = this;
    if (draft === null) {
      return true;
    }
    try {
      const caption = written(draft);
      const isTaken = this.retell(this.captions.map((each, index) => (index === open ? caption : each)));
      this.said = isTaken ? `Saved. ${this.whereabouts(open)}` : "";
      return isTaken;
    } catch (error) {
      this.problem = describeError(error);
      return false;
    }
  }

  /** Keeps what was written, before something else is shown. False where it is refused: then it stays. */
  private keep(): boolean {
    const caption = this.captions[this.open];
    const isSame = caption === undefined || JSON.stringify(draftOf(caption)) === JSON.stringify(this.draft);
    return isSame || this.save();
  }

  private discard(index: number): void {
    if (this.retell(this.captions.filter((_, each) => each !== index))) {
      this.edit(Math.min(index, this.captions.length - 1));
    }
  }

  private move(index: number, to: number): void {
    const moved = [...this.captions];
    const [caption] = moved.splice(index, 1);
    if (caption !== undefined && to >= 0 && to <= moved.length && to !== index) {
      moved.splice(to, 0, caption);
      if (this.retell(moved)) {
        this.edit(to);
        this.said = `“${caption.title}” is number ${to + 1} of ${moved.length}.`;
      }
    }
  }

  /** Where a caption's moment is in the run as it is recorded. */
  private whereabouts(index: number): string {
    const moment = this.run.story.momentOf(index);
    return moment === null ? "Its moment is not reached in what is recorded of the run." : `Its moment is at ${seconds(moment.time)}, after ${count(moment.events, "event")}.`;
  }

  /** With Alt, the arrows move the caption itself. */
  private onKey(event: KeyboardEvent, index: number): void {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (event.altKey && by !== 0) {
      event.preventDefault();
      const to = Math.max(0, Math.min(this.captions.length - 1, index + by));
      this.move(index, to);
      void this.updateComplete.then(() => this.renderRoot.querySelectorAll<HTMLElement>("li .name")[to]?.focus());
    }
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @cancel=${this.onCancel}>
      <h2 id="heading">Captions of this run</h2>
      <p class="soft">
        They stand at moments of the run, and travel in its link. ${this.captions.length} of at most ${MOST.captions}. By
        pointer they are dragged to their places, by keys Alt with the arrows moves them.
      </p>
      <ol>
        ${this.captions.map((caption, index) => this.entry(caption, index))}
      </ol>
      ${this.draft === null ? nothing : this.form(this.draft)}
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      <p class="soft" role="status">${this.said}</p>
      <div class="row ends">
        <button
          ?disabled=${this.captions.length >= MOST.captions}
          title=${this.captions.length >= MOST.captions ? `There are ${MOST.captions} captions: no more fit` : "A caption where the playhead stands"}
          @click=${() => this.addHere()}
        >
          Add here
        </button>
        <button class="primary" @click=${() => this.close()}>Done</button>
      </div>
    </dialog>`;
  }

  private entry({ title, moment }: Caption, index: number): TemplateResult {
    const number = index + 1;
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      this.move(this.dragged, index);
    };
    return html`<li
      class=${index === this.open ? "open" : ""}
      draggable="true"
      @dragstart=${() => (this.dragged = index)}
      @dragover=${(event: DragEvent) => event.preventDefault()}
      @drop=${drop}
    >
      <button
        class="quiet name"
        aria-current=${index === this.open}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        @click=${() => {
          if (this.keep()) {
            this.edit(index);
          }
        }}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, index)}
      >
        ${title} <span class="soft">· ${momentWords(moment)}</span>
      </button>
      ${this.mover(index, -1, "up", index === 0)} ${this.mover(index, 1, "down", number === this.captions.length)}
      <button class="quiet" aria-label="Delete caption ${number}" @click=${() => this.discard(index)}>Delete</button>
    </li>`;
  }

  private mover(index: number, by: 1 | -1, way: string, isLast: boolean): TemplateResult {
    const words = `Move caption ${index + 1} ${way}`;
    return html`<button class="quiet" aria-label=${words} title=${isLast ? `It is the ${by < 0 ? "first" : "last"}` : words} ?disabled=${isLast} @click=${() => this.move(index, index + by)}>
      ${by < 0 ? "↑" : "↓"}
    </button>`;
  }

  private form(draft: Draft): TemplateResult {
    const change = (part: Partial<Draft>): void => {
      this.draft = { ...draft, ...part };
      this.said = "";
    };
    const time = this.run.story.momentOf(this.open)?.time ?? null;
    return html`<form
      aria-label="Caption ${this.open + 1}"
      @submit=${(event: Event) => {
        event.preventDefault();
        this.save();
      }}
    >
      ${textField("Title", MOST.title, draft.title, (title) => change({ title }))}
      ${textField("Text", MOST.text, draft.text, (text) => change({ text }), 4)}
      ${tickField("Play halts here", draft.halt, (halt) => change({ halt }))}
      ${momentPart(this.run, draft, change)} ${lookPart(this.run, draft, this.seen, time, change)} ${askPart(this.run, draft, change)}
      <button type="submit">Save caption ${this.open + 1}</button>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "playground-story-editor": PlaygroundStoryEditor;
  }
}
