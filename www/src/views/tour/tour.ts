// A tour of one minute: five stops, a sentence or two each. It can be skipped, and taken whenever one likes.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import { looksOf } from "../../protocols/protocol.js";
import type { ProtocolLooks, TourStop } from "../../protocols/protocol.js";
import { Panel, base } from "../panel.js";
import { tourStyles } from "./styles.js";

/** Pixels that the card keeps from the window's edges. */
const SIDE = 14;
const HEAD = 58;
const FOOT = 84;

interface Stop extends TourStop {
  /** The element that is pointed at. */
  at: string;
}

function stops({ tour }: ProtocolLooks): readonly Stop[] {
  return [
    { at: "playground-diagram", ...tour.cast },
    {
      at: "playground-transport",
      title: "Time is yours",
      text: "Play, pause, go one event forward or back, or drag along the tape. The run is computed, not recorded: the same set-up, seed and actions always give the same run, so you can go back, do something else, and see what it changes.",
    },
    { at: "playground-partition", ...tour.cut },
    { at: ".board", ...tour.board },
    {
      at: "playground-history",
      title: "What the clients saw",
      text: "Every operation from its invocation to its answer. A history is linearizable if each operation can be given one moment within its bar at which it took effect, so that every answer is right. The dots are such moments; the verdict at the top of the page says whether they exist.",
    },
  ];
}

@customElement("playground-tour")
export class PlaygroundTour extends Panel {
  static override styles = [base, tourStyles];

  protected readonly topics: readonly Topic[] = [];
  @state() private stop: number | null = null;
  /** What had the focus before. */
  private from: HTMLElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("playground-tour", this.begin);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("playground-tour", this.begin);
  }

  private get stops(): readonly Stop[] {
    return stops(looksOf(this.run.catalogue.protocol));
  }

  private readonly begin = (): void => {
    this.from = focused();
    this.go(0);
  };

  /** Whoever took the tour is where they were before. */
  private end(): void {
    this.stop = null;
    this.from?.focus();
    this.from = null;
  }

  private go(stop: number): void {
    if (stop >= this.stops.length) {
      this.end();
      return;
    }
    this.stop = stop;
    const at = this.stops[stop]?.at;
    if (at !== undefined) {
      window.dispatchEvent(new CustomEvent("playground-show", { detail: at }));
    }
    void this.updateComplete.then(() => requestAnimationFrame(() => this.aim()));
  }

  /** Puts the frame around what is spoken of, and the focus on the card. */
  private aim(): void {
    const stop = this.stop === null ? undefined : this.stops[this.stop];
    const root = this.getRootNode();
    const target = stop !== undefined && root instanceof ShadowRoot ? root.querySelector(stop.at) : null;
    const spot = this.renderRoot.querySelector<HTMLElement>(".spot");
    if (target === null || spot === null) {
      return;
    }
    target.scrollIntoView({ block: "nearest" });
    const box = target.getBoundingClientRect();
    this.stepAside(box);
    Object.assign(spot.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
    this.renderRoot.querySelector<HTMLElement>("button.primary")?.focus();
  }

  /** The card stands in the corner where it covers least of what it speaks of. */
  private stepAside(box: DOMRect): void {
    const card = this.renderRoot.querySelector<HTMLElement>(".card");
    if (card === null) {
      return;
    }
    const { width, height } = card.getBoundingClientRect();
    const covered = (left: number, top: number): number =>
      Math.max(0, Math.min(left + width, box.right) - Math.max(left, box.left)) * Math.max(0, Math.min(top + height, box.bottom) - Math.max(top, box.top));
    const bottom = innerHeight - height - FOOT;
    const corners = [
      { left: innerWidth - width - SIDE, top: bottom },
      { left: SIDE, top: bottom },
      { left: innerWidth - width - SIDE, top: HEAD },
      { left: SIDE, top: HEAD },
      { left: (innerWidth - width) / 2, top: HEAD },
    ];
    const best = corners.reduce((least, corner) => (covered(corner.left, corner.top) < covered(least.left, least.top) ? corner : least));
    card.style.left = `${best.left}px`;
    card.style.top = `${best.top}px`;
  }

  protected override content(): TemplateResult {
    if (this.stop === null) {
      return html``;
    }
    return this.card(this.stop);
  }

  private card(number: number): TemplateResult {
    const stop = this.stops[number];
    if (stop === undefined) {
      return html``;
    }
    const last = number === this.stops.length - 1;
    return html`<div class="spot"></div>
      <div
        class="card"
        role="dialog"
        aria-labelledby="tour-title"
        aria-describedby="tour-text"
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            this.end();
          }
        }}
      >
        <h2 id="tour-title">${stop.title}</h2>
        <p id="tour-text">${stop.text}</p>
        <div class="row">
          <span class="count">${number + 1} of ${this.stops.length}</span>
          ${last ? nothing : html`<button class="quiet" @click=${() => this.end()}>Skip</button>`}
          <button class="primary" @click=${() => this.go(number + 1)}>${last ? "Done" : "Next"}</button>
        </div>
      </div>`;
  }
}

/** What has the focus, however deep within the page's parts. */
function focused(): HTMLElement | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) {
    found = found.shadowRoot.activeElement;
  }
  return found instanceof HTMLElement && found !== document.body ? found : null;
}
