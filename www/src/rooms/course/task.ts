// A task: what it asks, the runs that show it, goals, the console, the algorithm's lines, sources.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { count, list } from "../../design/words.js";
import type { CourseGoal, CourseTask } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { isKnown } from "../../protocols/protocol.js";
import { chooseGoal } from "./course.js";
import type { Loaded } from "./course.js";
import { runsInText, simplifiedNote, sourceList } from "./parts.js";

export function taskPage(run: Run, loaded: Loaded, task: CourseTask, goals: readonly CourseGoal[]): TemplateResult {
  const ours = task.kinds.filter(({ is_ours: isOurs }) => isOurs);
  return html`<h1 tabindex="-1">${task.title}</h1>
    <div class="prose lead">${task.asks.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
    ${runsInText(run, task.name, task.runs)} ${simplifiedNote(task.simplified)}
    ${goals.length === 0
      ? nothing
      : html`<h2>${goals.length === 1 ? "A goal" : "Goals"}</h2>
          ${goalCards(run, goals)}`}
    <h2>The node</h2>
    <p class="soft">
      It knows ${list(task.kinds.map(({ name }) => name))} of this task${ours.length === 0 ? "" : `; of these ${list(ours.map(({ name }) => name))} ${ours.length === 1 ? "is an addition" : "are additions"} of ours`}.
      Begin with an example, or write a message yourself.
    </p>
    <course-console .fields=${loaded.course.fields} .task=${task}></course-console>
    <h2>The algorithm’s lines</h2>
    <p class="soft">As the core names them: the playground shows which of them made an event happen.</p>
    <ul class="cards">
      ${task.rules.map(
        ({ text, source }) => html`<li class="card">
          <p>${text}</p>
          <small>${source}</small>
        </li>`,
      )}
    </ul>
    <h2>Sources</h2>
    ${sourceList(task.sources)}`;
}

/** What a run may not go beyond, in words. */
export function limitsOf({ limits }: CourseGoal): string {
  const { mutations, replicas_min: replicas, crashes_max: crashes, liars_max: liars } = limits;
  const parts = [
    mutations.length === 0 ? "no rule switched off" : `one rule switched off, of ${list(mutations)}`,
    `at least ${count(replicas, "replica")}`,
    ...(crashes === null ? [] : [`at most ${count(crashes, "crash", "crashes")}`]),
    liars === 0 ? "no liar" : count(liars, "liar"),
  ];
  return `Allowed: ${list(parts)}.`;
}

function goalCards(run: Run, goals: readonly CourseGoal[]): TemplateResult {
  const choose = async (goal: CourseGoal): Promise<void> => {
    try {
      if (run.catalogue.protocol !== goal.protocol) {
        await run.choose(goal.protocol);
      }
      chooseGoal(goal);
      window.location.hash = "";
    } catch (error) {
      run.notices.report(error);
    }
  };
  return html`<ul class="cards">
    ${goals.map(
      (goal) => html`<li class="card">
        <div>
          <h3>${goal.title}</h3>
          <p>${goal.statement}</p>
          <small>${limitsOf(goal)} ${goal.source}.</small>
        </div>
        <button ?disabled=${!isKnown(goal.protocol)} aria-label="Try it: ${goal.title}" @click=${() => void choose(goal)}>Try it</button>
      </li>`,
    )}
  </ul>`;
}
