// The whole page: where each view stands, and the keys that work everywhere.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { listenForKeys } from "../../commands/keys.js";
import { describeError } from "../../engine/engine.js";
import { firstRun, openIn, requestIn } from "../../engine/link.js";
import type { Run } from "../../engine/run.js";
import { board, fetchBoard } from "../../protocols/board.js";
import { PROTOCOL_FIRST, looksOf } from "../../protocols/protocol.js";
import { nowhere, roomAt } from "../../rooms/rooms.js";
import { base } from "../panel.js";
import { sideSections } from "../side/side.js";
import { Address } from "./address.js";
import { listenForErrors } from "./errors.js";
import { appStyles } from "./styles.js";
import "../cluster/cluster.js";
import "../diagram/diagram.js";
import "../goal/goal.js";
import "../header/header.js";
import "../history/history.js";
import "../inspector/inspector.js";
import "../liars/liars.js";
import "../notices/notices.js";
import "../partition/partition.js";
import "../transport/transport.js";

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
  static override styles = [base, appStyles];

  @state() private run: Run | undefined;
  @state() private failure = "";
  @state() private tab: Tab = "messages";
  @state() private selected = false;
  /** Whether what tells stories is there: it is fetched once the page can be used. */
  @state() private hasStory = false;
  @state() private told = false;
  private address: Address | undefined;
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
      const { run } = this;
      if (run !== undefined && this.address?.isOfShown(hash) !== true) {
        await this.address?.follow(hash, () => openIn(run, request));
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
        this.room = found === null || draw === null ? null : { name: found.room.name, draw: (run) => draw(run, found.path) };
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
      const [run] = await Promise.all([firstRun(request), fetchBoard(request?.protocol ?? PROTOCOL_FIRST).catch(() => undefined)]);
      run.emitter.listen((topics) => {
        if (topics.has("selection")) {
          this.onSelection(run);
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
      window.addEventListener("playground-show", (event) => this.show((event as CustomEvent<string>).detail));
      this.run = run;
      this.address = new Address(run);
      const problem = request === null ? nowhere(hash) : null;
      if (problem !== null) {
        run.notices.tell({ tone: "bad", text: problem });
      }
      void this.fetchStory(run);
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

  private async fetchStory(run: Run): Promise<void> {
    try {
      await import("../story/story.js");
      this.hasStory = true;
    } catch (error) {
      run.notices.report(error);
    }
  }

  /** Brings the view with that tag to the front, where one is shown at a time. */
  private show(tag: string): void {
    this.tab = HOMES[tag] ?? this.tab;
  }

  private onSelection(run: Run): void {
    this.selected = run.view.selection !== null;
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
      <div class="page" data-tab=${this.tab} ?data-told=${this.told} ?data-selected=${this.selected} ?data-wide=${looksOf(run.catalogue.protocol).liars !== undefined}>
        <playground-header .run=${run} .wayBack=${this.address?.wayBack ?? null}></playground-header>
        <main>
          <aside class="side" aria-label="Cluster, partition and faults" tabindex="-1">
            <playground-goal .run=${run}></playground-goal>
            <playground-cluster .run=${run}></playground-cluster>
            <playground-partition .run=${run}></playground-partition>
            <playground-liars .run=${run}></playground-liars>
            ${sideSections(run)}
          </aside>
          <playground-diagram .run=${run}></playground-diagram>
          <playground-inspector .run=${run}></playground-inspector>
          <div class="board">${board(run, () => this.requestUpdate())}</div>
          <playground-history .run=${run}></playground-history>
        </main>
        <playground-transport .run=${run}></playground-transport>
        <nav class="tabs" aria-label="Views">
          ${TABS.map(
            ([tab, name]) => html`<button aria-pressed=${this.tab === tab} @click=${() => (this.tab = tab)}>${tab === "board" ? looksOf(run.catalogue.protocol).board.name : name}</button>`,
          )}
        </nav>
        <playground-notices .run=${run}></playground-notices>
        ${this.hasStory ? html`<playground-story .run=${run}></playground-story>` : nothing}
      </div>
    `;
  }
}
