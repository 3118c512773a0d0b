// The course: four subtracks, twenty tasks, lessons.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../../engine/run.js";
import "./view.js";

/** Draws the page at an address inside it: "" for the beginning, a task's name, or `lesson/` and a lesson's name. */
export function draw(run: Run, path: string): TemplateResult {
  return html`<playground-course .run=${run} path=${path}></playground-course>`;
}
