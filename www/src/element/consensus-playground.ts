// <consensus-playground>: a playground inside any page, as a frame of embed.html. One file, which depends on nothing. It
// serves as a classic script, which a page may take from another origin, as a module script, and as an import that a
// bundler takes in; where there is no document it does nothing. Attributes: run, protocol, seed, panels, captions,
// theme, start as in embed.html's address; height, a number of pixels, instead of as high as the panels are; label, the
// frame's name for those who do not see it; src, where embed.html is, if not beside this file; credentialless, for pages
// that isolate themselves (COEP) and whose playground's server does not say that it may be embedded there.

const NAME = "consensus-playground";
const RUN = ["run", "protocol", "seed"];
const WISHES = [...RUN, "panels", "captions", "theme", "start"];
/** What makes it another document. */
const SOURCE = ["src", "credentialless"];
/** As HTML writes it that something is wanted, and as frameworks do. */
const CAPTIONS: Record<string, string> = { "": "shown", true: "shown", false: "none" };
/** Pixels, before the frame has said how high it is; and the most that it may ask for. */
const HEIGHT = 500;
const HEIGHT_MAX = 10_000;

// Until the run is there its frame is not seen, and what the author has written stands in its place: no frame flashes in
// the wrong colours. What the stage draws with no colour of its own tells which scheme is in force around it: the one
// that the styles name, or, where they name none, the one that fits the colour of the text. Its transitions tell when
// that changes, whatever the reason.
const LOOKS = `
:host { display: block }
:host([hidden]) { display: none }
div { display: grid; outline-color: light-dark(#fff, #000); text-decoration-color: color-mix(in srgb, currentColor, currentColor);
  transition: outline-color 1ms, text-decoration-color 1ms }
p, iframe { grid-area: 1 / 1; min-width: 0; margin: 0 }
iframe { display: block; width: 100%; border: 0; visibility: hidden }
.ready p { display: none }
.ready iframe { visibility: inherit }`;

/** Where this file is: embed.html is beside it. Bundled into another file, it is nowhere: then beside the page. */
function home(): string {
  const { currentScript, scripts, baseURI } = document;
  const loaded = [currentScript, ...scripts].map((script) => (script as HTMLScriptElement | null)?.src ?? "");
  const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
  return [...loaded, ...fetched].find((address) => /\/consensus-playground\.js([?#]|$)/.test(address)) ?? baseURI;
}

/** Found while the file is carried out: later the document knows no current script. */
const beside = typeof document === "undefined" ? "" : home();
/** Where there are no elements, as in Node, the class stands for itself. */
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

class ConsensusPlayground extends Base {
  static observedAttributes = [...WISHES, "height", "label", ...SOURCE];
  private stage: HTMLElement | undefined;
  private frame: HTMLIFrameElement | undefined;
  /** What the frame is to be told when it is ready; null once it is. */
  private waiting: object[] | null = [];
  /** Attributes that have changed since the frame was told. */
  private readonly changed = new Set<string>();
  /** The theme that the frame knows of, and the height that it asked for. */
  private theme = "";
  private asked = HEIGHT;

  connectedCallback(): void {
    addEventListener("message", this);
    this.build();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this);
    this.frame = undefined;
  }

  /** The frame stays, and is told: what changes together, at once. */
  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    const { frame, changed } = this;
    if (frame === undefined || before === value) {
      return;
    }
    if (SOURCE.includes(name)) {
      this.build();
      return;
    }
    this.dress(frame);
    if (changed.size === 0) {
      queueMicrotask(() => this.tellChanges());
    }
    changed.add(name);
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

  private tellChanges(): void {
    const { changed } = this;
    const wanted = (name: string): string | null => this.wish(name);
    if (RUN.some((name) => changed.has(name))) {
      this.send({ type: "open", ...Object.fromEntries(RUN.map((name) => [name, wanted(name)])) });
    }
    for (const name of ["panels", "captions"].filter((each) => changed.has(each))) {
      this.send({ type: name, [name]: wanted(name) ?? (name === "panels" ? "" : "none") });
    }
    if (changed.has("start")) {
      this.send({ type: wanted("start") === "play" ? "play" : "pause" });
    }
    this.tellTheme();
    changed.clear();
  }

  /** What an attribute asks for. A link may be given whole, as it was copied. */
  private wish(name: string): string | null {
    const value = this.getAttribute(name);
    if (name === "theme") {
      return value === null || value === "system" ? this.scheme() : value;
    }
    if (name === "captions" && value !== null) {
      return CAPTIONS[value] ?? value;
    }
    return name === "run" && value !== null ? value.trim().replace(/^.*#(.*&)?run=/, "").replace(/&.*/, "") : value;
  }

  /** The colour scheme around. */
  private scheme(): string {
    const { colorScheme, outlineColor, textDecorationColor } = getComputedStyle(this.stage ?? this);
    const [red = 0, green = 0, blue = 0] = (textDecorationColor.match(/[\d.]+/g) ?? []).map(Number);
    const isDark = colorScheme === "normal" ? red + 2 * green + blue > 2 : outlineColor === "rgb(0, 0, 0)";
    return isDark ? "dark" : "light";
  }

  /** Around a frame of the same scheme nothing is painted. */
  private readonly tellTheme = (): void => {
    const theme = this.wish("theme") ?? "";
    if (this.frame !== undefined && theme !== this.theme) {
      this.theme = theme;
      this.frame.style.colorScheme = theme;
      this.send({ type: "theme", theme });
    }
  };

  private build(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    if (this.stage === undefined) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(LOOKS);
      root.adoptedStyleSheets = [sheet];
      this.stage = document.createElement("div");
      this.stage.addEventListener("transitionend", this.tellTheme);
      root.append(this.stage);
    }
    const { stage } = this;
    const wishes = new URLSearchParams(WISHES.flatMap((name) => {
      const value = this.wish(name);
      return value === null ? [] : [[name, value]];
    }));
    const frame = document.createElement("iframe");
    frame.toggleAttribute("credentialless", this.hasAttribute("credentialless"));
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    // Its scripts, in its own origin, since they are modules; and the way to the whole playground, in a new window.
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    this.theme = wishes.get("theme") ?? "";
    frame.style.colorScheme = this.theme;
    this.asked = HEIGHT;
    this.dress(frame);
    frame.src = `${new URL(this.getAttribute("src") ?? "embed.html", beside).href}#${wishes.toString()}`;
    this.waiting ??= [];
    const fallback = document.createElement("p");
    fallback.append(document.createElement("slot"));
    stage.className = "";
    stage.replaceChildren(fallback, frame);
    this.frame = frame;
  }

  private dress(frame: HTMLIFrameElement): void {
    frame.title = this.getAttribute("label") ?? `Consensus playground ${this.getAttribute("protocol") ?? ""}`.trim();
    frame.style.height = `${Number(this.getAttribute("height")) || this.asked}px`;
  }

  /** Heeds its own frame only. */
  handleEvent({ source, origin, data }: MessageEvent): void {
    const { frame, stage } = this;
    if (frame === undefined || source !== frame.contentWindow || origin !== new URL(frame.src).origin || data?.consensusPlayground !== 1) {
      return;
    }
    if (data.type === "height" && data.height > 0) {
      this.asked = Math.min(data.height, HEIGHT_MAX);
      this.dress(frame);
    }
    // Why there is no run is said where the author has left space for it.
    if (stage !== undefined && (data.type === "ready" || (data.type === "error" && !/\S/.test(this.innerHTML)))) {
      stage.className = "ready";
    }
    if (data.type === "ready") {
      const told = this.waiting ?? [];
      this.waiting = null;
      told.forEach((message) => this.send(message));
    }
    // All under one name, and each under its own.
    for (const name of ["message", data.type]) {
      this.dispatchEvent(new CustomEvent(`playground-${name}`, { detail: data }));
    }
  }
}

if (globalThis.customElements?.get(NAME) === undefined) {
  globalThis.customElements?.define(NAME, ConsensusPlayground);
}
