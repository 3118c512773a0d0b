// Predict, then see: a run in the text, and before it what the reader is asked about it. The run has answered already; what
// was predicted is held against that, and the figure shows the moment.

import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { describeError } from "../../engine/engine.js";
import type { CourseQuestion, GalleryEntry } from "../../engine/engine.js";
import { base } from "../../views/panel.js";
import type { PlaygroundFigure } from "../figure.js";
import { ANSWERS_MAX } from "./answers.js";
import { ask, canOpen, loadCourse } from "./course.js";
import { protocolTitle } from "./parts.js";
import { reading } from "./style.js";
import "../figure.js";

/** Told: the run's answer, without another guess. */
const TOLD = -1;
/** What is in the text of a lesson: few panels. */
const PANELS = "diagram,transport";

@customElement("course-predict")
export class CoursePredict extends LitElement {
  static override styles = [
    base,
    reading,
    css`
      section {
        margin-top: var(--s5);
      }

      h2 small {
        font-weight: 400;
        color: var(--ink-2);
      }

      playground-figure {
        margin: var(--s3) 0 var(--s2);
        border: 1px solid var(--rule);
      }

      fieldset {
        margin: var(--s3) 0;
        padding: 0 0 0 var(--s3);
        border: 0;
        border-left: 3px solid var(--rule-strong);
      }

      legend {
        float: left;
        width: 100%;
        padding: 0;
        font: 600 1rem/1.5 var(--serif);
      }

      .answers {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
        clear: both;
        padding: var(--s2) 0;
      }

      .answers button {
        text-align: left;
        white-space: normal;
      }

      input {
        width: 7em;
      }

      .wrong {
        text-decoration: line-through;
      }

      .good {
        color: var(--good);
      }

      .bad {
        color: var(--bad);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
        align-items: baseline;
      }
    `,
  ];

  /** The task or lesson. */
  @property() name = "";
  /** Its prepared runs, by name. */
  @property({ attribute: false }) runs: readonly string[] = [];
  /** Opens a run in the playground; null where there is none around. */
  @property({ attribute: false }) open: ((entry: GalleryEntry) => void) | null = null;
  /** What was answered before. */
  @property({ attribute: false }) known: readonly (readonly number[])[] = [];
  @state() private questions: readonly CourseQuestion[] = [];
  @state() private entries: ReadonlyMap<string, GalleryEntry> = new Map();
  @state() private failure = "";
  /** Of each question what was answered, in order. */
  @state() private chosen: readonly (readonly number[])[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("name")) {
      void this.load(this.name);
    }
    if (changed.has("known") && this.chosen.every((chosen) => chosen.length === 0)) {
      this.chosen = this.known;
    }
  }

  private async load(name: string): Promise<void> {
    [this.questions, this.failure, this.chosen] = [[], "", this.known];
    try {
      this.entries = (await loadCourse()).runs;
      // The text stands before the runs are made that answer.
      await this.updateComplete;
      await new Promise((resume) => setTimeout(resume));
      const questions = await ask((engine) => engine.course_questions(name));
      if (name === this.name) {
        this.questions = questions;
        this.tell();
      }
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  private isAnswered(ordinal: number): boolean {
    const last = this.chosen[ordinal]?.at(-1);
    return last === TOLD || last === this.questions[ordinal]?.right;
  }

  private answer(ordinal: number, answer: number): void {
    const before = this.chosen[ordinal] ?? [];
    if (!this.isAnswered(ordinal) && !before.includes(answer)) {
      // The first counts, and the last is shown: of many between them some are forgotten.
      const after = [...before.slice(0, ANSWERS_MAX - 1), answer];
      this.chosen = this.questions.map((_, each) => (each === ordinal ? after : (this.chosen[each] ?? [])));
      this.tell();
    }
  }

  /** Whoever shows it may want to know how far its reader has come. */
  private tell(): void {
    const { questions, chosen } = this;
    const right = questions.filter((question, ordinal) => chosen[ordinal]?.[0] === question.right).length;
    const isDone = questions.every((_, ordinal) => this.isAnswered(ordinal));
    const detail = { right, of: questions.length, isDone, chosen: questions.map((_, ordinal) => chosen[ordinal] ?? []) };
    this.dispatchEvent(new CustomEvent("course-answers", { detail }));
  }

  protected override render(): TemplateResult {
    const names = [...new Set([...this.runs, ...this.questions.map(({ run }) => run)])];
    const entries = names.flatMap((name) => this.entries.get(name) ?? []);
    return html`${entries.map((entry) => this.shown(entry))} ${this.failure === "" ? nothing : html`<p role="alert">The questions could not be asked: ${this.failure}</p>`}`;
  }

  private shown(entry: GalleryEntry): TemplateResult {
    const { name, title, about, watch, scenario } = entry;
    const { open } = this;
    return html`<section aria-label=${title}>
      <h2>${title} <small>${protocolTitle(scenario.protocol)}</small></h2>
      <p class="prose">${about}</p>
      ${this.questions.map((question, ordinal) => (question.run === name ? this.question(question, ordinal) : nothing))}
      <playground-figure data-run=${name} run=${name} protocol=${scenario.protocol} panels=${PANELS} label="Run: ${title}"></playground-figure>
      <p class="prose"><b>Watch:</b> ${watch}</p>
      ${open === null ? nothing : html`<p><button ?disabled=${!canOpen(entry)} aria-label="Open the run: ${title}" @click=${() => open(entry)}>Open in the playground</button></p>`}
    </section>`;
  }

  private question(question: CourseQuestion, ordinal: number): TemplateResult {
    return html`<fieldset>
      <legend>${question.ask}</legend>
      <div class="answers">${question.kind === "number" ? this.numberField(ordinal) : question.choices.map((text, place) => this.choice(text, place, ordinal))}</div>
      <div role="status">${this.judgement(question, ordinal)}</div>
    </fieldset>`;
  }

  private choice(text: string, place: number, ordinal: number): TemplateResult {
    const isWrong = this.chosen[ordinal]?.includes(place) === true && place !== this.questions[ordinal]?.right;
    const isRight = this.isAnswered(ordinal) && place === this.questions[ordinal]?.right;
    return html`<button class=${isWrong ? "wrong" : ""} aria-disabled=${isWrong || this.isAnswered(ordinal)} @click=${() => this.answer(ordinal, place)}>
      ${isRight ? html`<b class="good" role="img" aria-label="right">✓</b> ` : nothing}${text}
    </button>`;
  }

  private numberField(ordinal: number): TemplateResult {
    const submit = (event: Event): void => {
      event.preventDefault();
      const field = (event.currentTarget as HTMLFormElement).querySelector("input");
      if (field !== null && field.value !== "") {
        this.answer(ordinal, field.valueAsNumber);
      }
    };
    const isAnswered = this.isAnswered(ordinal);
    return html`<form class="row" @submit=${submit}>
      <input type="number" min="0" max="99999" step="1" aria-label="Your number" ?disabled=${isAnswered} />
      <button ?disabled=${isAnswered}>Answer</button>
    </form>`;
  }

  private judgement(question: CourseQuestion, ordinal: number): TemplateResult | typeof nothing {
    const chosen = this.chosen[ordinal] ?? [];
    const last = chosen.at(-1);
    if (last === undefined) {
      return nothing;
    }
    if (!this.isAnswered(ordinal)) {
      return html`<p class="row"><b class="bad">Not in this run.</b> <button class="quiet" @click=${() => this.answer(ordinal, TOLD)}>Tell me</button></p>`;
    }
    const { events, right, choices } = question;
    return html`<p class="prose">
        <b class=${last === TOLD ? "" : "good"}>${last === TOLD ? "The run says" : "Right"}: ${choices[right] ?? right}${choices[right] === undefined ? "." : ""}</b> ${question.why}
      </p>
      ${events === null ? nothing : html`<p><button @click=${() => this.see(question.run, events)}>See it in the run</button></p>`}`;
  }

  /** The figure goes to the moment. */
  private see(run: string, event: number): void {
    const figure = [...this.renderRoot.querySelectorAll<PlaygroundFigure>("playground-figure")].find((each) => each.dataset["run"] === run);
    figure?.seek(event);
    figure?.scrollIntoView({ block: "nearest" });
  }
}
