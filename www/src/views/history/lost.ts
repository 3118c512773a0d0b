// What liars made of a protocol that believes them: writes that clients were told are done, and that are lost.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { list } from "../../design/words.js";
import type { OperationView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";

/** So many are named; the others are counted. */
const NAMED = 3;

/** A line that says which they are; nothing where none is lost. */
export function lost(run: Run): TemplateResult | typeof nothing {
  const writes = run.moment.lostWrites();
  if (writes.length === 0) {
    return nothing;
  }
  const words = ({ client, text }: OperationView): string => `${text} of ${run.name(client)}`;
  const more = writes.length - NAMED;
  const all = [...writes.slice(0, NAMED).map(words), ...(more > 0 ? [`${more} more`] : [])];
  const [first] = writes;
  return html`<p class="reason" data-testid="lost">
    <span title="Clients were told that these writes are done; a majority of the servers did something else in their place, and nobody ever will do them."
      ><b>Acknowledged and lost:</b> ${list(all)}.</span
    >
    ${first === undefined ? nothing : html`<button @click=${() => run.view.select({ kind: "operation", operation: first.index })}>Show the first</button>`}
  </p>`;
}
