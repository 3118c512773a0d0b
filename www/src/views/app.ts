// The whole page: where each view stands, and the keys that work everywhere.

import { LitElement, css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { describeError } from "../engine/engine.js";
import { firstRun, openIn, requestIn } from "../engine/link.js";
import type { RunRequest } from "../engine/link.js";
import type { Run } from "../engine/run.js";
import { looksOf } from "../protocols/protocol.js";
import { base } from "./panel.js";
import { listenForErrors } from "./errors.js";
import { listenForKeys } from "./keys.js";
import { roomAt } from "./rooms.js";
import "./cluster.js";
import "./commands.js";
import "./diagram/diagram.js";
import "./goal.js";
import "./header.js";
import "./history.js";
import "./inspector.js";
import "./network.js";
import "./liars.js";
import "./mutations.js";
import "./notices.js";
import "./partition.js";
import "./settings.js";
import "./tour.js";
import "./transport.js";
import "./undecided.js";
import "./workload.js";
import "../protocols/elements.js";

type Tab = "messages" | "cluster" | "board" | "clients" | "inspector";
const TABS: readonly (readonly [Tab, string])[] = [
  ["messages", "Messages"],
  ["cluster", "Cluster"],
  ["board", "Logs"],
  ["clients", "Clients"],
  ["inspector", "Inspect"],
];

const HOMES: Readonly<Record<string, Tab>> = {
  "playground-diagram": "messages",
  "playground-partition": "cluster",
  ".board": "board",
  "playground-history": "clients",
};

@customElement("playground-app")
export class PlaygroundApp extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        height: 100dvh;
        overflow: hidden;
      }

      .page {
        display: grid;
        height: 100%;
        grid-template: auto minmax(0, 1fr) minmax(240px, 27%) auto / 284px minmax(0, 1.15fr) minmax(0, 1fr) 296px;
        grid-template-areas:
          "head head head head"
          "side stage stage inspector"
          "side logs clients clients"
          "foot foot foot foot";
      }

      playground-header {
        grid-area: head;
        border-bottom: 1px solid var(--rule);
      }

      .side {
        grid-area: side;
        overflow: auto;
        border-right: 1px solid var(--rule);
      }

      playground-diagram {
        grid-area: stage;
        min-height: 0;
      }

      playground-inspector {
        grid-area: inspector;
        overflow: auto;
        border-left: 1px solid var(--rule);
        background: var(--paper);
      }

      .board {
        grid-area: logs;
        min-height: 0;
        border-top: 1px solid var(--rule);
      }

      playground-history {
        grid-area: clients;
        min-height: 0;
        border-top: 1px solid var(--rule);
        border-left: 1px solid var(--rule);
      }

      playground-transport {
        grid-area: foot;
        border-top: 1px solid var(--rule);
        background: var(--raised);
      }

      main:not(.start, .room) {
        display: contents;
      }

      .page.entered {
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        grid-template-areas: "head" "room";
      }

      .room {
        grid-area: room;
        overflow: auto;
      }

      .board > * {
        height: 100%;
      }

      .tabs {
        display: none;
      }

      .start {
        max-width: 60ch;
        margin: 20vh auto 0;
        padding: var(--s4);
      }

      .start h1 {
        font: 600 1.5rem/1.3 var(--serif);
        margin-bottom: var(--s3);
      }

      /* Votes of all on all take more room than logs. */
      .page[data-wide] {
        grid-template-columns: 284px minmax(0, 2.45fr) minmax(0, 1fr) 296px;
      }

      /* What is drawn within one of these touches no other. */
      playground-diagram,
      playground-inspector,
      .board,
      playground-history {
        contain: layout paint style;
      }

      /* The inspector is there while something is selected. It takes its room from the diagram, and covers no lane. */
      @media (max-width: 1180px) {
        .page,
        .page[data-wide] {
          grid-template-columns: 256px minmax(0, 1fr) minmax(0, 1fr) 0;
        }

        .page[data-selected],
        .page[data-wide][data-selected] {
          grid-template-columns: 236px minmax(0, 1.5fr) minmax(0, 0.5fr) 258px;
        }

        .page:not([data-selected]) playground-inspector {
          display: none;
        }
      }

      /* One view at a time, chosen below. */
      @media (max-width: 760px) {
        .page,
        .page[data-wide],
        .page[data-selected],
        .page[data-wide][data-selected] {
          grid-template: auto minmax(0, 1fr) auto auto / minmax(0, 1fr);
          grid-template-areas: "head" "view" "foot" "tabs";
        }

        .side,
        playground-diagram,
        .board,
        playground-history,
        .page playground-inspector {
          grid-area: view;
          display: none;
          border: 0;
        }

        .page[data-tab="messages"] playground-diagram,
        .page[data-tab="cluster"] .side,
        .page[data-tab="board"] .board,
        .page[data-tab="clients"] playground-history,
        .page[data-tab="inspector"] playground-inspector {
          display: block;
        }

        .tabs {
          grid-area: tabs;
          display: grid;
          grid-auto-flow: column;
          grid-auto-columns: 1fr;
          background: var(--raised);
          border-top: 1px solid var(--rule);
        }

        .tabs button {
          padding: var(--s2) 0;
          min-height: 44px;
          border: 0;
          border-top: 3px solid transparent;
          border-radius: 0;
          background: none;
          font-size: var(--size-s);
          color: var(--ink-2);
        }

        .tabs button[aria-pressed="true"] {
          border-top-color: var(--ink);
          color: var(--ink);
          font-weight: 600;
        }
      }

      /* On paper there is what was entered, from end to end. */
      @media print {
        :host,
        .page.entered,
        .entered .room {
          display: block;
          height: auto;
          overflow: visible;
        }

        .entered > :not(.room) {
          display: none;
        }
      }
    `,
  ];

  @state() private run: Run | undefined;
  @state() private failure = "";
  @state() private tab: Tab = "messages";
  @state() private selected = false;
  /** How many runs are being opened that the address has asked for. */
  private asked = 0;
  /** Draws the room that is entered; null in the playground. */
  @state() private room: { name: string; draw: (run: Run) => TemplateResult } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => void this.enter());
    void this.start();
    void this.enter();
  }

  /** Enters the room that the address names, or opens the run that it asks for. */
  private async enter(): Promise<void> {
    const { hash } = window.location;
    const request = requestIn(hash);
    if (request !== null) {
      this.room = null;
      await this.open(request);
      return;
    }
    try {
      const found = roomAt(hash);
      const draw = found === null ? null : await found.room.open();
      // Another may have been asked for while this one was fetched.
      if (window.location.hash === hash) {
        this.room = found === null || draw === null ? null : { name: found.room.name, draw: (run) => draw(run, found.path) };
        this.run?.pause();
      }
    } catch (error) {
      this.run?.report(error);
    }
  }

  /** Opens a run that the address asks for in the living page. */
  private async open(request: RunRequest): Promise<void> {
    if (this.run !== undefined) {
      this.asked += 1;
      try {
        await openIn(this.run, request);
      } finally {
        this.asked -= 1;
      }
    }
  }

  private async start(): Promise<void> {
    try {
      const { hash } = window.location;
      const run = await firstRun(requestIn(hash));
      run.emitter.listen((topics) => {
        if (topics.has("selection")) {
          this.onSelection(run);
        }
        // Another protocol may have another board.
        if (topics.has("scenario")) {
          this.requestUpdate();
          this.forgetLink();
        }
      });
      listenForKeys(run);
      listenForErrors(run);
      window.addEventListener("playground-show", (event) => this.show((event as CustomEvent<string>).detail));
      this.run = run;
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

  /** Brings the view with that tag to the front, where one is shown at a time. */
  private show(tag: string): void {
    this.tab = HOMES[tag] ?? this.tab;
  }

  /** The address asks for the run that is shown, or for none: once another is chosen by hand, what it asked for is taken out of it. */
  private forgetLink(): void {
    const { hash, pathname, search } = window.location;
    if (this.asked === 0 && requestIn(hash) !== null) {
      window.history.replaceState(null, "", `${pathname}${search}`);
    }
  }

  private onSelection(run: Run): void {
    this.selected = run.selection !== null;
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
    return html`
      <div class="page" data-tab=${this.tab} ?data-selected=${this.selected} ?data-wide=${looksOf(run.catalogue.protocol).liars !== undefined}>
        <playground-header .run=${run}></playground-header>
        <main>
          <aside class="side" aria-label="Cluster, partition and faults" tabindex="-1">
            <playground-goal .run=${run}></playground-goal>
            <playground-cluster .run=${run}></playground-cluster>
            <playground-partition .run=${run}></playground-partition>
            <playground-liars .run=${run}></playground-liars>
            <playground-commands .run=${run}></playground-commands>
            <playground-network .run=${run}></playground-network>
            <playground-undecided .run=${run}></playground-undecided>
            <playground-workload .run=${run}></playground-workload>
            <playground-mutations .run=${run}></playground-mutations>
            <playground-settings .run=${run}></playground-settings>
          </aside>
          <playground-diagram .run=${run}></playground-diagram>
          <playground-inspector .run=${run}></playground-inspector>
          <div class="board">${looksOf(run.catalogue.protocol).board.draw(run)}</div>
          <playground-history .run=${run}></playground-history>
        </main>
        <playground-transport .run=${run}></playground-transport>
        <nav class="tabs" aria-label="Views">
          ${TABS.map(
            ([tab, name]) => html`<button aria-pressed=${this.tab === tab} @click=${() => (this.tab = tab)}>${tab === "board" ? looksOf(run.catalogue.protocol).board.name : name}</button>`,
          )}
        </nav>
        <playground-notices .run=${run}></playground-notices>
        <playground-tour .run=${run}></playground-tour>
      </div>
    `;
  }
}
