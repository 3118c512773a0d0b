// A lie: what an honest process would have said beside what was said, and to whom else something else was said.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { show, span } from "../../design/words.js";
import type { Field, Lie, MessageView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";

/** What was changed, in words. */
const CHANGED: Record<string, string> = {
  value: "another value",
  digest: "a digest that fits nothing",
  nil: "nothing in place of a value",
  "sequence up": "the next number",
  "sequence down": "the number before",
  "epoch up": "a later view, round or term",
  "epoch down": "an earlier view, round or term",
  impersonate: "another process’s name",
};

export function lieBody(run: Run, message: MessageView): TemplateResult | typeof nothing {
  const { lie, faces } = message;
  if (lie === null && faces.length === 0) {
    return nothing;
  }
  return html`<div class="lie" data-testid="lie">
    ${lie === null ? html`<p>This is the truth, but not what everybody was told.</p>` : html`<p><b class="bad">≠ ${run.name(message.from)} lies.</b> ${sentence(run, message)}</p>`}
    ${lie?.honest ? differences(run, message.fields, lie.honest.fields) : nothing} ${faces.length > 1 ? facesOf(run, message) : nothing}
  </div>`;
}

function sentence(run: Run, { lie, to }: MessageView): string {
  const changed = CHANGED[lie?.alteration ?? ""] ?? "something else";
  const sentences: Record<Lie["kind"], string> = {
    altered: `It was changed: ${changed}.`,
    added: `Right before, ${run.name(to)} was told the truth; this says ${changed}.`,
    withheld: "Its honest half wanted to send this. It was kept back.",
    delayed: `It leaves ${span(lie?.late_by ?? 0)} later than an honest process would have sent it.`,
    replayed: "It was said before; an honest process would not have said it again.",
  };
  return lie === null ? "" : sentences[lie.kind];
}

/** Field by field, what was meant and what was said, where they differ. */
function differences(run: Run, said: readonly Field[], meant: readonly Field[]): TemplateResult {
  const text = (fields: readonly Field[], name: string): string => show(fields.find((field) => field.name === name)?.value ?? null, (process) => run.name(process));
  const names = [...new Set([...meant, ...said].map(({ name }) => name))].filter((name) => text(said, name) !== text(meant, name));
  return html`<table aria-label="What was meant and what was said">
    <thead>
      <tr>
        <td></td>
        <th scope="col">meant</th>
        <th scope="col">said</th>
      </tr>
    </thead>
    <tbody>
      ${names.map(
        (name) => html`<tr>
          <th scope="row">${name}</th>
          <td>${text(meant, name)}</td>
          <td class="bad">${text(said, name)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** To each receiver what it was told, where one thing was meant for all. */
function facesOf(run: Run, { from, faces }: MessageView): TemplateResult {
  return html`<h3>What ${run.name(from)} told whom</h3>
    <ul class="plain" data-testid="faces">
      ${faces.map((face) => {
        const other = run.moment.message(face);
        const kind = other.lie?.kind;
        return html`<li>
          to ${run.name(other.to)}: <button class="link ${other.lie === null ? "" : "bad"}" @click=${() => run.view.select({ kind: "message", message: face })}>${kind === "withheld" ? "nothing" : other.label}</button>
        </li>`;
      })}
    </ul>`;
}

/** Why the receiver threw a message away, if it did. */
export function rejection(run: Run, message: MessageView): TemplateResult | typeof nothing {
  const names = looksOf(run.catalogue.protocol).rejections ?? [];
  if (message.handled_by === null || !run.isReplica(message.to)) {
    return nothing;
  }
  const rule = run.moment.event(message.handled_by).rules.find(({ name }) => names.includes(name));
  return rule === undefined ? nothing : html`<p class="lie" data-testid="rejection"><b class="bad">⊘ ${run.name(message.to)} threw it away.</b> ${rule.text} <small class="soft">${rule.source}</small></p>`;
}
