// A run in a text: the frame that other people's pages have, with few panels. It is fetched once it is nearly in view,
// keeps its place until then, and is as high as its panels are.

import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { PlaygroundOrder, PlaygroundReport } from "../element/types/consensus-playground.js";
import { onTheme } from "../design/palette.js";

/** Pixels before the frame has said how high it is, and the most that it may ask for. */
const HEIGHT = 420;
const HEIGHT_MAX = 2_000;
/** Most events of one step, as the frame has it. */
const STEP_MAX = 10_000;
/** So near to what is in view, it is fetched. */
const NEAR = "200px";

@customElement("playground-figure")
export class PlaygroundFigure extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }

    div {
      display: grid;
      place-items: center;
      color: var(--ink-2);
      background: var(--sunk);
    }

    iframe {
      display: block;
      width: 100%;
      border: 0;
    }
  `;

  /** As in the frame's address. */
  @property() run = "";
  @property() protocol = "";
  @property() panels = "diagram,transport";
  @property() captions: "none" | "shown" = "none";
  /** The frame's name for those who do not see it. */
  @property() label = "";
  @state() private isNear = false;
  @state() private height = HEIGHT;
  private isReady = false;
  private readonly waiting: PlaygroundOrder[] = [];
  private unlisten: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("message", this.hear);
    this.unlisten = onTheme(() => {
      this.send({ type: "theme", theme: theme() });
      this.requestUpdate();
    });
    const sight = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) {
          sight.disconnect();
          this.isNear = true;
        }
      },
      { rootMargin: NEAR },
    );
    sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("message", this.hear);
    this.unlisten?.();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The frame stays, and is told.
    if (this.isNear && changed.get("run") !== undefined) {
      this.send({ type: "open", run: this.run === "" ? null : this.run, protocol: this.protocol === "" ? null : this.protocol });
    }
  }

  /** Says something to the frame, as soon as it can hear. */
  send(order: PlaygroundOrder): void {
    if (this.isReady) {
      this.frame?.contentWindow?.postMessage({ consensusPlayground: 1, ...order }, window.location.origin === "null" ? "*" : window.location.origin);
    } else if (this.isNear) {
      this.waiting.push(order);
    }
  }

  /** Goes to just after so many events, which are carried out if they have not been yet. */
  seek(event: number): void {
    this.isNear = true;
    this.send({ type: "pause" });
    this.send({ type: "seek", event: 0 });
    for (let left = event; left > 0; left -= STEP_MAX) {
      this.send({ type: "step", events: Math.min(left, STEP_MAX) });
    }
  }

  private get frame(): HTMLIFrameElement | null {
    return this.renderRoot.querySelector("iframe");
  }

  /** Heeds its own frame only. */
  private readonly hear = ({ source, data }: MessageEvent): void => {
    if (source === null || source !== this.frame?.contentWindow || typeof data !== "object" || data?.consensusPlayground !== 1) {
      return;
    }
    const report = data as PlaygroundReport;
    if (report.type === "height" && report.height > 0) {
      this.height = Math.min(report.height, HEIGHT_MAX);
    }
    if (report.type === "ready") {
      this.isReady = true;
      this.waiting.splice(0).forEach((order) => this.send(order));
    }
    this.dispatchEvent(new CustomEvent<PlaygroundReport>("figure-report", { detail: report }));
  };

  protected override render(): TemplateResult {
    const name = this.label === "" ? nothing : this.label;
    if (!this.isNear) {
      return html`<div role="img" aria-label=${name}></div>`;
    }
    return html`<iframe title=${name} src=${this.address()}></iframe>`;
  }

  protected override updated(): void {
    const place = this.renderRoot.querySelector<HTMLElement>("div, iframe");
    if (place !== null) {
      place.style.height = `${this.height}px`;
      // A frame of another scheme than its page is painted over.
      place.style.colorScheme = theme() === "system" ? "light dark" : theme();
    }
  }

  private first: string | undefined;

  /** It is told of what changes later. */
  private address(): string {
    if (this.first === undefined) {
      const wishes = new URLSearchParams({ panels: this.panels, captions: this.captions, theme: theme() });
      // In a package there is no whole playground beside the frame.
      if (document.querySelector("meta[name=playground-task]") !== null) {
        wishes.set("open", "none");
      }
      for (const name of ["run", "protocol"] as const) {
        if (this[name] !== "") {
          wishes.set(name, this[name].replace(/^.*#(.*&)?run=/, ""));
        }
      }
      this.first = `${new URL("embed.html", document.baseURI).href}#${wishes.toString()}`;
    }
    return this.first;
  }
}

function theme(): "system" | "light" | "dark" {
  const wanted = document.documentElement.dataset["theme"];
  return wanted === "light" || wanted === "dark" ? wanted : "system";
}
