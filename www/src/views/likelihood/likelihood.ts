// When did it become inevitable? Above the tape, for each moment of the run: the share of forks from there that end as
// the run does.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { shortcuts } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { apostrophes } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { Panel, base } from "../panel.js";
import { Counting } from "./counting.js";
import { numbers } from "./numbers.js";
import { HEIGHT, placeAt, plot } from "./plot.js";
import type { Plot } from "./plot.js";
import { likelihoodStyles } from "./styles.js";
import { endOf, momentWords, sentenceOf } from "./words.js";

/** So many moments PageUp and PageDown pass. */
const PAGE = 10;

/** What one would rather not have. */
const BAD = /^(broken|lost|unserved|silent):/;

/** A run, and how far it is recorded; the generation goes up where something recorded is discarded. */
interface Shown {
  ordinal: number;
  generation: number;
  events: number;
}

@customElement("playground-likelihood")
export class PlaygroundLikelihood extends Panel {
  static override styles = [base, likelihoodStyles];

  protected readonly topics: readonly Topic[] = ["records", "scenario", "time"];
  protected override readonly pace = 250;

  /** What is so after this event is asked for; null: what the run offers first. */
  @property({ attribute: false }) event: number | null = null;
  @state() private chosen = 0;
  @state() private width = 0;
  @state() private hasNumbers = false;
  @query(".plot") private plotted!: HTMLElement | null;
  private readonly counting = new Counting(() => this.requestUpdate());
  /** The run whose forks were counted, as it was then; null before anything is counted. */
  private of: Shown | null = null;
  private readonly resizing = new ResizeObserver(([entry]) => (this.width = Math.round(entry?.contentRect.width ?? 0)));

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "When did it become inevitable?");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.counting.close();
    this.of = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.of === null || changed.has("event")) {
      this.attempt(() => this.begin());
    }
  }

  protected override firstUpdated(): void {
    this.plotted?.focus();
  }

  private begin(): void {
    const { run } = this;
    this.of = this.shown;
    run.playhead.pause();
    const { scenario, events } = run.linkContent();
    this.chosen = 0;
    this.counting.begin({ scenario: JSON.stringify(scenario), events }, this.event);
  }

  /** Which run is shown, and how far it is recorded. */
  private get shown(): Shown {
    const { run } = this;
    return { ordinal: run.ordinal, generation: run.records.generation, events: run.status.events };
  }

  private get isAnother(): boolean {
    const { of, shown } = this;
    return of?.ordinal !== shown.ordinal || of.generation !== shown.generation;
  }

  private get plot(): Plot {
    const { counting, run, width, chosen } = this;
    return { counting, extent: run.extent, width, chosen, isBad: BAD.test(counting.outcome) };
  }

  protected override content(): TemplateResult {
    const { counting } = this;
    const isStale = this.isAnother || this.of?.events !== this.shown.events;
    return html`<div class="strip">
      <div class="row">
        ${this.outcomes()}
        <p class="sentence" role="status" data-testid="likelihood">${isStale && !counting.isAtWork ? (this.isAnother ? "This is another run. " : "The run has gone on since. ") : ""}${sentenceOf(counting)}</p>
        ${counting.isAtWork ? html`<button @click=${() => counting.stop()}>Stop</button>` : nothing}
        ${!counting.isAtWork && (isStale || counting.stage !== "over") ? html`<button @click=${() => this.attempt(() => this.begin())}>Count again</button>` : nothing}
        ${numbers({ counting, isOpen: this.hasNumbers, toggle: (isOpen) => (this.hasNumbers = isOpen), go: (place) => this.go(place), open: (place, number) => this.open(place, number) })}
        <button class="quiet icon" aria-label="Close the forks" title="Close, and end the work (W)" aria-keyshortcuts=${shortcuts("likelihood")} @click=${() => this.remove()}>${icons.close}</button>
      </div>
      ${this.slider()}
    </div>`;
  }

  private outcomes(): TemplateResult {
    const { counting } = this;
    const onChange = (event: Event): void => {
      this.chosen = 0;
      counting.ask((event.currentTarget as HTMLSelectElement).value);
    };
    return html`<select aria-label="How the run ends" @change=${onChange} ?disabled=${counting.outcomes.length === 0}>
      ${counting.outcomes.map(({ outcome, sentence }) => html`<option value=${outcome} .selected=${outcome === counting.outcome}>${apostrophes(sentence)}</option>`)}
    </select>`;
  }

  /** The plot: arrows lead from moment to moment, Enter or a press goes there. */
  private slider(): TemplateResult {
    const { counting, chosen } = this;
    const last = Math.max(0, (counting.plan?.moments.length ?? 1) - 1);
    return html`<div
      class="plot"
      role="slider"
      tabindex="0"
      aria-label="Forks that end so, by the moment where they leave the run: ${endOf(counting)}"
      aria-valuemin="0"
      aria-valuemax=${last}
      aria-valuenow=${chosen}
      aria-valuetext=${momentWords(counting, chosen) || "nothing counted yet"}
      aria-disabled=${counting.plan === null}
      title=${momentWords(counting, chosen)}
      @keydown=${this.onKey}
      @pointermove=${this.onPoint}
      @pointerdown=${this.onPoint}
      @click=${() => this.go(this.chosen)}
    >
      ${this.isAnother && !counting.isAtWork ? html`<svg width=${this.width} height=${HEIGHT} aria-hidden="true"></svg>` : plot(this.plot)}
    </div>`;
  }

  private readonly onPoint = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.chosen = placeAt(this.plot, event.clientX - box.left);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const last = Math.max(0, (this.counting.plan?.moments.length ?? 1) - 1);
    const moves: Record<string, () => number> = {
      ArrowRight: () => this.chosen + 1,
      ArrowUp: () => this.chosen + 1,
      ArrowLeft: () => this.chosen - 1,
      ArrowDown: () => this.chosen - 1,
      PageUp: () => this.chosen + PAGE,
      PageDown: () => this.chosen - PAGE,
      Home: () => 0,
      End: () => last,
    };
    const to = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key]?.();
    if (to !== undefined) {
      event.preventDefault();
      this.chosen = Math.max(0, Math.min(last, to));
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.go(this.chosen);
    }
  };

  /** The playhead goes to a moment. */
  private go(place: number): void {
    const moment = this.isAnother ? undefined : this.counting.plan?.moments[place];
    if (moment !== undefined) {
      this.chosen = place;
      this.attempt(() => {
        this.run.playhead.pause();
        this.run.playhead.seek(moment.event);
      });
      window.dispatchEvent(new CustomEvent("playground-follow"));
    }
  }

  /** Opens a fork in the run's place: as any link. */
  private open(place: number, number: number): void {
    this.counting.link(place, number, (link) => (window.location.hash = link));
  }
}
