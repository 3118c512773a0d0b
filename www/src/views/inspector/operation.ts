// An operation of a client: from its invocation to its completion, and where its result came from.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { seconds, span } from "../../design/words.js";
import type { OperationView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { describe } from "../operation-words.js";
import { contradiction, responsibleFor, showOperation } from "../responsible.js";
import { eventLink, messageLink } from "./links.js";

const OUTCOMES: Record<OperationView["outcome"], string> = {
  ok: "",
  failed: "It failed: it certainly had no effect.",
  unknown: "It was given up, and its outcome is unknown: it may have taken effect, or may yet.",
  pending: "It waits for its answer.",
};

export function operationBody(run: Run, operation: OperationView): TemplateResult {
  const messages = [...responsibleFor(operation, run.records)].toSorted((one, other) => one - other);
  run.labels.want(messages);
  const verdict = run.moment.verdict();
  const point = verdict?.linearization_at[verdict.linearization_operation.indexOf(operation.index)];
  return html`
    <p class="prose"><b>${operation.text}</b>${operation.result === null ? "" : html`, answered <b>${operation.result}</b>`}. ${OUTCOMES[operation.outcome]}</p>
    ${verdict?.blamed === operation.index ? html`<p class="prose bad">${verdict.sentence}</p>${before(run)}` : nothing}
    <dl>
      <dt>Invoked</dt>
      <dd>${seconds(operation.invoked_at)} ${eventLink(run, operation.invoked_event, "the event")}</dd>
      ${operation.completed_at === null
        ? nothing
        : html`<dt>Completed</dt>
            <dd>${seconds(operation.completed_at)} ${operation.completed_event === null ? nothing : eventLink(run, operation.completed_event, "the event")}</dd>
            <dt>Took</dt>
            <dd>${span(operation.completed_at - operation.invoked_at)}</dd>`}
      ${point === undefined
        ? nothing
        : html`<dt>Took effect</dt>
            <dd>at ${seconds(point)}, for instance</dd>`}
    </dl>
    ${verdict?.blamed === operation.index
      ? nothing
      : html`<div class="row actions"><button @click=${() => showOperation(run, operation.index)}>Show in the diagram</button></div>`}
    <h3>The messages behind it</h3>
    <ul class="plain">
      ${messages.slice(0, 40).map((message) => html`<li>${messageLink(run, message)}</li>`)}
    </ul>
  `;
}

/** What the operation that cannot be placed should have known. */
function before(run: Run): TemplateResult | typeof nothing {
  const found = contradiction(run.moment.verdict(), run.moment.operations());
  if (found === null || found.known === null) {
    return nothing;
  }
  const { known, wrong } = found;
  const words = `${run.name(known.client)}: ${describe(known)}`;
  return html`<p data-testid="relation">
    <button class="link" @click=${() => run.view.select({ kind: "operation", operation: known.index })}>${words}</button> finished at
    ${seconds(known.completed_at ?? 0)}, before ${wrong.text} of ${run.name(wrong.client)} began at ${seconds(wrong.invoked_at)}. What begins later must not
    answer from an earlier state.
  </p>`;
}
