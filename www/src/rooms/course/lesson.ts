// A lesson: the question or the mistake, what shows it, and, disclosed when one wants it, the answer with its sources.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { CourseLesson } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { runsInText, simplifiedNote, sourceList } from "./parts.js";

const ANSWER: Readonly<Record<CourseLesson["kind"], string>> = {
  question: "What a good answer contains",
  mistake: "Why it is wrong, and what is right",
  comparison: "What to take from it",
};

export function lessonPage(run: Run, lesson: CourseLesson): TemplateResult {
  const { mutation } = lesson;
  return html`<h1 tabindex="-1">${lesson.title}</h1>
    <p class="prose lead">${lesson.asks}</p>
    ${lesson.table === null ? nothing : table(lesson.table, lesson.title)} ${runsInText(run, lesson.name, lesson.runs)}
    <details class="more">
      <summary>${ANSWER[lesson.kind]}</summary>
      <div class="prose">${lesson.answer.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
    </details>
    ${simplifiedNote(lesson.simplified)}
    ${mutation === null
      ? nothing
      : html`<p class="aside"><b>The switch.</b> ${mutation.text} <small class="mono">${mutation.name}</small>, ${mutation.source}. In the first run it is on; in the
            playground it stands among “All rules”, in the rail.</p>`}
    ${lesson.curve === null ? nothing : html`<course-curve name=${lesson.curve}></course-curve>`}
    ${lesson.demo === "lock"
      ? html`<h2>Try it</h2>
          <course-lock></course-lock>`
      : nothing}
    ${lesson.demo === "measured"
      ? html`<h2>Measured</h2>
          <course-measured></course-measured>`
      : nothing}
    <h2>Sources</h2>
    ${sourceList(lesson.sources)}`;
}

function table({ head, rows, scripts }: NonNullable<CourseLesson["table"]>, title: string): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}: table">
    <table>
      <thead>
        <tr>
          ${head.map((cell, ordinal) => (ordinal === 0 ? html`<td></td>` : html`<th scope="col">${cell}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row, place) => html`<tr>
            ${row.map((cell, ordinal) => (ordinal === 0 ? html`<th scope="row">${cell}${measuredBy(scripts[place] ?? "", cell)}</th>` : html`<td>${cell}</td>`))}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The way to where a row is measured. */
function measuredBy(script: string, row: string): TemplateResult | typeof nothing {
  return script === "" ? nothing : html`<br /><a href="#compare/${script}" aria-label="Measured: ${row}">measured</a>`;
}
