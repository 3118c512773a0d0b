// What all views have in common: the run they show, when they are drawn again, and that an error stays within one of
// them.

import { LitElement, html, unsafeCSS } from "lit";
import type { CSSResultGroup, PropertyValues, TemplateResult } from "lit";
import { property } from "lit/decorators.js";

import baseText from "../design/base.css?inline";
import { Watch, frameBudget } from "../engine/emitter.js";
import type { Topic } from "../engine/emitter.js";
import { describeError } from "../engine/engine.js";
import { Reviving } from "../engine/live.js";
import type { Run } from "../engine/run.js";

const FULL_SPEED_PACE_MS = 30;

export const base: CSSResultGroup = unsafeCSS(baseText);

export abstract class Panel extends LitElement {
  @property({ attribute: false }) run!: Run;

  /** What draws this view again. */
  protected abstract readonly topics: readonly Topic[];
  /** Milliseconds between two drawings while the run plays. */
  protected readonly pace: number = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch ??= new Watch(this, () => this.run.emitter, this.topics, () => this.paceNow());
    // Another run may do what this one could not.
    this.unlistenRun = this.run.emitter.listen((topics) => {
      if (topics.has("scenario") && this.failure !== null) {
        this.tryAgain();
      }
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlistenRun?.();
  }

  private unlistenRun: (() => void) | undefined;

  private watch: Watch | undefined;
  private failure: { error: unknown } | null = null;

  /** At full speed nobody reads single events: the simulator has more of the time. */
  private paceNow(): number {
    if (!this.run.playhead.playing) {
      return 0;
    }
    return this.run.playhead.fullSpeed ? Math.max(FULL_SPEED_PACE_MS, 2 * this.pace) : this.pace;
  }

  protected abstract content(): TemplateResult;

  /** What is hidden is not drawn; whoever shows it again has it drawn. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    return super.shouldUpdate(changed) && this.closest("[hidden], [popover]:not(:popover-open)") === null;
  }

  /** A view that fails, in whatever part of its drawing, says so in its own place; the others go on. */
  protected override scheduleUpdate(): void {
    const started = performance.now();
    try {
      void super.scheduleUpdate();
    } catch (error) {
      this.fail(error);
    }
    frameBudget.spend(performance.now() - started);
  }

  protected override render(): TemplateResult {
    if (this.failure !== null) {
      return this.apology(this.failure.error);
    }
    try {
      return this.content();
    } catch (error) {
      if (!(error instanceof Reviving)) {
        console.error(error);
      }
      this.failure = { error };
      return this.apology(error);
    }
  }

  private fail(error: unknown): void {
    if (this.failure === null) {
      console.error(error);
      this.failure = { error };
      this.requestUpdate();
    }
  }

  private tryAgain(): void {
    this.failure = null;
    this.requestUpdate();
  }

  private apology(error: unknown): TemplateResult {
    if (error instanceof Reviving) {
      this.failure = null;
      return html`<p class="broken" role="status">${error.message}</p>`;
    }
    return html`
      <div class="broken" role="alert">
        <p>This part of the page could not be drawn: ${describeError(error)}</p>
        <button @click=${() => this.tryAgain()}>Try again</button>
      </div>
    `;
  }

  /** Carries out what a person asked for; what goes wrong becomes a notice. */
  protected attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.run.notices.report(error);
    }
  }
}
