// What the processes of Paxos hold in each of their roles, a row each; and the quorums, a row for each ballot.

import { html } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { list } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { FieldValue, NodeView } from "../../engine/engine.js";
import { boardStyles, boardTableStyles } from "../../views/board-styles.js";
import { Panel, base } from "../../views/panel.js";
import { field, processesIn, value } from "../fields.js";
import { lens } from "./lens.js";
import { acceptorsStyles } from "./styles.js";

@customElement("playground-acceptors")
export class PlaygroundAcceptors extends Panel {
  static override styles = [base, boardStyles, boardTableStyles, acceptorsStyles];

  protected readonly topics: readonly Topic[] = ["time", "scenario", "playing", "selection"];
  protected override readonly pace = 120;

  @state() private shows: "acceptors" | "quorums" = "acceptors";

  protected override content(): TemplateResult {
    const tab = (name: "acceptors" | "quorums", title: string): TemplateResult =>
      html`<button aria-pressed=${this.shows === name} @click=${() => (this.shows = name)}>${title}</button>`;
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Acceptors</h2>
        <div class="segmented" role="group" aria-label="Show">${tab("acceptors", "Roles")}${tab("quorums", "Majorities")}</div>
        <span class="legend">${this.shows === "acceptors" ? "colour is the ballot’s owner" : "○ promised · ● accepted · boxed: where two majorities meet"}</span>
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="Acceptors, scrollable">
        ${this.shows === "acceptors" ? this.table() : lens(this.run)}
      </div>
    </section>`;
  }

  private table(): TemplateResult {
    const { run } = this;
    const nodes = run.moment.nodes().slice(0, run.catalogue.replicas);
    return html`<table aria-label="Acceptors">
      <thead>
        <tr>
          <td></td>
          <th scope="colgroup" colspan="2">Acceptor</th>
          <th scope="col" class="role">Proposer</th>
          <th scope="col" class="role">Learner</th>
        </tr>
        <tr>
          <td></td>
          <th scope="col">promised</th>
          <th scope="col">accepted</th>
          <th scope="col" class="role"><span class="out-of-sight">Its attempt</span></th>
          <th scope="col" class="role"><span class="out-of-sight">Whom it has heard of</span></th>
        </tr>
      </thead>
      <tbody>
        ${nodes.map((node) => this.row(node))}
      </tbody>
    </table>`;
  }

  private row(node: NodeView): TemplateResult {
    const { run } = this;
    const down = node.condition === "down";
    const accepted = value(node.durable, "accepted ballot");
    const select = (): void => run.view.select({ kind: "node", node: node.place });
    return html`<tr data-testid="acceptor-row" data-node=${node.name} class=${node.condition}>
      <th scope="row"><button class="link" @click=${select}>${node.name}</button></th>
      <td data-testid="promised">${this.ballot(value(node.durable, "promised"))}</td>
      <td data-testid="accepted">${this.ballot(accepted)} <span class="value">${value(node.durable, "accepted value")}</span></td>
      <td class="role" data-testid="proposer">${down ? "down" : this.proposer(node)}</td>
      <td class="role" data-testid="learner">${down ? "down" : this.learner(node)}</td>
    </tr>`;
  }

  /** A ballot in its owner's colour; the core writes it with the owner's name. */
  private ballot(text: string): TemplateResult {
    if (text === "") {
      return html`<span class="none">none</span>`;
    }
    const owner = this.run.catalogue.processes.indexOf(text.slice(text.indexOf(".") + 1));
    return html`<span class="ballot" ${styled({ "--term": owner < 0 ? "var(--ink-2)" : termToken(this.epochOf(text, owner)) })}>${text}</span>`;
  }

  private epochOf(text: string, owner: number): number {
    return Number.parseInt(text, 10) * (this.run.catalogue.epoch_places ?? 1) + owner;
  }

  private proposer(node: NodeView): TemplateResult {
    const own = value(node.volatile, "own ballot");
    if (own === "") {
      return html`<span class="none">idle</span>`;
    }
    const promises = processesIn(field(node.volatile, "promises from"));
    const what =
      node.role === "preparing" ? html`${promises.length} ${promises.length === 1 ? "promise" : "promises"}: ${promises.length === 0 ? "none yet" : promises.map((process) => this.run.name(process)).join(", ")}`
      : node.role === "accepting" ? html`asks for <span class="value">${value(node.volatile, "proposes")}</span>`
      : "outbid, waits";
    return html`${this.ballot(own)} ${what}`;
  }

  private learner(node: NodeView): TemplateResult | TemplateResult[] {
    const chosen = value(node.volatile, "chosen value");
    if (chosen !== "") {
      return html`takes <b class="value">${chosen}</b> for chosen, in ${this.ballot(value(node.volatile, "chosen in ballot"))}`;
    }
    const heard = field(node.volatile, "acceptances heard");
    const rows = Array.isArray(heard) ? heard : [];
    return rows.length === 0 ? html`<span class="none">has heard of none</span>` : rows.map((row) => this.count(row));
  }

  /** Of which acceptors it has heard that they accepted a ballot. */
  private count(row: FieldValue): TemplateResult {
    const [ballot, what, acceptors] = Array.isArray(row) ? row : [];
    const names = list(processesIn(acceptors ?? null).map((process) => this.run.name(process)));
    return html`<span class="count">${this.ballot(typeof ballot === "string" ? ballot : "")} <span class="value">${typeof what === "string" ? what : ""}</span>, accepted by ${names}</span> `;
  }
}
