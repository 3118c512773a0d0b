// A playground inside somebody else's page: the panels that are asked for, a still picture first, and a way to the
// whole page.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { listenForKeys } from "../commands/keys.js";
import { setTheme } from "../design/palette.js";
import { describeError } from "../engine/engine.js";
import { addressOf, firstRun } from "../engine/link.js";
import { isLinkTextLoaded, loadLinkText } from "../engine/link-text.js";
import type { Run } from "../engine/run.js";
import { board, fetchBoard } from "../protocols/board.js";
import { looksOf } from "../protocols/protocol.js";
import { listenForErrors } from "../views/app/errors.js";
import { groupControls } from "../views/groups.js";
import { base } from "../views/panel.js";
import { SIGNS } from "../views/verdict/badge.js";
import { worst } from "../views/verdict/worst.js";
import { Guest } from "./guest.js";
import { PartHeights } from "./heights.js";
import { WIDE, inTurn, isRingNatural, layout } from "./layout.js";
import type { Layout, Mode } from "./layout.js";
import { listenForOrders, report } from "./messages.js";
import type { CarryOut } from "./messages.js";
import { orders, reportOpened } from "./orders.js";
import type { Frame } from "./orders.js";
import { reportNotices, reportState } from "./state.js";
import { embedStyles } from "./styles.js";
import { wishesIn } from "./wishes.js";
import type { Captions, PanelName } from "./wishes.js";
import "../views/notices/notices.js";

/** What draws each panel: fetched if it is asked for. The board is the protocol's, which the run tells. */
const SOURCES: Readonly<Record<PanelName, () => Promise<unknown>>> = {
  cluster: () => import("../views/cluster/cluster.js"),
  diagram: () => import("../views/diagram/diagram.js"),
  inspector: () => import("../views/inspector/inspector.js"),
  board: () => Promise.resolve(),
  history: () => import("../views/history/history.js"),
  transport: () => import("../views/transport/transport.js"),
};
/** What a panel is called where one is shown at a time. The board has its protocol's word. */
const NAMES: Readonly<Record<PanelName, string>> = { cluster: "Cluster", diagram: "Messages", inspector: "Inspect", board: "Logs", history: "Clients", transport: "" };
/** The views that others bring to the front. */
const HOMES: Readonly<Record<string, PanelName>> = { "playground-diagram": "diagram", ".board": "board", "playground-history": "history" };

/** How much of the frame must be in sight before a run plays by itself. */
const IN_SIGHT = 0.5;

@customElement("playground-embed")
export class PlaygroundEmbed extends LitElement implements Frame {
  static override styles = [base, embedStyles];

  @state() private run: Run | undefined;
  @state() private failure = "";
  @state() private panels: readonly PanelName[] = [];
  private readonly isWide = window.matchMedia(WIDE);
  @state() mode: Mode = this.isWide.matches ? "wide" : "stacked";
  /** Whether a way leads to the whole playground: in a package there is none. */
  private isLeading = true;
  /** Whether the frame is lower than its panels would like. */
  @state() tight = false;
  @state() private captions: Captions = "none";
  @state() private hasActions = false;
  /** The panel that is shown where one is. */
  @state() private front: PanelName = "diagram";

  // In the next frame: what is measured while it is laid out must not change the layout.
  private readonly sizes = new ResizeObserver(() => requestAnimationFrame(() => this.measure()));
  private readonly observed = new WeakSet<Element>();
  private readonly heights = new PartHeights();
  private readonly guest = new Guest(() => this.requestUpdate());
  private reportedHeight = 0;

  constructor() {
    super();
    groupControls(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("resize", () => this.measure());
    // The page around asks for something else: from the beginning.
    window.addEventListener("hashchange", () => window.location.reload());
    window.addEventListener("playground-show", (event) => {
      const home = HOMES[(event as CustomEvent<string>).detail];
      this.front = home !== undefined && this.panels.includes(home) ? home : this.front;
    });
    // On paper stands where the run is to be seen.
    window.addEventListener("beforeprint", () => {
      this.renderRoot.querySelector("footer a")?.setAttribute("href", new URL(`./${window.location.hash}`, document.baseURI).href);
    });
    listenForOrders(this.start());
  }

  private async start(): Promise<CarryOut> {
    const wishes = wishesIn(window.location.search, window.location.hash);
    setTheme(wishes.theme);
    this.isLeading = wishes.isLeading;
    try {
      const [run] = await Promise.all([firstRun(wishes.request), ...wishes.panels.map((panel) => SOURCES[panel]())]);
      for (const text of wishes.troubles) {
        run.notices.tell({ tone: "bad", text });
      }
      run.emitter.listen((topics) => {
        if (topics.has("scenario") || topics.has("story") || topics.has("playing") || topics.has("verdict") || (topics.has("time") && !run.playhead.playing)) {
          this.requestUpdate();
        }
      });
      reportNotices(run);
      listenForKeys(run);
      listenForErrors(run);
      await this.tell(wishes.captions, run);
      await this.show(wishes.panels, run);
      report({ type: "ready" });
      reportOpened(run);
      reportState(run);
      // What can be done to what is clicked: the run is seen before.
      import("../views/actions/actions.js").then(
        () => (this.hasActions = true),
        (error: unknown) => run.notices.report(error),
      );
      if (wishes.start === "play") {
        this.playInSight(run);
      }
      return orders(run, this);
    } catch (error) {
      this.failure = describeError(error);
      report({ type: "error", place: "engine", message: this.failure });
      throw error;
    }
  }

  async show(panels: readonly PanelName[], run: Run): Promise<void> {
    await Promise.all(panels.map((panel) => SOURCES[panel]()));
    if (panels.includes("board")) {
      await fetchBoard(run.catalogue.protocol);
    }
    this.run = run;
    this.panels = panels;
    const among = inTurn(panels);
    if (!among.some((panel) => panel === this.front)) {
      this.front = among.find((panel) => panel === "diagram") ?? among[0] ?? "diagram";
    }
    await this.laidOut();
  }

  async tell(captions: Captions, run: Run): Promise<void> {
    if (captions === "shown") {
      await import("../views/story/story.js");
      run.story.open();
    } else {
      run.story.leave();
    }
    this.captions = captions;
    await this.laidOut();
  }

  /** Waits until what is shown was measured, and stands as fits. */
  private async laidOut(): Promise<void> {
    await this.updateComplete;
    await new Promise((resume) => setTimeout(resume));
    await this.updateComplete;
  }

  /** Plays once, as soon as somebody can see it; never for those who want less motion. */
  private playInSight(run: Run): void {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      return;
    }
    const sight = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting === true) {
          sight.disconnect();
          run.playhead.play();
        }
      },
      { threshold: IN_SIGHT },
    );
    sight.observe(this);
  }

  override render(): TemplateResult {
    if (this.failure !== "") {
      return html`<main class="start"><p role="alert">The engine did not start: ${this.failure}</p></main>`;
    }
    const { run } = this;
    if (run === undefined) {
      return html`<main class="start"><p class="soft">Starting…</p></main>`;
    }
    const { mode, front } = this;
    const shown = inTurn(this.panels).filter((panel) => mode !== "in-turn" || panel === front);
    return html`<main class="page ${mode}" aria-label="Consensus playground: ${run.scenario.title ?? ""}">
        ${mode === "in-turn" ? this.tabs(run) : nothing} ${shown.map((panel) => this.panel(run, panel))}
        ${this.isTold ? html`<playground-story class="story" guest .run=${run}></playground-story>` : nothing}
        ${this.hasActions ? html`<playground-actions .run=${run}></playground-actions>` : nothing}
        <div class="bottom">${this.panels.includes("transport") ? this.panel(run, "transport") : nothing} ${this.foot(run)}</div>
      </main>
      <playground-notices label="Notices: ${run.scenario.title ?? ""}" .run=${run}></playground-notices>`;
  }

  /** Whether the run has captions, and they are wanted. */
  private get isTold(): boolean {
    return this.captions === "shown" && this.run?.story.exists === true;
  }

  private tabs(run: Run): TemplateResult {
    const tab = (panel: PanelName): TemplateResult => html`<button ?data-first=${panel === this.front} aria-pressed=${panel === this.front} @click=${() => (this.front = panel)}>
      ${panel === "board" ? looksOf(run.catalogue.protocol).board.name : NAMES[panel]}
    </button>`;
    return html`<nav class="tabs" data-group aria-label="Views">${inTurn(this.panels).map(tab)}</nav>`;
  }

  private panel(run: Run, name: PanelName): TemplateResult {
    const panels: Record<PanelName, () => TemplateResult> = {
      cluster: () => html`<div class="cluster ${isRingNatural(this.panels, this) ? "natural" : ""}"><playground-cluster .run=${run}></playground-cluster></div>`,
      diagram: () => this.diagram(run),
      inspector: () => html`<playground-inspector class="inspector" tabindex="-1" .run=${run}></playground-inspector>`,
      board: () => html`<div class="board">${board(run, () => this.requestUpdate())}</div>`,
      history: () => html`<playground-history class="history" .run=${run}></playground-history>`,
      transport: () => html`<playground-transport class="transport" guest .run=${run}></playground-transport>`,
    };
    return panels[name]();
  }

  private diagram(run: Run): TemplateResult {
    const { wheel, touch, down, move, hint } = this.guest;
    return html`<div class="diagram" @wheel=${wheel} @touchstart=${touch} @touchmove=${touch} @pointerdown=${down} @pointermove=${move}>
      <playground-diagram .run=${run}></playground-diagram>
      <p class="hint" ?hidden=${hint === ""}>${hint}</p>
    </div>`;
  }

  private foot(run: Run): TemplateResult {
    const found = run.playhead.playing ? null : worst(run);
    const isBad = found?.standing === "violated" || found?.standing === "lied";
    const words = found === null ? "judged when paused" : isBad ? found.sentence : found.words;
    const { title } = looksOf(run.catalogue.protocol);
    const named = run.scenario.title ?? "";
    return html`<footer>
      <h1>${named === "" ? title : named.startsWith(`${title}:`) ? named : `${title}: ${named}`}</h1>
      <span class="verdict ${found?.standing ?? ""}" role="status" aria-label="Verdict" title=${found?.sentence ?? ""}>${found === null ? nothing : SIGNS[found.standing]} ${words}</span>
      ${this.isLeading
        ? html`<a href="./" target="_blank" rel="noopener" title="The whole playground, with this run as it is now" @pointerenter=${fetchAhead} @focus=${fetchAhead} @pointerdown=${this.aim} @click=${this.aim}
            >Open in the playground</a
          >`
        : nothing}
    </footer>`;
  }

  /** The way to the whole page leads to the run as it is when it is taken. */
  private readonly aim = (event: Event): void => {
    const way = event.currentTarget as HTMLAnchorElement;
    const { run } = this;
    if (run === undefined) {
      return;
    }
    if (isLinkTextLoaded()) {
      try {
        way.href = addressOf(run);
      } catch (error) {
        way.href = "./";
        run.notices.report(error);
      }
    } else if (event.type === "click") {
      // What makes links is on its way: then once more.
      event.preventDefault();
      loadLinkText().then(() => way.click(), (error: unknown) => run.notices.report(error));
    }
  };

  override updated(): void {
    const page = this.renderRoot.querySelector<HTMLElement>(".page");
    if (page === null) {
      return;
    }
    const { rows, columns, areas } = this.layout(this.mode, this.tight);
    page.style.setProperty("grid-template-rows", rows);
    page.style.setProperty("grid-template-columns", columns);
    page.style.setProperty("grid-template-areas", areas);
    for (const part of page.children) {
      if (!this.observed.has(part)) {
        this.observed.add(part);
        this.sizes.observe(part);
      }
    }
    // Once the panels are drawn, which they do for themselves. No frame is waited for: out of sight there are none.
    setTimeout(() => this.measure());
  }

  private layout(mode: Mode, tight: boolean): Layout {
    return layout(this.panels, { mode, tight, front: this.front, isTold: this.isTold });
  }

  /**
   * Chooses the layout that fits into the frame, and tells the height at which every panel has its space. Below the
   * least height the frame scrolls, above it the panels grow.
   */
  private measure(): void {
    const page = this.renderRoot.querySelector<HTMLElement>(".page");
    if (page === null) {
      return;
    }
    const { heights, panels } = this;
    heights.measure(page);
    const whole = this.isWide.matches ? "wide" : "stacked";
    const { good } = heights.needed(this.layout(whole, false));
    this.tight = window.innerHeight < good;
    const mayTakeTurns = whole === "stacked" && inTurn(panels).length > 1;
    const isTooLow = window.innerHeight < heights.needed(this.layout(whole, this.tight)).least;
    this.mode = mayTakeTurns && isTooLow ? "in-turn" : whole;
    const { least } = heights.needed(this.layout(this.mode, this.tight));
    page.style.setProperty("--least", `${least}px`);
    if (good !== this.reportedHeight) {
      this.reportedHeight = good;
      report({ type: "height", height: good });
    }
  }
}

function fetchAhead(): void {
  // Whether it can be had is said once it is needed.
  loadLinkText().catch(() => undefined);
}
