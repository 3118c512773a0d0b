// A tour of one minute: five places, a sentence or two each. It can be skipped, and taken whenever one likes.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { Topic } from "../engine/emitter.js";
import { Panel, base } from "./panel.js";

interface Stop {
  /** The element that is pointed at. */
  at: string;
  title: string;
  text: string;
}

const STOPS: readonly Stop[] = [
  {
    at: "playground-diagram",
    title: "Who told whom, and when",
    text: "Each line down is a process, each arrow a message, from its sending to its arrival. A lane's colour is the term that its server is in; the broad lane is the leader's. Point at anything to read it, click to look inside.",
  },
  {
    at: "playground-transport",
    title: "Time is yours",
    text: "Play, pause, go one event forward or back, or drag along the tape. The run is computed, not filmed: the same scenario and seed always give the same run.",
  },
  {
    at: "playground-partition",
    title: "Cut the network",
    text: "Put servers and clients on two sides, and press “Cut the network”. The links that will go are shown in the ring first. The side with a majority goes on; the other one cannot answer.",
  },
  {
    at: "playground-logs",
    title: "What is safe, and what is not yet",
    text: "Each server's log: solid entries are committed and will never be lost, dashed ones may still be overwritten. After a partition heals you can watch that happen.",
  },
  {
    at: "playground-history",
    title: "What the clients saw",
    text: "Every operation from its invocation to its answer. The dots are moments at which all of them may have taken effect, one after the other: as long as such moments exist, the history is linearizable.",
  },
];

@customElement("playground-tour")
export class PlaygroundTour extends Panel {
  static override styles = [
    base,
    css`
      .card {
        position: fixed;
        right: var(--s4);
        bottom: 84px;
        z-index: var(--layer-menu);
        width: min(360px, calc(100vw - 32px));
        padding: var(--s3) var(--s4);
        background: var(--raised);
        border: 1px solid var(--rule-strong);
        border-radius: var(--radius);
        box-shadow: 0 10px 36px var(--shade);
      }

      h2 {
        margin-bottom: var(--s1);
        font: 600 var(--size-l) / 1.3 var(--serif);
        letter-spacing: 0;
        color: var(--ink);
      }

      p {
        font: var(--size-m) / 1.5 var(--serif);
      }

      .row {
        margin-top: var(--s3);
      }

      .count {
        margin-right: auto;
        font-size: var(--size-s);
        color: var(--ink-2);
      }

      .spot {
        position: fixed;
        z-index: var(--layer-drawer);
        pointer-events: none;
        border: 3px solid var(--focus);
        border-radius: var(--radius);
      }

      @media (max-width: 760px) {
        .card {
          right: var(--s3);
          bottom: 148px;
        }
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = [];
  @state() private stop: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("playground-tour", this.begin);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("playground-tour", this.begin);
  }

  private readonly begin = (): void => this.go(0);

  private go(stop: number): void {
    this.stop = stop >= STOPS.length ? null : stop;
    const at = STOPS[stop]?.at;
    if (at !== undefined) {
      window.dispatchEvent(new CustomEvent("playground-show", { detail: at }));
    }
    void this.updateComplete.then(() => requestAnimationFrame(() => this.aim()));
  }

  /** Puts the frame around what is spoken of, and the focus on the card. */
  private aim(): void {
    const stop = this.stop === null ? undefined : STOPS[this.stop];
    const root = this.getRootNode();
    const target = stop !== undefined && root instanceof ShadowRoot ? root.querySelector(stop.at) : null;
    const spot = this.renderRoot.querySelector<HTMLElement>(".spot");
    if (target === null || spot === null) {
      return;
    }
    target.scrollIntoView({ block: "nearest" });
    const box = target.getBoundingClientRect();
    Object.assign(spot.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
    this.renderRoot.querySelector<HTMLElement>("button.primary")?.focus();
  }

  protected override content(): TemplateResult {
    if (this.stop === null) {
      return html``;
    }
    return this.card(this.stop);
  }

  private card(number: number): TemplateResult {
    const stop = STOPS[number];
    if (stop === undefined) {
      return html``;
    }
    const last = number === STOPS.length - 1;
    return html`<div class="spot"></div>
      <div
        class="card"
        role="dialog"
        aria-labelledby="tour-title"
        aria-describedby="tour-text"
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            this.stop = null;
          }
        }}
      >
        <h2 id="tour-title">${stop.title}</h2>
        <p id="tour-text">${stop.text}</p>
        <div class="row">
          <span class="count">${number + 1} of ${STOPS.length}</span>
          ${last ? nothing : html`<button class="quiet" @click=${() => (this.stop = null)}>Skip</button>`}
          <button class="primary" @click=${() => this.go(number + 1)}>${last ? "Done" : "Next"}</button>
        </div>
      </div>`;
  }
}
