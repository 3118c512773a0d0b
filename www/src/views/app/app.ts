// The whole page: where each view stands, and the keys that work everywhere.

import { LitElement, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { listenForKeys } from "../../commands/keys.js";
import { describeError } from "../../engine/engine.js";
import { FIRST_VISIT_REQUEST, firstRun, openIn, requestIn } from "../../engine/link.js";
import { loadLinkText } from "../../engine/link-text.js";
import { titleOf } from "../../engine/origin.js";
import type { Run } from "../../engine/run.js";
import type { Arrangement } from "../../engine/view-state.js";
import { fetchBoard } from "../../protocols/board.js";
import { PROTOCOL_FIRST, looksOf } from "../../protocols/protocol.js";
import { nowhere, roomAt } from "../../rooms/rooms.js";
import { ACTIONS_EVENT } from "../actions/ask.js";
import { DOCK_TABS, fetchPanels } from "../dock/dock.js";
import type { DockTab } from "../dock/dock.js";
import { listenForPalette } from "../palette/open.js";
import { base } from "../panel.js";
import { Address } from "./address.js";
import { listenForErrors } from "./errors.js";
import { Sizes } from "./sizes.js";
import { fetchSplitPanel, movedTo, nameDividers, onTaken } from "./split.js";
import { CARD, appStyles } from "./styles.js";
import "../cluster/cluster.js";
import "../diagram/diagram.js";
import "../diagram/view-tools.js";
import "../header/header.js";
import "../notices/notices.js";
import "../side/rail.js";
import "../transport/transport.js";

/** What a narrow page shows one at a time. */
type View = "diagram" | "cluster" | DockTab;
const VIEWS: readonly View[] = ["diagram", "cluster", ...DOCK_TABS];
const VIEW_NAMES: Readonly<Record<Exclude<View, "board">, string>> = {
  diagram: "Diagram",
  cluster: "Cluster",
  clients: "Clients",
  promises: "Promises",
  events: "Events",
};

const HOMES: Readonly<Record<string, View>> = {
  "playground-diagram": "diagram",
  "playground-partition": "cluster",
  ".board": "board",
  "playground-history": "clients",
  "playground-invariants": "promises",
  "playground-event-list": "events",
};

const isDocked = (view: View): view is DockTab => DOCK_TABS.some((tab) => tab === view);

/** Then the card has space of its own, and the diagram none to keep free. */
const ONE_COLUMN = matchMedia("(max-width: 560px)");

/** Until then what was asked for at once has come. */
const OTHERS_AFTER_MS = 1_200;

/** One panel that is parted stands in another, and asks for its size after that. */
const SETTLING_FRAMES = 4;

async function frames(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) {
    await new Promise((resume) => requestAnimationFrame(resume));
  }
}

/** Then one view is shown at a time. */
const NARROW = matchMedia("(max-width: 760px)");

/** Where it does not come, it is asked for again when a link is needed. */
const fetchLinkText = (): Promise<unknown> => loadLinkText().catch(() => undefined);

@customElement("playground-app")
export class PlaygroundApp extends LitElement {
  static override styles = [base, appStyles];

  @state() private run: Run | undefined;
  @state() private failure = "";
  @state() private view: View = "diagram";
  /** The panel of the dock. */
  @state() private tab: DockTab = "board";
  @state() private isNarrow = NARROW.matches;
  /** Whether what tells stories is there: it is fetched once the page can be used. */
  @state() private hasStory = false;
  /** What parts the panels is there, and knows its size. */
  @state() private isSettled = false;
  @state() private hasInspector = false;
  @state() private hasActions = false;
  /** Whether what shows a goal is there: it comes when one is chosen in the course. */
  @state() private hasGoal = false;
  @state() private told = false;
  private address: Address | undefined;
  private readonly sizes = new Sizes();
  /** Draws the room that is entered; null in the playground. */
  @state() private room: { name: string; title: string; draw: (run: Run) => TemplateResult } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => void this.enter());
    NARROW.addEventListener("change", ({ matches }) => (this.isNarrow = matches));
    void this.start();
    void this.enter();
  }

  /** Enters the room that the address names, or opens the run that it asks for. */
  private async enter(): Promise<void> {
    const { hash } = window.location;
    this.address?.heed(hash);
    const request = requestIn(hash);
    if (request !== null) {
      this.room = null;
      const { run } = this;
      if (run !== undefined && this.address?.isOfShown(hash) !== true) {
        await this.address?.follow(hash, () => openIn(run, request));
        // The way back is known now.
        this.requestUpdate();
      }
      return;
    }
    const problem = nowhere(hash);
    if (problem !== null) {
      this.run?.notices.tell({ tone: "bad", text: problem });
    }
    try {
      const found = roomAt(hash);
      const draw = found === null ? null : await found.room.open();
      // Another may have been asked for while this one was fetched.
      if (window.location.hash === hash) {
        this.room = found === null || draw === null ? null : { name: found.room.name, title: found.room.title, draw: (run) => draw(run, found.path) };
        this.run?.playhead.pause();
      }
    } catch (error) {
      this.run?.notices.report(error);
    }
  }

  private async start(): Promise<void> {
    try {
      const { hash } = window.location;
      const request = requestIn(hash);
      // What draws the run comes beside what makes it; if it does not come, it is said where it is needed.
      const [run] = await Promise.all([firstRun(request, /^#?$/.test(hash) ? FIRST_VISIT_REQUEST : null), fetchBoard(request?.protocol ?? PROTOCOL_FIRST).catch(() => undefined)]);
      run.emitter.listen((topics) => {
        if (topics.has("selection") || topics.has("looks") || topics.has("arrangement")) {
          this.sizes.setFolded(run.view.arrangement);
          this.requestUpdate();
        }
        // Another protocol may have another board.
        if (topics.has("story") || topics.has("scenario")) {
          this.told = run.story.told;
        }
        if (topics.has("scenario")) {
          this.requestUpdate();
        }
      });
      listenForKeys(run);
      listenForErrors(run);
      listenForPalette(run);
      const report = (error: unknown): void => run.notices.report(error);
      window.addEventListener(ACTIONS_EVENT, (event) => void this.onActions(event).catch(report));
      window.addEventListener("playground-goal", () => void this.fetchGoal().catch(report));
      window.addEventListener("playground-show", (event) => this.show((event as CustomEvent<string>).detail));
      run.view.arrange(this.sizes.folded);
      run.story.openWithRuns();
      this.told = run.story.told;
      this.run = run;
      this.address = new Address(run, hash);
      const problem = request === null ? nowhere(hash) : null;
      if (problem !== null) {
        run.notices.tell({ tone: "bad", text: problem });
      }
      void this.fetchOthers(run);
      if (window.location.hash !== hash) {
        void this.enter();
      }
      await this.updateComplete;
      // For whoever measures: from here on the page answers.
      performance.mark("interactive");
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  /** What the first picture does without is fetched once the page can be used; then it asks for nothing more. */
  private async fetchOthers(run: Run): Promise<void> {
    try {
      await import("../story/story.js");
      this.hasStory = true;
      await new Promise((resume) => setTimeout(resume, OTHERS_AFTER_MS));
      const floating = [import("../side/contents.js"), import("../cluster/cut-line.js"), this.fetchActions()];
      await Promise.all([this.fetchInspector(run), fetchPanels(), fetchSplitPanel(), fetchLinkText(), ...floating]);
      await frames(SETTLING_FRAMES);
      this.isSettled = true;
      nameDividers(this.renderRoot);
      await (await import("../takeaway/ways.js")).listenForFiles(run);
      const { workOffline } = await import("../../offline/offline.js");
      // For whoever measures: from here on only the service worker asks, and only where there is one.
      performance.mark("complete");
      await workOffline(run);
    } catch (error) {
      run.notices.report(error);
    }
  }

  private async fetchInspector(run: Run): Promise<void> {
    try {
      await import("../inspector/inspector.js");
      this.hasInspector = true;
    } catch (error) {
      run.notices.report(error);
    }
  }

  private async fetchActions(): Promise<void> {
    await import("../actions/actions.js");
    this.hasActions = true;
  }

  /** What can be done was asked for before what shows it was there: it is asked again. */
  private readonly onActions = async (event: Event): Promise<void> => {
    if (!this.hasActions) {
      await this.fetchActions();
      await this.updateComplete;
      window.dispatchEvent(new CustomEvent(event.type, { detail: (event as CustomEvent<unknown>).detail }));
    }
  };

  private async fetchGoal(): Promise<void> {
    await import("../goal/goal.js");
    this.hasGoal = true;
  }

  /** Brings the view with that tag to the front: in the dock, and where one is shown at a time. */
  private show(tag: string): void {
    const view = HOMES[tag];
    if (view !== undefined) {
      this.choose(view);
    }
  }

  private choose(view: View): void {
    this.view = view;
    if (isDocked(view)) {
      this.tab = view;
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // The card stands where time has not come yet; on a narrow page it has space of its own.
    const { height, width, gap } = CARD;
    const { run } = this;
    document.title = [this.room?.title ?? (run === undefined ? [] : titleOf(run)), "Consensus playground"].flat().join(" · ");
    run?.view.keepFree(ONE_COLUMN.matches || run.view.arrangement.presenting ? 0 : gap + (run.view.looks.direction === "down" ? height : width));
  }

  override render(): TemplateResult {
    if (this.failure !== "") {
      return html`<main class="start">
        <h1>Consensus playground</h1>
        <p role="alert">The engine did not start: ${this.failure}</p>
        <p class="soft">It needs a browser with WebAssembly and modules. Loading the page again may help.</p>
      </main>`;
    }
    if (this.run === undefined) {
      return html`<main class="start"><h1>Consensus playground</h1><p class="soft">Starting…</p></main>`;
    }
    return this.page(this.run);
  }

  private page(run: Run): TemplateResult {
    if (this.room !== null) {
      return html`<div class="page entered">
        <playground-header .run=${run} room=${this.room.name}></playground-header>
        <main class="room">${this.room.draw(run)}</main>
        <playground-notices .run=${run}></playground-notices>
      </div>`;
    }
    const { arrangement, looks } = run.view;
    const card = this.cardOf(run);
    const view = isDocked(this.view) ? "dock" : this.view;
    const isLarge = arrangement.stage === "cluster" && !this.isNarrow;
    const hasRow = !this.isNarrow && !arrangement.presenting;
    return html`
      <div class="page ${arrangement.presenting ? "presenting" : ""} ${arrangement.rail ? "" : "no-rail"} ${arrangement.dock ? "" : "no-dock"} ${this.isSettled ? "" : "unsettled"}"
        data-view=${view} data-time=${looks.direction} data-card=${card}>
        <button class="skip" @click=${() => this.skip()}>Skip to the diagram</button>
        <playground-header .run=${run} .wayBack=${this.address?.wayBack ?? null}></playground-header>
        <playground-transport .run=${run}></playground-transport>
        <main>
          <wa-split-panel class="rows" data-name="Height of the panels" orientation="vertical" primary="end" position-in-pixels=${this.sizes.dock(arrangement)} @pointerdown=${onTaken} @wa-reposition=${this.onDockMoved}>
            <wa-split-panel slot="start" class="columns" data-name="Width of the rail" primary="start" position-in-pixels=${this.sizes.rail(arrangement)} @pointerdown=${onTaken} @wa-reposition=${this.onRailMoved}>
              <aside slot="start" class="side" aria-label="Cluster, partition and faults" tabindex="-1">
                <div class="rail">
                  ${this.hasGoal ? html`<playground-goal .run=${run}></playground-goal>` : nothing}
                  ${isLarge ? nothing : html`<playground-cluster compact .run=${run}></playground-cluster>`}
                  <playground-rail .run=${run}></playground-rail>
                </div>
                <playground-view-tools .run=${run}></playground-view-tools>
              </aside>
              <div slot="end" class="stage">
                ${isLarge ? html`<playground-cluster compact .run=${run}></playground-cluster>` : html`<playground-diagram bare .run=${run}></playground-diagram>`}
                ${card === "selection" && this.hasInspector ? html`<playground-inspector class="card" .run=${run}></playground-inspector>` : nothing}
                ${this.hasStory ? html`<playground-story class="card" ?presenting=${arrangement.presenting} ?hidden=${card === "selection" || card === "explanation"} .run=${run}></playground-story>` : nothing}
                ${arrangement.rail || this.isNarrow ? nothing : html`<button class="unfold" title="Show the rail (B)" aria-label="Show the rail" @click=${() => run.view.arrange({ rail: true })}>»</button>`}
              </div>
            </wa-split-panel>
            <playground-dock slot="end" .run=${run} .tab=${this.tab} @playground-dock=${this.onDock}>
              ${hasRow ? html`<playground-notices slot="notices" docked .run=${run}></playground-notices>` : nothing}
            </playground-dock>
          </wa-split-panel>
          ${this.hasActions ? html`<playground-actions .run=${run}></playground-actions>` : nothing}
        </main>
        ${this.isNarrow ? this.views(run) : nothing}
        ${hasRow ? nothing : html`<playground-notices ?row=${this.isNarrow} .run=${run}></playground-notices>`}
      </div>
    `;
  }

  /** The focus goes to what the page is about. */
  private skip(): void {
    const stage = this.renderRoot.querySelector(".stage > :is(playground-diagram, playground-cluster)");
    stage?.shadowRoot?.querySelector<HTMLElement>("canvas, [role=button]")?.focus();
  }

  private readonly onRailMoved = (event: Event): void => this.onMoved(movedTo(event), (width) => this.sizes.setRail(width));

  private readonly onDockMoved = (event: Event): void => this.onMoved(movedTo(event), (height) => this.sizes.setDock(height));

  private onMoved(pixels: number | null, set: (pixels: number) => Partial<Arrangement>): void {
    if (pixels !== null) {
      this.run?.view.arrange(set(pixels));
    }
  }

  /** One card at most: what the reader has selected, or the story. What the story selected is its own. */
  private cardOf(run: Run): "selection" | "explanation" | "story" | "none" {
    const { isReadersChoice, inspecting, explanation } = run.view;
    if (isReadersChoice && explanation !== null) {
      return "explanation";
    }
    if ((isReadersChoice || inspecting) && explanation === null) {
      if (!this.hasInspector) {
        void this.fetchInspector(run);
      }
      return "selection";
    }
    return this.told ? "story" : "none";
  }

  /** A panel that is chosen is shown, folded or not. */
  private readonly onDock = (event: CustomEvent<DockTab>): void => {
    this.choose(event.detail);
    this.run?.view.arrange({ dock: true });
  };

  private views(run: Run): TemplateResult {
    const name = (view: View): string => (view === "board" ? looksOf(run.catalogue.protocol).board.name : VIEW_NAMES[view]);
    return html`<nav class="tabs" aria-label="Views">
      ${VIEWS.map((view) => html`<button aria-pressed=${this.view === view} @click=${() => this.choose(view)}>${name(view)}</button>`)}
    </nav>`;
  }
}
