// An entry of a replica's log: who wrote it, when it was decided and by whose word, and what stood there before.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { list, seconds, titled } from "../../design/words.js";
import type { NodeView, Origin } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochWords } from "../../protocols/protocol.js";
import { eventLink } from "./links.js";

export function entryBody(run: Run, process: number, index: number): TemplateResult {
  const log = run.moment.nodes()[process]?.log ?? null;
  const cell = log?.cells.find((each) => each.index === index);
  const seen = run.moment.slots(index, index)[0];
  const own = seen?.accepted.find(({ epoch }) => epoch === cell?.epoch);
  const broken = run.moment.invariants().filter((property) => property.broken?.cells?.some((each) => each.node === process && each.index === index) ?? false);
  return html`
    <p class="prose">${cell === undefined ? absent(log, index) : html`<b>${cell.text}</b>, ${epochWords(run.catalogue, cell.epoch)}.`}</p>
    ${broken.map((property) => html`<p class="prose bad">${titled(property.name)} is broken: ${property.broken?.sentence}</p>`)}
    ${own?.origin === undefined ? nothing : origin(run, own.origin)} ${gone(run, log, index)}
  `;
}

function absent(log: NodeView["log"], index: number): string {
  const first = log?.snapshot_index ?? 0;
  return index <= first ? "The log begins after it now: the state that is saved has it." : "There is no entry here now.";
}

function origin(run: Run, { written, client, decided, backers }: Origin): TemplateResult {
  const when = ({ event }: { event: number }): TemplateResult => eventLink(run, event, seconds(run.records.eventTime.at(event)));
  return html`<dl data-testid="origin">
    <dt>Written</dt>
    <dd>${written === null ? "by whom is not known" : html`by ${run.name(written.node)} at ${when(written)}`}${client === null ? "" : `, for ${run.name(client)}`}</dd>
    <dt>Decided</dt>
    <dd>${decided === null ? "not known to be, so far" : html`at ${when(decided)}, by ${run.name(decided.node)}`}</dd>
    ${backers.length === 0
      ? nothing
      : html`<dt>Acknowledged</dt>
          <dd>by ${list(backers.map((backer) => run.name(backer)))}: these made the quorum</dd>`}
  </dl>`;
}

function gone(run: Run, log: NodeView["log"], index: number): TemplateResult[] {
  const before = (log?.overwritten ?? []).filter((each) => each.index === index);
  return before.map(
    ({ text, epoch, event }) => html`<p data-testid="was-overwritten">
      <s>${text}</s>, ${epochWords(run.catalogue, epoch)}, stood here and was overwritten at ${eventLink(run, event, seconds(run.records.eventTime.at(event)))}.
    </p>`,
  );
}
