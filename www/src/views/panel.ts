// What all views have in common: the run they show, when they are drawn again, and that an error stays within one of them.

import { LitElement, html, unsafeCSS } from "lit";
import type { CSSResultGroup, TemplateResult } from "lit";
import { property } from "lit/decorators.js";

import baseText from "../design/base.css?inline";
import { describeError } from "../engine/engine.js";
import { Watch } from "../engine/emitter.js";
import type { Topic } from "../engine/emitter.js";
import { Reviving } from "../engine/run.js";
import type { Run } from "../engine/run.js";

export const base: CSSResultGroup = unsafeCSS(baseText);

export abstract class Panel extends LitElement {
  @property({ attribute: false }) run!: Run;

  /** What draws this view again. */
  protected abstract readonly topics: readonly Topic[];
  /** Milliseconds between two drawings while the run plays. */
  protected readonly pace: number = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch ??= new Watch(this, () => this.run.emitter, this.topics, () => (this.run.playing ? this.pace : 0));
  }

  private watch: Watch | undefined;

  protected abstract content(): TemplateResult;

  /** A view that fails says so in its own place; the others go on. */
  protected override render(): TemplateResult {
    try {
      return this.content();
    } catch (error) {
      if (error instanceof Reviving) {
        return html`<p class="broken" role="status">The engine is being started again…</p>`;
      }
      console.error(error);
      return html`
        <div class="broken" role="alert">
          <p>This part of the page could not be drawn: ${describeError(error)}</p>
          <button @click=${() => this.requestUpdate()}>Try again</button>
        </div>
      `;
    }
  }

  /** Carries out what a person asked for; what goes wrong becomes a notice. */
  protected attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.run.report(error);
    }
  }
}
