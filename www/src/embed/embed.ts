// A playground inside somebody else's page: the panels that are asked for, a still picture first, and a way to the
// whole page.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { listenForKeys } from "../commands/keys.js";
import { setTheme } from "../design/palette.js";
import { describeError } from "../engine/engine.js";
import { addressOf, firstRun, linkOf, open, refusal } from "../engine/link.js";
import { isLinkTextLoaded, loadLinkText } from "../engine/link-text.js";
import type { Run } from "../engine/run.js";
import { board, fetchBoard } from "../protocols/board.js";
import { looksOf } from "../protocols/protocol.js";
import { listenForErrors } from "../views/app/errors.js";
import { base } from "../views/panel.js";
import { SIGNS } from "../views/verdict/badge.js";
import { worst } from "../views/verdict/worst.js";
import { WIDE, layout } from "./layout.js";
import { listenForOrders, report } from "./messages.js";
import type { Order } from "./messages.js";
import { embedStyles } from "./styles.js";
import { wishesIn } from "./wishes.js";
import type { PanelName } from "./wishes.js";
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

/** How much of the frame must be in sight before a run plays by itself. */
const IN_SIGHT = 0.5;

@customElement("playground-embed")
export class PlaygroundEmbed extends LitElement {
  static override styles = [base, embedStyles];

  @state() private run: Run | undefined;
  @state() private failure = "";
  @state() private panels: readonly PanelName[] = [];
  @state() private wide = window.matchMedia(WIDE).matches;

  // In the next frame: what is measured while it is laid out must not change the layout.
  private readonly sizes = new ResizeObserver(() => requestAnimationFrame(() => this.tellHeight()));
  private reportedHeight = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    window.matchMedia(WIDE).addEventListener("change", ({ matches }) => (this.wide = matches));
    // The page around asks for something else: from the beginning.
    window.addEventListener("hashchange", () => window.location.reload());
    void this.start();
  }

  private async start(): Promise<void> {
    const wishes = wishesIn(window.location.search, window.location.hash);
    setTheme(wishes.theme);
    try {
      const [run] = await Promise.all([firstRun(wishes.request), ...wishes.panels.map((panel) => SOURCES[panel]())]);
      if (wishes.panels.includes("board")) {
        await fetchBoard(run.catalogue.protocol);
      }
      for (const text of wishes.troubles) {
        run.notices.tell({ tone: "bad", text });
      }
      run.emitter.listen((topics) => {
        if (topics.has("scenario") || topics.has("playing") || topics.has("verdict") || (topics.has("time") && !run.playhead.playing)) {
          this.requestUpdate();
        }
      });
      listenForKeys(run);
      listenForErrors(run);
      listenForOrders((order) => carryOut(run, order));
      this.run = run;
      this.panels = wishes.panels;
      await this.updateComplete;
      report({ type: "ready" });
      if (wishes.start === "play") {
        this.playInSight(run);
      }
    } catch (error) {
      this.failure = describeError(error);
    }
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
    return html`<main class="page ${this.wide ? "wide" : ""}" aria-label="Consensus playground">
        ${this.panels.map((panel) => this.panel(run, panel))} ${this.foot(run)}
      </main>
      <playground-notices .run=${run}></playground-notices>`;
  }

  private panel(run: Run, name: PanelName): TemplateResult {
    const panels: Record<PanelName, () => TemplateResult> = {
      cluster: () => html`<playground-cluster class="cluster" .run=${run}></playground-cluster>`,
      diagram: () => html`<playground-diagram class="diagram" .run=${run}></playground-diagram>`,
      inspector: () => html`<playground-inspector class="inspector" tabindex="-1" .run=${run}></playground-inspector>`,
      board: () => html`<div class="board">${board(run, () => this.requestUpdate())}</div>`,
      history: () => html`<playground-history class="history" .run=${run}></playground-history>`,
      transport: () => html`<playground-transport class="transport" .run=${run}></playground-transport>`,
    };
    return panels[name]();
  }

  private foot(run: Run): TemplateResult {
    const found = run.playhead.playing ? null : worst(run);
    const isBad = found?.standing === "violated" || found?.standing === "lied";
    const words = found === null ? "judged when paused" : isBad ? found.sentence : found.words;
    const { title } = looksOf(run.catalogue.protocol);
    const named = run.entries.find(({ scenario }) => scenario.title === run.scenario.title)?.title;
    return html`<footer>
      <h1>${named === undefined ? title : `${title}: ${named}`}</h1>
      <span class="verdict ${found?.standing ?? ""}" role="status" aria-label="Verdict" title=${found?.sentence ?? ""}>${found === null ? nothing : SIGNS[found.standing]} ${words}</span>
      <a href="./" target="_blank" rel="noopener" title="The whole playground, with this run as it is now" @pointerenter=${fetchAhead} @focus=${fetchAhead} @pointerdown=${this.aim} @click=${this.aim}
        >Open in the playground</a
      >
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
    const { rows, columns, areas } = layout(this.panels, this.wide);
    page.style.setProperty("grid-template-rows", rows);
    page.style.setProperty("grid-template-columns", columns);
    page.style.setProperty("grid-template-areas", areas);
    for (const part of page.children) {
      this.sizes.observe(part);
    }
    this.tellHeight();
  }

  /** The least height at which every panel has its space: below it the frame scrolls, above it the panels grow. */
  private tellHeight(): void {
    const page = this.renderRoot.querySelector<HTMLElement>(".page");
    if (page === null) {
      return;
    }
    const { height, measured } = layout(this.panels, this.wide);
    const taken = [...measured, "footer"].reduce((sum, part) => sum + (page.querySelector<HTMLElement>(`.${part}, ${part}`)?.offsetHeight ?? 0), 0);
    const border = page.offsetHeight - page.clientHeight;
    const least = height + taken + border;
    if (least !== this.reportedHeight) {
      this.reportedHeight = least;
      page.style.setProperty("--least", `${least}px`);
      report({ type: "height", height: least });
    }
  }
}

function fetchAhead(): void {
  // Whether it can be had is said once it is needed.
  loadLinkText().catch(() => undefined);
}

async function carryOut(run: Run, order: Order): Promise<void> {
  switch (order.type) {
    case "play":
      run.playhead.play();
      break;
    case "pause":
      run.playhead.pause();
      break;
    case "link":
      await loadLinkText();
      report({ type: "link", link: linkOf(run) });
      break;
    case "step":
      run.playhead.step(order.events);
      break;
    case "seek":
      run.playhead.pause();
      run.playhead.seek(order.event);
      break;
    case "theme":
      setTheme(order.theme);
      break;
    case "open":
      try {
        await open(run, order.request);
      } catch (error) {
        throw new Error(refusal(order.request, error), { cause: error });
      }
      break;
  }
}
