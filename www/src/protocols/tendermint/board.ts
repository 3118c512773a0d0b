// What a validator of Tendermint has counted in the rounds of its height, what each validator is locked on, and the
// chain.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { show } from "../../design/words.js";
import type { NodeView, VoteSet } from "../../engine/engine.js";
import { BftBoard } from "../bft/board.js";
import { isComplete, ofPhase, voters } from "../bft/votes.js";
import { field, value } from "../fields.js";

/** Blocks that are drawn of a chain. */
const BLOCKS = 12;

@customElement("playground-tendermint")
export class PlaygroundTendermint extends BftBoard {
  protected readonly name = "Rounds";
  protected readonly first = "Votes";

  protected votes(node: NodeView): TemplateResult {
    const { run } = this;
    const sets = run.moment.votes(node.place);
    const rounds = [...new Set(sets.map(({ round }) => round))].toSorted((one, other) => other - one);
    const need = sets.find(({ phase }) => phase !== "proposal")?.need;
    const written = need === undefined ? "more than 2/3" : `need ${need}: > 2/3`;
    return html`<p class="facts"><b>${node.name}</b> is at <b>height ${node.epoch}</b>: ${value(node.volatile, "step")}.</p>
      ${rounds.length === 0
        ? nothing
        : html`<table aria-label="Rounds">
            <thead>
              <tr>
                <th scope="col">round</th>
                <th scope="col">proposal</th>
                <th scope="col">prevotes<small>${written}</small></th>
                <th scope="col">precommits<small>${written}</small></th>
              </tr>
            </thead>
            <tbody>
              ${rounds.map((round) => this.round(round, sets.filter((set) => set.round === round)))}
            </tbody>
          </table>`}
      ${this.locks()} ${this.chain(node)}`;
  }

  private round(round: number, sets: readonly VoteSet[]): TemplateResult {
    const proposals = ofPhase(sets, "proposal");
    const votes = (phase: string, badge: string): TemplateResult => {
      const all = ofPhase(sets, phase);
      return all.length === 0 ? html`<td class="none">none</td>` : html`<td>${all.map((set) => this.vote(set, badge))}</td>`;
    };
    return html`<tr data-testid="round" data-round=${round}>
      <th scope="row">${round}</th>
      <td>${proposals.map((set) => this.proposal(set, proposals.length > 1))}</td>
      ${votes("prevote", "polka")} ${votes("precommit", "decided")}
    </tr>`;
  }

  private proposal({ voters: [by], text, need }: VoteSet, rivals: boolean): TemplateResult {
    const who = this.run.name(by ?? 0);
    return html`<span class="one">${who}: ${need === 0 ? html`<span class="none">none yet</span>` : html`<span class="value ${rivals ? "rival" : ""}" title=${text}>${text}</span>`}</span>`;
  }

  /** A vote for nil makes no polka, and decides nothing. */
  private vote(set: VoteSet, badge: string): TemplateResult {
    return html`<span class="one">${voters(this.run, set)} <span class="value" title=${set.text}>${set.value === null ? "nil" : set.value}</span>
      ${isComplete(set) && set.value !== null ? html`<span class="badge">${badge}</span>` : nothing}</span>`;
  }

  private locks(): TemplateResult {
    const { run } = this;
    return html`<h3 class="caption">Where each validator stands</h3>
      <table aria-label="Validators">
        <thead>
          <tr>
            ${["", "height", "round", "step", "locked value", "valid value", "power"].map((name) => (name === "" ? html`<td></td>` : html`<th scope="col">${name}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${run.moment
            .nodes()
            .slice(0, run.catalogue.replicas)
            .map(
              (node) => html`<tr data-testid="validator" data-node=${node.name} ${styled({ "--term": termToken(node.epoch) })}>
                <th scope="row"><button class="link" @click=${() => run.view.select({ kind: "node", node: node.place })}>${node.name}</button></th>
                <td><span class="term">${node.epoch}</span></td>
                <td>${show(field(node.durable, "round"), (process) => run.name(process))}</td>
                <td>${node.condition === "down" ? "down" : value(node.volatile, "step")}</td>
                <td data-testid="locked">${polka(node, "locked")}</td>
                <td>${polka(node, "valid")}</td>
                <td>${show(field(node.volatile, "voting power"), (process) => run.name(process))}</td>
              </tr>`,
            )}
        </tbody>
      </table>`;
  }

  private chain({ name, log }: NodeView): TemplateResult {
    const cells = log?.cells ?? [];
    const first = Math.max(0, cells.length - BLOCKS);
    return html`<h3 class="caption">The chain of ${name}${first === 0 ? "" : `, its last ${BLOCKS} blocks of ${cells.length}`}</h3>
      ${cells.length === 0
        ? html`<p class="none">Nothing is decided yet.</p>`
        : html`<ol class="chain" start=${first + 1}>
            ${cells.slice(first).map(
              ({ index, epoch, text }) => html`<li title=${text} ${styled({ "--term": termToken(index) })}><b>${index}${epoch === 0 ? "" : ` (round ${epoch})`}</b>${text}</li>`,
            )}
          </ol>`}`;
  }
}

/** A value with the round of its polka. */
function polka(node: NodeView, what: string): TemplateResult {
  const round = field(node.durable, `${what} round`);
  return typeof round === "number" ? html`<span class="value">${value(node.durable, `${what} value`)}</span> of round ${round}` : html`<span class="none">none</span>`;
}
