// The course's page: the way through it at the side, and a task, a lesson or the overview beside.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { describeError } from "../../engine/engine.js";
import type { CourseGoal, CourseLesson, CourseTask } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { base } from "../../views/panel.js";
import { loadCourse } from "./course.js";
import type { Loaded } from "./course.js";
import { lessonPage } from "./lesson.js";
import { reading } from "./style.js";
import { taskPage } from "./task.js";
import { contentsStyles, foldedContents } from "../contents-styles.js";
import { viewStyles } from "./view-styles.js";
import "./console.js";
import "./curve.js";
import "./lock.js";
import "./measured.js";

export const KINDS: readonly (readonly [CourseLesson["kind"], string])[] = [
  ["question", "Interview questions"],
  ["mistake", "Common mistakes"],
  ["comparison", "Comparisons"],
];

@customElement("playground-course")
export class PlaygroundCourse extends LitElement {
  static override styles = [base, reading, contentsStyles, foldedContents, viewStyles];

  @property({ attribute: false }) run!: Run;
  /** What is shown: "" for the overview, a task's name, or `lesson/` and a lesson's name. */
  @property() path = "";
  @state() private loaded: Loaded | undefined;
  @state() private failure = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    this.failure = "";
    try {
      this.loaded = await loadCourse();
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("path") && changed.get("path") !== undefined) {
      // Another page begins at its top, and a reader that speaks begins there too.
      this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
      this.parentElement?.scrollTo({ top: 0 });
    }
  }

  override render(): TemplateResult {
    if (this.failure !== "") {
      return html`<article role="alert">
        <p>The course could not be loaded: ${this.failure}</p>
        <p><button @click=${() => void this.load()}>Try again</button></p>
      </article>`;
    }
    if (this.loaded === undefined) {
      return html`<article role="status"><p class="soft">Fetching the course…</p></article>`;
    }
    const here = this.path === "" ? "The course" : "Contents";
    return html`<div class="frame">
      <nav class="wide" aria-label="Course">${this.way(this.loaded)}</nav>
      <details class="way">
        <summary>${here}</summary>
        <nav aria-label="Course, folded">${this.way(this.loaded)}</nav>
      </details>
      <article>${this.page(this.loaded)}</article>
    </div>`;
  }

  private link(path: string, title: string, number?: number): TemplateResult {
    return html`<a href="#course${path === "" ? "" : `/${path}`}" aria-current=${path === this.path ? "page" : "false"}
      >${number === undefined ? nothing : html`<span class="number">${number}</span>`}<span>${title}</span></a
    >`;
  }

  private way({ course }: Loaded): TemplateResult {
    return html`${this.link("", "Overview")}
    ${course.tracks.map(
      ({ title, tasks }) => html`<h2>${title}</h2>
        <ul>
          ${tasks.map((task) => html`<li>${this.link(task.name, task.title, task.number)}</li>`)}
        </ul>`,
    )}
    ${KINDS.map(
      ([kind, title]) => html`<h2>${title}</h2>
        <ul>
          ${course.lessons.filter((lesson) => lesson.kind === kind).map((lesson) => html`<li>${this.link(`lesson/${lesson.name}`, lesson.title)}</li>`)}
        </ul>`,
    )}`;
  }

  private page(loaded: Loaded): TemplateResult {
    const { course } = loaded;
    if (this.path === "") {
      return this.overview(loaded);
    }
    const tasks = course.tracks.flatMap((track) => track.tasks);
    const ordinal = tasks.findIndex(({ name }) => name === this.path);
    const task = tasks[ordinal];
    if (task !== undefined) {
      const track = course.tracks.find((each) => each.tasks.includes(task));
      return html`<p class="over">${track?.title}, task ${task.number} of 20</p>
        ${taskPage(this.run, loaded, task, this.goals(task))} ${this.onward(tasks[ordinal - 1], tasks[ordinal + 1])}`;
    }
    const lesson = course.lessons.find(({ name }) => `lesson/${name}` === this.path);
    if (lesson !== undefined) {
      const kind = KINDS.find(([each]) => each === lesson.kind)?.[1];
      return html`<p class="over">${kind}</p>
        ${lessonPage(this.run, lesson)}`;
    }
    return html`<h1 tabindex="-1">There is no such page</h1>
      <p class="prose lead">The course has no task or lesson “${this.path.slice(0, 60)}”. ${this.link("", "To the overview")}</p>`;
  }

  private goals({ goals }: CourseTask): CourseGoal[] {
    return goals.flatMap((name) => this.loaded?.course.goals.find((goal) => goal.name === name) ?? []);
  }

  private onward(before: CourseTask | undefined, after: CourseTask | undefined): TemplateResult {
    return html`<p class="onward">
      <span>${before === undefined ? nothing : html`<a href="#course/${before.name}">← ${before.title}</a>`}</span>
      <span>${after === undefined ? nothing : html`<a href="#course/${after.name}">${after.title} →</a>`}</span>
    </p>`;
  }

  private overview({ course }: Loaded): TemplateResult {
    return html`<h1 tabindex="-1">The course</h1>
      <div class="prose lead">
        <p>
          Twenty tasks lead from a replicated log to replicas that lie. Each has a run that shows it, a node that answers its messages, and the lines of the paper that it
          rests on. The node is the one of the command line, <span class="mono">consensus-playground course</span>, and what answers are the protocol cores,
          the simulator and the checkers. Beside them stand the course’s formulas where it fixes some, a vocabulary of faults, and what the papers say in a comparison.
        </p>
        <p>Some tasks have goals: something that a run is to show. You make the run in the playground; whether it meets the goal is found out by replaying it.</p>
        <p>In the <a href="#levels">levels</a> you are one server yourself: you vote, promise, accept and prepare, and the same cores judge.</p>
      </div>
      <div class="tracks">
        ${course.tracks.map(
          ({ title, about, tasks }) => html`<section>
            <h2>${title}</h2>
            <p class="soft">${about}</p>
            <ol>
              ${tasks.map((task) => html`<li><span class="number soft">${task.number}</span><a href="#course/${task.name}">${task.title}</a></li>`)}
            </ol>
          </section>`,
        )}
        ${KINDS.map(
          ([kind, title]) => html`<section>
            <h2>${title}</h2>
            <ul>
              ${course.lessons.filter((lesson) => lesson.kind === kind).map((lesson) => html`<li><a href="#course/lesson/${lesson.name}">${lesson.title}</a></li>`)}
            </ul>
          </section>`,
        )}
      </div>`;
  }
}
