// A task or a lesson of the course as a task: its text, its runs, and the questions that are asked before they are seen.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { describeError } from "../engine/engine.js";
import { loadCourse } from "../rooms/course/course.js";
import { reading } from "../rooms/course/style.js";
import { base } from "../views/panel.js";
import type { TaskState } from "./platform.js";
import type { Asked } from "./task.js";
import "../rooms/course/predict.js";

export function draw({ name, known, report }: Asked): TemplateResult {
  return html`<task-lesson .name=${name} .known=${known} .report=${report}></task-lesson>`;
}

/** What a lesson says besides its runs. */
interface Text {
  title: string;
  asks: readonly string[];
  answer: readonly string[];
  runs: readonly string[];
}

interface Answers {
  right: number;
  of: number;
  isDone: boolean;
  chosen: readonly (readonly number[])[];
}

@customElement("task-lesson")
class TaskLesson extends LitElement {
  static override styles = [base, reading];

  @property({ attribute: false }) name = "";
  @property({ attribute: false }) known: TaskState | null = null;
  @property({ attribute: false }) report: Asked["report"] = () => undefined;
  @state() private text: Text | undefined;
  @state() private failure = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const { tracks, lessons } = (await loadCourse()).course;
      const tasks = tracks.flatMap((track) => track.tasks);
      const task = tasks.find(({ name }) => name === this.name);
      const lesson = lessons.find(({ name }) => name === this.name);
      this.text = task !== undefined ? { ...task, answer: [] } : lesson && { ...lesson, asks: [lesson.asks] };
      if (this.text === undefined) {
        this.failure = `There is no lesson “${this.name.slice(0, 60)}”. There are: ${[...tasks, ...lessons].map(({ name }) => name).join(", ")}.`;
      }
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  private readonly hear = ({ detail }: CustomEvent<Answers>): void => {
    const { right, of, isDone, chosen } = detail;
    if (chosen.some((answers) => answers.length > 0)) {
      this.report({ score: of === 0 ? 0 : right / of, passed: isDone, state: { task: `lesson/${this.name}`, chosen } });
    }
  };

  protected override render(): TemplateResult {
    const { text, failure } = this;
    if (text === undefined) {
      return failure === "" ? html`<p class="soft" role="status">Fetching the lesson…</p>` : html`<p role="alert">${failure}</p>`;
    }
    return html`<h1>${text.title}</h1>
      <div class="prose lead">${text.asks.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
      <course-predict name=${this.name} .runs=${text.runs} .known=${this.known?.chosen ?? []} @course-answers=${this.hear}></course-predict>
      ${text.answer.length === 0
        ? nothing
        : html`<details class="more">
            <summary>What a good answer contains</summary>
            <div class="prose">${text.answer.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
          </details>`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "task-lesson": TaskLesson;
  }
}
