// Why a property does not hold, in words: a sentence for each event that is responsible, numbered as it is drawn, and
// one in all.

import { css, html } from "lit";
import type { TemplateResult } from "lit";

import { shortcuts } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { seconds } from "../../design/words.js";
import { NOBODY } from "../../engine/codes.js";
import type { Run } from "../../engine/run.js";
import type { Explanation } from "../../engine/view-state.js";

/** What is being explained; null where nothing is, or where its events are no longer those of the run. */
export function explanationOf(run: Run): Explanation | null {
  const { explanation } = run.view;
  return explanation?.generation === run.records.generation ? explanation : null;
}

export function why(run: Run, explanation: Explanation): TemplateResult {
  const { title, sentence, reasons } = explanation;
  return html`<div class="reasons" role="region" aria-label=${title} tabindex="0">
    <h3>${title}</h3>
    <button class="quiet icon" aria-label="Leave the explanation" title="Leave the explanation (Esc)" aria-keyshortcuts=${shortcuts("deselect")} @click=${() => run.view.select(null)}>${icons.close}</button>
    <ol>
      ${reasons.map((reason, ordinal) => html`<li data-testid="reason" data-event=${reason.event}>${number(ordinal + 1)}<span>${when(run, explanation, reason.event)} <q>${reason.sentence}</q></span></li>`)}
    </ol>
    <p data-testid="in-all">${sentence}</p>
  </div>`;
}

function number(ordinal: number): TemplateResult {
  return html`<b class="disc" aria-hidden="true">${ordinal}</b>`;
}

/** The event is selected, and the explanation stays. */
function when(run: Run, explanation: Explanation, event: number): TemplateResult {
  const process = run.records.eventNode.at(event);
  const at = `${process === NOBODY ? "" : `${run.name(process)}, `}${seconds(run.records.eventTime.at(event), 3)}`;
  return html`<button class="quiet" title="Select the event" @click=${() => run.view.explain(explanation, event)}>${at}</button>`;
}

export const whyStyles = css`
  .reasons {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0 var(--s3);
    align-items: center;
    max-height: 40%;
    padding: 4px var(--s3) 6px var(--s4);
    overflow: auto;
    border-top: 2px solid var(--bad);
  }

  .reasons ol,
  .reasons p {
    grid-column: 1 / -1;
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
    padding-top: 2px;
    font-weight: 600;
    color: var(--bad);
  }
`;
