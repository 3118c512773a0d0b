// What the boards of PBFT and Tendermint share: whose count is shown, and the card of the proofs.

import { html } from "lit";
import type { TemplateResult } from "lit";
import { state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import type { NodeView } from "../../engine/engine.js";
import { boardStyles, boardTableStyles } from "../../views/board-styles.js";
import { Panel, base } from "../../views/panel.js";
import { proofs } from "./proofs.js";
import { bftStyles } from "./styles.js";

export abstract class BftBoard extends Panel {
  static override styles = [base, boardStyles, boardTableStyles, bftStyles];

  protected readonly topics: readonly Topic[] = ["time", "scenario", "playing", "selection"];
  protected override readonly pace = 120;

  /** Its name, which is the region's too. */
  protected abstract readonly name: string;
  protected abstract readonly first: string;
  protected abstract votes(node: NodeView): TemplateResult;

  @state() private shows: "votes" | "proofs" = "votes";
  /** Whose count is shown, until another replica is selected. */
  @state() private counter = 1;

  protected override content(): TemplateResult {
    const { run } = this;
    const { replicas } = run.catalogue;
    const { selection } = run.view;
    if (selection?.kind === "node" && run.isReplica(selection.node)) {
      this.counter = selection.node;
    }
    const counter = Math.min(this.counter, replicas - 1);
    const held = run.moment.proofs();
    const tab = (name: "votes" | "proofs", title: string): TemplateResult =>
      html`<button class=${name === "proofs" && held.length > 0 ? "found" : ""} aria-pressed=${this.shows === name} @click=${() => (this.shows = name)}>${title}</button>`;
    const node = run.moment.nodes()[counter];
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">${this.name}</h2>
        <div class="segmented" role="group" aria-label="Show">${tab("votes", this.first)}${tab("proofs", held.length === 0 ? "Proofs" : `Proofs (${new Set(held.map(({ culprit }) => culprit)).size})`)}</div>
        ${this.shows === "votes"
          ? html`<label class="who"
              >as counted by
              <select aria-label="As counted by" @change=${(event: Event) => (this.counter = Number((event.target as HTMLSelectElement).value))}>
                ${run.catalogue.processes.slice(0, replicas).map((name, each) => html`<option value=${each} .selected=${each === counter}>${name}</option>`)}
              </select></label
            >`
          : ""}
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="${this.name}, scrollable">
        ${this.shows === "proofs" || node === undefined ? proofs(run, held) : node.condition === "down" ? html`<p class="none">${node.name} is down: what it counted is lost.</p>` : this.votes(node)}
      </div>
    </section>`;
  }
}
