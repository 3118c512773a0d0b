// Where a run is taken away: as a figure, in the formats of other tools, as a scenario.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icons } from "../../design/icons.js";
import type { Run } from "../../engine/run.js";
import { Clerk } from "../../search/clerk.js";
import { base } from "../panel.js";
import { takeawayStyles } from "./styles.js";
import "./figure.js";
import "./formats.js";
import "./opened.js";

@customElement("playground-takeaway")
export class PlaygroundTakeaway extends LitElement {
  static override styles = [base, takeawayStyles];

  @property({ attribute: false }) run!: Run;
  @state() private isOpen = false;

  private readonly clerk = new Clerk();

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  show(): void {
    this.run.playhead.pause();
    this.isOpen = true;
    if (this.dialog?.open === false) {
      this.dialog.showModal();
    }
  }

  /** A file that was dropped on the page. */
  async open(file: File): Promise<void> {
    this.show();
    await this.updateComplete;
    const opened = this.renderRoot.querySelector("playground-opened");
    opened?.scrollIntoView({ block: "nearest" });
    await opened?.open(file);
  }

  private readonly onClose = (): void => {
    this.isOpen = false;
    // What is still being judged is no longer asked for.
    this.clerk.close();
  };

  private close(): void {
    this.dialog?.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @close=${this.onClose}>
      <div class="head">
        <h2 id="heading">Save this run, or open a file</h2>
        <button class="quiet icon" aria-label="Close" @click=${() => this.close()}>${icons.close}</button>
      </div>
      ${this.isOpen
        ? html`<playground-figure .run=${this.run}></playground-figure>
            <playground-formats .run=${this.run} .clerk=${this.clerk}></playground-formats>
            <playground-opened .run=${this.run} .clerk=${this.clerk} .done=${() => this.close()}></playground-opened>`
        : nothing}
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "playground-takeaway": PlaygroundTakeaway;
  }
}
