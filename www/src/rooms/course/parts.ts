// Parts that tasks and lessons share: sources, what is simplified, the runs that show it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { CourseSource, GalleryEntry } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { canOpen, openRun } from "./course.js";

export function sourceList(sources: readonly CourseSource[]): TemplateResult {
  return html`<ul class="sources">
    ${sources.map(({ work, place }) => html`<li>${work}: ${place}</li>`)}
  </ul>`;
}

export function simplifiedNote(text: string): TemplateResult | typeof nothing {
  return text === "" ? nothing : html`<p class="aside"><b>What is simplified.</b> ${text}</p>`;
}

/** What the page calls a protocol, where it does not know it either. */
function titleOf(protocol: string): string {
  return { pbft: "PBFT", tendermint: "Tendermint", "multi-paxos": "Multi-Paxos" }[protocol] ?? looksOf(protocol).title;
}

export function runCards(run: Run, entries: readonly GalleryEntry[]): TemplateResult {
  const open = async (entry: GalleryEntry): Promise<void> => {
    try {
      await openRun(run, entry);
    } catch (error) {
      run.notices.report(error);
    }
  };
  return html`<ul class="cards">
    ${entries.map(
      (entry) => html`<li class="card">
        <div>
          <h3>${entry.title} <small>${titleOf(entry.scenario.protocol)}</small></h3>
          <p>${entry.about} <b>Watch:</b> ${entry.watch}</p>
          ${canOpen(entry) ? nothing : html`<small>The page cannot show ${titleOf(entry.scenario.protocol)} yet.</small>`}
        </div>
        <button class="primary" ?disabled=${!canOpen(entry)} aria-label="Open the run: ${entry.title}" @click=${() => void open(entry)}>Open the run</button>
      </li>`,
    )}
  </ul>`;
}
