// Where a story is written: its captions in a list, and a form for one of them. What is written belongs to the run and
// travels in its link. It is checked by the engine; what that refuses is said, and stays in the form.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { seconds } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { Caption, CaptionLook } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import type { TimeSpan } from "../../engine/view-state.js";
import { base } from "../panel.js";
import { MOST, draftOf, momentWords, written } from "./draft.js";
import type { Draft } from "./draft.js";
import { editorStyles } from "./editor-styles.js";

const CHOICES = "Choices, one on each line, the right one with * before it";

@customElement("playground-story-editor")
export class PlaygroundStoryEditor extends LitElement {
  static override styles = [base, editorStyles];

  @property({ attribute: false }) run!: Run;

  /** The caption that is written; its index in the list. */
  @state() private open = -1;
  @state() private draft: Draft | null = null;
  @state() private problem = "";

  private get captions(): readonly Caption[] {
    return this.run.story.captions;
  }

  show(): void {
    this.edit(this.run.story.index);
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  private close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  private edit(index: number): void {
    const caption = this.captions[index];
    this.open = caption === undefined ? -1 : index;
    this.draft = caption === undefined ? null : draftOf(caption);
    this.problem = "";
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
    const { playhead, view, story } = this.run;
    const { clock } = playhead;
    const inView = view.viewport;
    const around = (shown: TimeSpan): CaptionLook => ({
      span: { before: Math.round(clock - shown.start), after: Math.max(0, Math.round(shown.end - clock)) },
    });
    const look = inView === null || inView.start >= clock ? {} : { look: around(inView) };
    const index = story.index + 1;
    const moment = { on: { at: Math.floor(clock) } };
    const added: Caption = { moment, title: `At ${seconds(clock)}`, text: "", halt: true, ...look };
    if (this.retell([...this.captions.slice(0, index), added, ...this.captions.slice(index)])) {
      this.edit(index);
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>("form input")?.select());
    }
  }

  private save(): void {
    const { open, draft } = this;
    if (draft !== null) {
      this.retell(this.captions.map((caption, index) => (index === open ? written(caption, draft) : caption)));
    }
  }

  private discard(index: number): void {
    if (this.retell(this.captions.filter((_, each) => each !== index))) {
      this.edit(Math.min(index, this.captions.length - 1));
    }
  }

  private move(index: number, by: 1 | -1): void {
    const moved = [...this.captions];
    const [caption] = moved.splice(index, 1);
    if (caption !== undefined) {
      moved.splice(index + by, 0, caption);
      if (this.retell(moved)) {
        this.edit(index + by);
      }
    }
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading">
      <h2 id="heading">Captions of this run</h2>
      <p class="soft">
        They stand at moments of the run, and travel in its link. ${this.captions.length} of at most ${MOST.captions}.
      </p>
      <ol>
        ${this.captions.map((caption, index) => this.entry(caption, index))}
      </ol>
      ${this.draft === null ? nothing : this.form(this.draft)}
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      <div class="row ends">
        <button
          ?disabled=${this.captions.length >= MOST.captions}
          title="A caption where the playhead stands"
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
    return html`<li class=${index === this.open ? "open" : ""}>
      <button class="quiet name" aria-current=${index === this.open} @click=${() => this.edit(index)}>
        ${title} <span class="soft">· ${momentWords(moment)}</span>
      </button>
      ${this.mover(index, -1, "up", index === 0)} ${this.mover(index, 1, "down", number === this.captions.length)}
      <button class="quiet" aria-label="Delete caption ${number}" @click=${() => this.discard(index)}>Delete</button>
    </li>`;
  }

  private mover(index: number, by: 1 | -1, way: string, isLast: boolean): TemplateResult {
    const words = `Move caption ${index + 1} ${way}`;
    return html`<button class="quiet" aria-label=${words} ?disabled=${isLast} @click=${() => this.move(index, by)}>
      ${by < 0 ? "↑" : "↓"}
    </button>`;
  }

  /** A field of several lines. */
  private area(words: string, rows: number, text: string, changed: (text: string) => void): TemplateResult {
    const onInput = (event: Event): void => changed(value(event));
    return html`<label>
      ${words} <textarea rows=${rows} maxlength=${MOST.text} .value=${text} @input=${onInput}></textarea>
    </label>`;
  }

  /** A field of one line. */
  private line(words: string, most: number, text: string, changed: (text: string) => void): TemplateResult {
    const onInput = (event: Event): void => changed(value(event));
    return html`<label>${words} <input type="text" maxlength=${most} .value=${text} @input=${onInput} /></label>`;
  }

  private form(draft: Draft): TemplateResult {
    const change = (part: Partial<Draft>): void => {
      this.draft = { ...draft, ...part };
    };
    const onHalt = (event: Event): void => change({ halt: (event.target as HTMLInputElement).checked });
    return html`<form
      aria-label="Caption ${this.open + 1}"
      @submit=${(event: Event) => {
        event.preventDefault();
        this.save();
      }}
    >
      ${this.line("Title", MOST.title, draft.title, (title) => change({ title }))}
      ${this.area("Text", 4, draft.text, (text) => change({ text }))}
      <label class="tick"><input type="checkbox" .checked=${draft.halt} @change=${onHalt} /> Play halts here</label>
      <details ?open=${draft.question !== ""}>
        <summary>A question</summary>
        ${this.line("Question", MOST.text, draft.question, (question) => change({ question }))}
        ${this.area(CHOICES, 3, draft.choices, (choices) => change({ choices }))}
        ${this.area("Answer, shown after choosing", 2, draft.answer, (answer) => change({ answer }))}
      </details>
      <button type="submit">Save caption ${this.open + 1}</button>
    </form>`;
  }
}

/** What stands in a field. */
function value(event: Event): string {
  return (event.target as HTMLInputElement | HTMLTextAreaElement).value;
}
