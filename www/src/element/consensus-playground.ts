// <consensus-playground>: a playground inside any page, as a frame of embed.html. One file, which depends on nothing; a
// classic script, so that a page may take it from another origin. Attributes: run, protocol, seed, panels, theme, start
// as in embed.html's address; height, a number of pixels, instead of as high as the panels are; label, the frame's name
// for those who do not see it; src, where embed.html is, if not beside this file.

const beside = (document.currentScript as HTMLScriptElement | null)?.src;
const WISHES = ["run", "protocol", "seed", "panels", "theme", "start"];
/** Pixels, before the frame has said how high it is; and the most that it may ask for. */
const HEIGHT = 500;
const HEIGHT_MAX = 10_000;

class ConsensusPlayground extends HTMLElement {
  static observedAttributes = [...WISHES, "height", "label", "src"];
  private frame: HTMLIFrameElement | undefined;
  /** What the frame is to be told when it is ready; null once it is. */
  private waiting: object[] | null = [];

  connectedCallback(): void {
    addEventListener("message", this);
    this.build();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this);
    this.frame = undefined;
  }

  attributeChangedCallback(): void {
    if (this.frame !== undefined) {
      this.build();
    }
  }

  /** Says something to the frame, as soon as it can hear: `{ type: "play" }`, `{ type: "seek", event: 250 }`. */
  send(message: object): void {
    const { frame, waiting } = this;
    if (waiting !== null) {
      waiting.push(message);
    } else {
      frame?.contentWindow?.postMessage({ consensusPlayground: 1, ...message }, new URL(frame.src).origin);
    }
  }

  private build(): void {
    const wishes = new URLSearchParams();
    for (const name of WISHES) {
      const value = this.getAttribute(name);
      if (value !== null) {
        // A link may be given whole, as it was copied.
        wishes.set(name, name === "run" ? value.trim().replace(/^.*#(.*&)?run=/, "").replace(/&.*/, "") : value);
      }
    }
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("label") ?? `Consensus playground ${wishes.get("protocol") ?? ""}`.trim();
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    // Its scripts, in its own origin, since they are modules; and the way to the whole playground, in a new window.
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    frame.style.cssText = `display:block;width:100%;border:0;height:${Number(this.getAttribute("height")) || HEIGHT}px`;
    frame.src = `${new URL(this.getAttribute("src") ?? "embed.html", beside ?? document.baseURI).href}#${wishes.toString()}`;
    this.waiting ??= [];
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(frame);
    this.frame = frame;
  }

  /** Heeds its own frame only. */
  handleEvent({ source, origin, data }: MessageEvent): void {
    const { frame } = this;
    if (frame === undefined || source !== frame.contentWindow || origin !== new URL(frame.src).origin || data?.consensusPlayground !== 1) {
      return;
    }
    if (data.type === "height" && data.height > 0 && !this.hasAttribute("height")) {
      frame.style.height = `${Math.min(data.height, HEIGHT_MAX)}px`;
    }
    if (data.type === "ready") {
      const told = this.waiting ?? [];
      this.waiting = null;
      told.forEach((message) => this.send(message));
    }
    this.dispatchEvent(new CustomEvent("playground-message", { detail: data }));
  }
}

if (customElements.get("consensus-playground") === undefined) {
  customElements.define("consensus-playground", ConsensusPlayground);
}
