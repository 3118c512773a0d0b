// Parts that tasks and lessons share: sources, what is simplified, the runs that show it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { CourseSource, GalleryEntry } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { openRun } from "./course.js";
import "./predict.js";

export function sourceList(sources: readonly CourseSource[]): TemplateResult {
  return html`<ul class="sources">
    ${sources.map(({ work, place }) => html`<li>${work}: ${place}</li>`)}
  </ul>`;
}

export function simplifiedNote(text: string): TemplateResult | typeof nothing {
  return text === "" ? nothing : html`<details class="more"><summary>What is simplified, or different in the course</summary><p class="aside">${text}</p></details>`;
}

/** What the page calls a protocol, where it does not know it either. */
export function protocolTitle(protocol: string): string {
  return { pbft: "PBFT", tendermint: "Tendermint", "multi-paxos": "Multi-Paxos" }[protocol] ?? looksOf(protocol).title;
}

/** The runs that show something, in the text, with what is asked about them before. */
export function runsInText(run: Run, name: string, runs: readonly string[]): TemplateResult {
  const open = (entry: GalleryEntry): void => {
    openRun(run, entry).catch((error: unknown) => run.notices.report(error));
  };
  return html`<course-predict name=${name} .runs=${runs} .open=${open}></course-predict>`;
}
