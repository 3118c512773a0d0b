// The goal that is chosen in the course: whether the run in the playground meets it, by the course's module, and the
// link for the teacher.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import type { CourseGoal, Grade } from "../../engine/engine.js";
import { addressOf } from "../../engine/link.js";
import { loadLinkText } from "../../engine/link-text.js";
import { ask, chooseGoal, chosenGoal } from "../../rooms/course/course.js";
import { Panel, base } from "../panel.js";
import { goalStyles } from "./styles.js";

@customElement("playground-goal")
export class PlaygroundGoal extends Panel {
  static override styles = [base, goalStyles];

  protected readonly topics: readonly Topic[] = ["records", "scenario", "playing"];
  protected override readonly pace = 500;

  /** What was found, and of which run: with how many events and how much done to it. */
  @state() private graded: { grade: Grade; of: string; address: string } | null = null;
  @state() private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("playground-goal", this.onGoal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("playground-goal", this.onGoal);
  }

  private readonly onGoal = (): void => {
    this.graded = null;
    this.requestUpdate();
  };

  protected override content(): TemplateResult {
    const goal = chosenGoal();
    if (goal === null) {
      return html``;
    }
    const { graded } = this;
    return html`<section aria-label="Goal">
      <h2>Goal: ${goal.title}</h2>
      <p class="statement">${goal.statement}</p>
      <div class="row">
        <button class="primary" ?disabled=${this.busy} @click=${() => void this.check(goal)}>Does this run meet it?</button>
        <button class="quiet" @click=${() => chooseGoal(null)}>Leave the goal</button>
      </div>
      <div role="status">${graded === null ? nothing : this.result(goal, graded)}</div>
    </section>`;
  }

  private result(goal: CourseGoal, { grade, of, address }: { grade: Grade; of: string; address: string }): TemplateResult {
    const { event } = grade;
    const isOfNow = of === this.identity();
    return html`<p class="seen ${grade.met ? "met" : ""}">
        <b>${grade.met ? "Met" : "Not met"}${isOfNow ? "" : ", when you asked"}:</b> ${grade.sentence}.
        ${event === null || !isOfNow ? nothing : html`<button class="quiet" @click=${() => this.show(event)}>Event ${event}</button>`}
      </p>
      ${grade.met
        ? html`<label class="link"
            >The link for your teacher
            <input type="text" readonly .value=${address} @focus=${(focus: Event) => (focus.target as HTMLInputElement).select()} />
            <small class="mono">consensus-playground grade '${address.slice(address.indexOf("#"), address.indexOf("#") + 24)}…' --goal ${goal.name}</small></label
          >`
        : nothing}`;
  }

  private show(event: number): void {
    this.attempt(() => {
      this.run.playhead.seek(event + 1);
      this.run.view.select({ kind: "event", event });
    });
  }

  /** Tells one state of the run from another. */
  private identity(): string {
    const { status, scenario } = this.run;
    return `${scenario.title} ${scenario.seed} ${status.events} ${scenario.interventions?.length ?? 0} ${scenario.mutations?.join() ?? ""}`;
  }

  private async check(goal: CourseGoal): Promise<void> {
    this.busy = true;
    try {
      this.run.playhead.pause();
      await loadLinkText();
      const [of, address] = [this.identity(), addressOf(this.run)];
      const grade = await ask((engine) => engine.grade(address, goal.name));
      if (chosenGoal() === goal) {
        this.graded = { grade, of, address };
      }
    } catch (error) {
      this.run.notices.report(error);
    } finally {
      this.busy = false;
    }
  }
}
