// Play, pause, step, jump, and how fast: always in reach.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { MARKS_ALL, jumpTo, markName } from "../../commands/jumps.js";
import { namesOf, perform } from "../../commands/perform.js";
import { PAGE_COMMANDS, keyLabel, shortcuts, titleOf, whyUnavailable } from "../../commands/table.js";
import type { PageCommandId } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { count, seconds, speedWord } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { SPEED_MAX, SPEED_MIN } from "../../engine/playhead.js";
import { groupControls } from "../groups.js";
import { Panel, base } from "../panel.js";
import { transportStyles } from "./styles.js";
import "./scrubber.js";

/** The slider is logarithmic; its last step is "as fast as it goes". */
const SLIDER = { min: Math.log10(SPEED_MIN), max: Math.log10(SPEED_MAX) + 0.1 };

@customElement("playground-transport")
export class PlaygroundTransport extends Panel {
  static override styles = [base, transportStyles];

  protected readonly topics: readonly Topic[] = ["time", "playing", "records", "scenario", "deeds"];
  protected override readonly pace = 60;

  /** In somebody else's page, where there is no space for more. */
  @property({ type: Boolean }) guest = false;

  constructor() {
    super();
    groupControls(this);
  }

  protected override content(): TemplateResult {
    const { run } = this;
    return html`
      <section class="bar" aria-label="Transport">
        <div class="buttons" role="group" aria-label="Playback" data-group>
          ${this.button("step-back", "Step back", icons.back)}
          <button data-first class="play primary" title=${titleOf("play", run, namesOf(run))} aria-keyshortcuts=${shortcuts("play")} @click=${() => this.attempt(() => perform("play", run))}>
            ${run.playhead.playing ? html`${icons.pause}Pause` : html`${icons.play}Play`}
          </button>
          ${this.button("step-forward", "Step forward", icons.forward)} ${this.button("live-end", "To the live end", icons.end)}
          ${this.button("undo", "Undo", icons.undo, run.deeds.undoable)} ${this.button("redo", "Redo", icons.redo, run.deeds.redoable)}
        </div>
        <div class="clock">${seconds(run.playhead.clock)}${this.here()}</div>
        <div class="tape">
          <slot></slot>
          <playground-scrubber .run=${run}></playground-scrubber>
        </div>
        ${this.jumps()} ${this.speed()}
      </section>
    `;
  }

  /** `what`: to what it would be done, in words. */
  /** Which event the playhead stands after, and what happened there. */
  private here(): TemplateResult {
    const { run } = this;
    return html`<button
      class="here"
      title=${titleOf("inspect", run, namesOf(run))}
      aria-keyshortcuts=${shortcuts("inspect")}
      aria-pressed=${run.view.inspecting}
      @click=${() => this.attempt(() => perform("inspect", run))}
    >
      ${count(run.status.cursor, "event")}
    </button>`;
  }

  private button(id: PageCommandId, label: string, icon: TemplateResult, what: string | null = null): TemplateResult {
    const { run } = this;
    return html`<button
      class="icon"
      aria-label=${label}
      title=${what === null ? titleOf(id, run, namesOf(run)) : `${label}: ${what} (${keyLabel(id)})`}
      aria-keyshortcuts=${shortcuts(id)}
      ?disabled=${whyUnavailable(id, run) !== null}
      @click=${() => this.attempt(() => perform(id, run))}
    >
      ${icon}
    </button>`;
  }

  /** Arrows on the closed list only lead to what is to be chosen: Enter jumps there, as often as it is pressed. */
  private walks = false;

  private readonly onJumpKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && this.walks) {
      event.preventDefault();
      this.jump(event.currentTarget as HTMLSelectElement);
    } else {
      this.walks = !event.altKey && (event.key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(event.key) || /^[a-z]$/i.test(event.key));
    }
  };

  private readonly onJump = (event: Event): void => {
    if (!this.walks) {
      const select = event.currentTarget as HTMLSelectElement;
      this.jump(select);
      select.value = "";
    }
  };

  private readonly onJumpLeft = (event: Event): void => {
    this.walks = false;
    (event.currentTarget as HTMLSelectElement).value = "";
  };

  private jump({ value }: HTMLSelectElement): void {
    const [direction, mark] = value.split(" ");
    const wanted = MARKS_ALL.find((name) => name === mark);
    if (value === "likelihood") {
      perform(value, this.run);
    } else if (wanted !== undefined) {
      this.attempt(() => jumpTo(this.run, wanted, direction === "next" ? 1 : -1));
    }
  }

  private jumps(): TemplateResult {
    const { run } = this;
    return html`<select
      aria-label="Jump to"
      title="By keys: arrows choose, Enter jumps"
      aria-keyshortcuts=${shortcuts("next-epoch", "next-decision", "next-violation", "previous-epoch", "previous-decision", "previous-violation", "likelihood")}
      @change=${this.onJump}
      @keydown=${this.onJumpKey}
      @pointerdown=${() => (this.walks = false)}
      @blur=${this.onJumpLeft}
    >
      <option value="">Jump to…</option>
      ${["next", "last"].map((direction) =>
        MARKS_ALL.map((mark) => html`<option value="${direction} ${mark}">${direction === "last" ? "previous" : direction} ${markName(run, mark)}</option>`),
      )}
      ${this.guest ? nothing : html`<option value="likelihood">${PAGE_COMMANDS.likelihood.words(namesOf(run))}</option>`}
    </select>`;
  }

  private speed(): TemplateResult {
    const { run } = this;
    const value = Number.isFinite(run.playhead.speed) ? Math.min(SLIDER.max, Math.log10(run.playhead.speed)) : SLIDER.max;
    const onInput = (event: Event): void => {
      const exponent = Number((event.currentTarget as HTMLInputElement).value);
      run.playhead.setSpeed(exponent > Math.log10(SPEED_MAX) + 0.01 ? Infinity : 10 ** exponent);
    };
    return html`<label class="speed">
      <span class="out-of-sight">Speed</span>
      <input
        type="range"
        min=${SLIDER.min}
        max=${SLIDER.max}
        step="0.05"
        .value=${String(value)}
        aria-valuetext=${speedWord(run.playhead.speed)}
        title="Speed of virtual time ([ and ])"
        aria-keyshortcuts=${shortcuts("slower", "faster")}
        @input=${onInput}
      />
      <output>${run.playhead.speed > SPEED_MAX ? "full speed" : speedWord(run.playhead.speed)}</output>
    </label>`;
  }
}
