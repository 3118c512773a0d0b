// Why a property does not hold, in words: a sentence for each event that is responsible, numbered as it is drawn, and
// one in all.

import { css, html } from "lit";
import type { TemplateResult } from "lit";

import { askLikelihood, namesOf } from "../../commands/perform.js";
import { PAGE_COMMANDS, shortcuts } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { count, seconds } from "../../design/words.js";
import { NOBODY } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import type { ExplainedReason, Explanation } from "../../engine/view-state.js";

/** What is being explained; null where nothing is, or where its events are no longer those of the run. */
export function explanationOf(run: Run): Explanation | null {
  const { explanation } = run.view;
  return explanation?.generation === run.records.generation ? explanation : null;
}

/** Whether it is the story that explains it, in its own card. */
export const isToldByStory = ({ story, view }: Run): boolean => story.told && !view.isReadersChoice;

/** `isListed`: the sentences are listed, for not all of them have found a spot on the drawing. */
export function why(run: Run, explanation: Explanation, isListed: boolean): TemplateResult {
  const { title, sentence, reasons, isQuestion } = explanation;
  return html`<div class="reasons ${run.view.looks.direction === "down" ? "" : "beside"} ${isQuestion ? "calm" : ""}" role="region" aria-label=${title} tabindex="0">
    <h3>${title}</h3>
    <p data-testid="in-all">${sentence}</p>
    <button class="quiet icon" aria-label="Leave the explanation" title="Leave the explanation (Esc)" aria-keyshortcuts=${shortcuts("deselect")} @click=${() => run.view.select(null)}>${icons.close}</button>
    <button class="quiet forks" part="likelihood" aria-keyshortcuts=${shortcuts("likelihood")} @click=${() => askLikelihood(run, explanation.event)}>${PAGE_COMMANDS.likelihood.words(namesOf(run))}</button>
    <details ?open=${isListed}>
      <summary>${count(reasons.length, "step")}, one by one</summary>
      <ol>
        ${reasons.map((reason, ordinal) => html`<li data-testid="reason" data-event=${reason.event}>${number(ordinal + 1)}<span>${when(run, explanation, reason)} <q>${reason.sentence}</q></span></li>`)}
      </ol>
    </details>
  </div>`;
}

function number(ordinal: number): TemplateResult {
  return html`<b class="disc" aria-hidden="true">${ordinal}</b>`;
}

/** The event is selected, and the explanation stays. */
function when(run: Run, explanation: Explanation, { event }: ExplainedReason): TemplateResult {
  const process = run.records.eventNode.at(event);
  const at = `${process === NOBODY ? "" : `${run.name(process)}, `}${seconds(run.records.eventTime.at(event), 3)}`;
  return html`<button class="quiet" aria-pressed=${run.view.selection?.kind === "event" && run.view.selection.event === event} title="Select the event" @click=${() => run.view.explain(explanation, { kind: "event", event })}>${at}</button>`;
}

export const whyStyles = css`
  .reasons {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0 var(--s3);
    align-items: center;
    max-height: 40%;
    padding: 4px var(--s3) 6px var(--s4);
    overflow: auto;
    border-top: 2px solid var(--bad);
  }

  .reasons h3 {
    font: 600 1rem/1.3 var(--serif);
  }

  .reasons details {
    grid-column: 1 / -1;
  }

  /* In somebody else's page there is no space for it. */
  :host(:not([bare])) .forks {
    display: none;
  }

  .forks {
    grid-column: 1 / -1;
    justify-self: start;
  }

  .reasons summary {
    width: max-content;
    font-size: var(--size-s);
    color: var(--ink-2);
    cursor: pointer;
  }

  .reasons li {
    display: grid;
    grid-template-columns: 20px 1fr;
    gap: var(--s2);
    align-items: baseline;
    padding: 1px 0;
    list-style: none;
  }

  .reasons q {
    quotes: none;
  }

  .reasons li button {
    min-height: 24px;
    padding: 0 4px;
    font-size: var(--size-s);
    font-variant-numeric: tabular-nums;
  }

  .reasons .disc {
    width: 18px;
    font-size: var(--size-xs);
    line-height: 18px;
    color: var(--paper);
    text-align: center;
    background: var(--ink);
    border-radius: 50%;
  }

  .reasons li:last-child .disc {
    background: var(--bad);
  }

  .reasons p {
    font: var(--size-l) / 1.4 var(--serif);
    color: var(--bad);
  }

  .calm p {
    font-size: var(--size-m);
    color: var(--ink);
  }

  .calm li:last-child .disc {
    background: var(--ink);
  }

  /* On the whole page it stands where the card of a selection does, over what has not happened yet. */
  @media (width > 760px) {
    :host([bare]) .reasons {
      position: absolute;
      right: 0;
      bottom: 0;
      z-index: 1;
      grid-template-rows: auto auto 1fr;
      width: min(880px, 82%);
      height: 132px;
      max-height: none;
      padding: 10px var(--s3) 8px 20px;
      background: var(--raised);
      border: 0;
      border-radius: 6px 0 0;
      box-shadow: 0 0 0 1px var(--rule), 0 -8px 24px -12px var(--shade);
    }

    :host([bare]) .reasons.beside {
      grid-template-columns: 1fr auto;
      width: 340px;
      height: min(400px, 100%);
    }

    :host([bare]) .reasons.beside p {
      grid-area: 2 / 1 / auto / -1;
    }

    :host([bare]) .reasons.beside {
      grid-template-rows: auto auto auto 1fr;
    }
  }

  @media (width < 640px) {
    .reasons {
      grid-template-columns: 1fr auto;
    }

    .reasons p {
      grid-area: 2 / 1 / auto / -1;
    }
  }
`;
