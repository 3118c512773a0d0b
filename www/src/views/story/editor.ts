// Where a story is written: its captions in a list, and a form for one of them. What is written belongs to the run and
// travels in its link. It is checked by the engine; what that refuses is said, and stays in the form.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { seconds } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { Caption } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { base } from "../panel.js";
import { MOST, draftOf, momentWords, written } from "./draft.js";
import type { Draft } from "./draft.js";
import { editorStyles } from "./editor-styles.js";

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
    const span = inView === null || inView.start >= clock ? undefined : { before: Math.round(clock - inView.start), after: Math.max(0, Math.round(inView.end - clock)) };
    const index = story.index + 1;
    const added: Caption = { moment: { on: { at: Math.floor(clock) } }, title: `At ${seconds(clock)}`, text: "", halt: true, ...(span === undefined ? {} : { look: { span } }) };
    if (this.retell([...this.captions.slice(0, index), added, ...this.captions.slice(index)])) {
      this.edit(index);
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>("#title")?.select());
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
      <p class="soft">They stand at moments of the run, and travel in its link. ${this.captions.length} of at most ${MOST.captions}.</p>
      <ol>
        ${this.captions.map((caption, index) => this.entry(caption, index))}
      </ol>
      ${this.draft === null ? nothing : this.form(this.draft)}
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      <div class="row ends">
        <button ?disabled=${this.captions.length >= MOST.captions} title="A caption where the playhead stands" @click=${() => this.addHere()}>Add here</button>
        <button class="primary" @click=${() => this.close()}>Done</button>
      </div>
    </dialog>`;
  }

  private entry({ title, moment }: Caption, index: number): TemplateResult {
    const number = index + 1;
    return html`<li class=${index === this.open ? "open" : ""}>
      <button class="quiet name" aria-current=${index === this.open} @click=${() => this.edit(index)}>${title} <span class="soft">· ${momentWords(moment)}</span></button>
      <button class="quiet" aria-label="Move caption ${number} up" ?disabled=${index === 0} @click=${() => this.move(index, -1)}>↑</button>
      <button class="quiet" aria-label="Move caption ${number} down" ?disabled=${number === this.captions.length} @click=${() => this.move(index, 1)}>↓</button>
      <button class="quiet" aria-label="Delete caption ${number}" @click=${() => this.discard(index)}>Delete</button>
    </li>`;
  }

  private form(draft: Draft): TemplateResult {
    const change = (part: Partial<Draft>): void => {
      this.draft = { ...draft, ...part };
    };
    return html`<form
      aria-label="Caption ${this.open + 1}"
      @submit=${(event: Event) => {
        event.preventDefault();
        this.save();
      }}
    >
      <label>Title <input id="title" type="text" required maxlength=${MOST.title} .value=${draft.title} @input=${(event: Event) => change({ title: value(event) })} /></label>
      <label>Text <textarea rows="4" maxlength=${MOST.text} .value=${draft.text} @input=${(event: Event) => change({ text: value(event) })}></textarea></label>
      <label class="tick"><input type="checkbox" .checked=${draft.halt} @change=${(event: Event) => change({ halt: (event.target as HTMLInputElement).checked })} /> Play halts here</label>
      <details ?open=${draft.question !== ""}>
        <summary>A question</summary>
        <label>Question <input type="text" maxlength=${MOST.text} .value=${draft.question} @input=${(event: Event) => change({ question: value(event) })} /></label>
        <label>Choices, one on each line, the right one with * before it
          <textarea rows="3" .value=${draft.choices} @input=${(event: Event) => change({ choices: value(event) })}></textarea></label>
        <label>Answer, shown after choosing <textarea rows="2" maxlength=${MOST.text} .value=${draft.answer} @input=${(event: Event) => change({ answer: value(event) })}></textarea></label>
      </details>
      <button type="submit">Save caption ${this.open + 1}</button>
    </form>`;
  }
}

/** What stands in a field. */
function value(event: Event): string {
  return (event.target as HTMLInputElement | HTMLTextAreaElement).value;
}
