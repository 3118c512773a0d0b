// A goal as a task: what is asked for, a run to begin with, and whether it meets the goal each time it rests. A run that
// was made in the whole playground can be handed in by its link.

import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { PlaygroundReport } from "../element/types/consensus-playground.js";
import { describeError } from "../engine/engine.js";
import type { CourseGoal, Grade } from "../engine/engine.js";
import { ask, loadCourse } from "../rooms/course/course.js";
import { limitsOf } from "../rooms/course/task.js";
import type { PlaygroundFigure } from "../rooms/figure.js";
import { base } from "../views/panel.js";
import type { TaskState } from "./platform.js";
import type { Asked } from "./task.js";
import "../rooms/figure.js";

const PANELS = "cluster,diagram,transport";

export function draw({ name, run, known, report }: Asked): TemplateResult {
  return html`<task-goal .name=${name} .begin=${run} .known=${known} .report=${report}></task-goal>`;
}

@customElement("task-goal")
class TaskGoal extends LitElement {
  static override styles = [
    base,
    css`
      h1 {
        font: 600 1.4rem/1.3 var(--serif);
      }

      header p,
      form,
      .found {
        margin: var(--s2) 0;
      }

      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
        align-items: end;
      }

      label {
        flex: 1 1 300px;
      }

      input {
        display: block;
        width: 100%;
      }

      .met {
        color: var(--good);
      }
    `,
  ];

  @property({ attribute: false }) name = "";
  @property({ attribute: false }) begin = "";
  @property({ attribute: false }) known: TaskState | null = null;
  @property({ attribute: false }) report: Asked["report"] = () => undefined;
  @state() private goal: CourseGoal | undefined;
  @state() private found: Grade | null = null;
  @state() private failure = "";
  /** The link that met the goal: what came after does not take that back. */
  private best: string | null = null;
  private asked = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      const { course } = await loadCourse();
      this.goal = course.goals.find(({ name }) => name === this.name);
      if (this.goal === undefined) {
        this.failure = `There is no goal “${this.name.slice(0, 60)}”. There are: ${course.goals.map(({ name }) => name).join(", ")}.`;
      }
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    // What a platform still knows comes when it will: the run of last time takes the place of the first.
    const link = this.known?.link;
    if (changed.has("known") && link !== undefined) {
      void this.judge(link);
    }
  }

  protected override render(): TemplateResult {
    const { goal, failure } = this;
    if (goal === undefined) {
      return failure === "" ? html`<p class="soft" role="status">Fetching the goal…</p>` : html`<p role="alert">${failure}</p>`;
    }
    return html`<header>
        <h1>${goal.title}</h1>
        <p>${goal.statement}</p>
        <p class="soft">${limitsOf(goal)}</p>
      </header>
      <playground-figure .run=${this.known?.link ?? this.begin} protocol=${goal.protocol} panels=${PANELS} label="The run with which you reach the goal" @figure-report=${this.hear}></playground-figure>
      <div class="found" role="status">${this.judgement()}</div>
      <form @submit=${this.handIn}>
        <label>Or hand in the link of a run that you made in the whole playground <input name="link" autocomplete="off" placeholder="#run=1…" /></label>
        <button>Hand in</button>
      </form>`;
  }

  private judgement(): TemplateResult | typeof nothing {
    const { found, failure, best } = this;
    if (failure !== "") {
      return html`<p><b class="bad">Not read.</b> ${failure}</p>`;
    }
    if (found === null) {
      return html`<p class="soft">Whenever the run rests, it is held against the goal.</p>`;
    }
    const before = !found.met && best !== null ? html` <b class="met">You have met the goal before.</b>` : nothing;
    return html`<p><b class=${found.met ? "met" : ""}>${found.met ? "✓ The goal is met." : "Not met yet."}</b> ${found.sentence}${before}</p>`;
  }

  private readonly hear = ({ detail, currentTarget }: CustomEvent<PlaygroundReport>): void => {
    if (detail.type === "state" && !detail.playing) {
      (currentTarget as PlaygroundFigure).send({ type: "link" });
    }
    if (detail.type === "link") {
      void this.judge(detail.link);
    }
  };

  private readonly handIn = (event: Event): void => {
    event.preventDefault();
    const link = new FormData(event.currentTarget as HTMLFormElement).get("link");
    if (typeof link === "string" && link.trim() !== "") {
      void this.judge(link.trim());
    }
  };

  /** Replays the run of a link, and tells what came of it. */
  private async judge(link: string): Promise<void> {
    if (link === this.asked) {
      return;
    }
    this.asked = link;
    try {
      const found = await ask((engine) => engine.grade(link, this.name));
      if (link !== this.asked) {
        return;
      }
      this.failure = "";
      this.found = found;
      this.best = found.met ? link : this.best;
      this.report({ score: this.best === null ? 0 : 1, passed: this.best !== null, state: { task: `goal/${this.name}`, link: this.best ?? link } });
    } catch (error) {
      this.failure = describeError(error);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "task-goal": TaskGoal;
  }
}
