// What a replica of PBFT has counted: for each number and view who proposed, prepared and committed; checkpoints; and
// who asks for which view.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import type { NodeView, VoteSet } from "../../engine/engine.js";
import { BftBoard } from "../bft/board.js";
import { isComplete, ofPhase, voters } from "../bft/votes.js";
import { field } from "../fields.js";

/** What was said of one value of one number in one view. */
interface Row {
  index: number;
  round: number;
  value: string | null;
  text: string;
  sets: VoteSet[];
}

@customElement("playground-pbft")
export class PlaygroundPbft extends BftBoard {
  protected readonly name = "Votes";
  protected readonly first = "Certificates";

  protected votes(node: NodeView): TemplateResult {
    const { run } = this;
    const sets = run.moment.votes(node.place);
    const number = (name: string): number => {
      const found = field(node.volatile, name) ?? field(node.durable, name);
      return typeof found === "number" ? found : 0;
    };
    const [quorum, liars, n] = [number("quorum q"), number("liars counted on f"), run.catalogue.replicas];
    const usual = n === 3 * liars + 1;
    const of = (formula: string, need: number): string => `need ${usual ? formula : formula === "2f" ? "q−1" : "q"} = ${need}`;
    const rows = rowsOf(sets);
    const checkpoint = ofPhase(sets, "checkpoint").at(-1);
    return html`<p class="facts">
        <b>${node.name}</b> ${node.role === "view change" ? "waits for" : "is in"} <b>view ${node.epoch}</b>${node.leader === null ? "" : html`, primary ${run.name(node.leader)}`}; executed up to
        <b>${number("executed")}</b>; water marks ${number("low water mark h")} and ${number("high water mark H")}; n = ${n}, f = ${liars}, q = ${quorum}.
        ${checkpoint === undefined ? nothing : html`Checkpoint ${checkpoint.index}: ${voters(run, checkpoint)}${isComplete(checkpoint) ? " stable." : "."}`}
      </p>
      ${ofPhase(sets, "view-change").map((set) => html`<p class="facts" data-testid="view-change">For <b>view ${set.round}</b>: ${voters(run, set)} ${of("2f+1", set.need)}</p>`)}
      ${rows.length === 0
        ? html`<p class="none">Nothing is proposed above the last stable checkpoint.</p>`
        : html`<table aria-label="Certificates">
            <thead>
              <tr>
                <th scope="col">number</th>
                <th scope="col">view</th>
                <th scope="col">request</th>
                <th scope="col">pre-<br />prepare</th>
                <th scope="col">prepares<small>${of("2f", quorum - 1)}</small></th>
                <th scope="col">commits<small>${of("2f+1", quorum)}</small></th>
                <th scope="col">here</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map((row, ordinal) => this.row(row, rows[ordinal - 1], rows, number("executed")))}
            </tbody>
          </table>`}`;
  }

  private row({ index, round, value, text, sets }: Row, before: Row | undefined, all: readonly Row[], executed: number): TemplateResult {
    const { run } = this;
    const cell = (phase: string): TemplateResult => {
      const set = ofPhase(sets, phase)[0];
      if (set !== undefined && phase === "pre-prepare") {
        return html`<td>${voters(run, set, true)}</td>`;
      }
      return set === undefined ? html`<td class="none">none</td>` : html`<td>${voters(run, set)}</td>`;
    };
    const done = (phase: string): boolean => ofPhase(sets, phase).some(isComplete);
    const proposed = ofPhase(sets, "pre-prepare").length > 0;
    const committed = done("commit");
    const state = committed ? (index <= executed ? "executed" : "committed") : proposed && done("prepare") ? "prepared" : proposed ? "accepted" : "not accepted";
    const rivals = all.filter((other) => other.index === index && other.round === round).length > 1;
    return html`<tr data-testid="certificate" data-number=${index} data-view=${round} data-state=${state} class=${before?.index === index ? "same" : ""} ${styled({ "--term": termToken(round) })}>
      <th scope="row">${before?.index === index ? html`<span class="out-of-sight">${index}</span>` : index}</th>
      <td><span class="term">${round}</span></td>
      <td><span class="value ${rivals ? "rival" : ""}" title=${value ?? ""}>${text === "" ? (value ?? "") : text}</span></td>
      ${cell("pre-prepare")} ${cell("prepare")} ${cell("commit")}
      <td class=${committed ? "good" : "none"}>${state}</td>
    </tr>`;
  }
}

/** The latest number first, and of a number the latest view. */
function rowsOf(sets: readonly VoteSet[]): Row[] {
  const rows = new Map<string, Row>();
  for (const set of sets) {
    if (set.phase === "checkpoint" || set.phase === "view-change") {
      continue;
    }
    const key = `${set.index} ${set.round} ${set.value}`;
    const row = rows.get(key) ?? { index: set.index, round: set.round, value: set.value, text: "", sets: [] };
    row.sets.push(set);
    row.text = set.text === "" ? row.text : set.text;
    rows.set(key, row);
  }
  return [...rows.values()].toSorted((one, other) => other.index - one.index || other.round - one.round);
}
