// The panels below the diagram, one at a time, behind tabs: the protocol's board, the clients, what is promised, and
// all events. A panel is made when it is shown for the first time, and stays as it was left.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { namesOf } from "../../commands/perform.js";
import { shortcuts, titleOf } from "../../commands/table.js";
import type { Topic } from "../../engine/emitter.js";
import { board } from "../../protocols/board.js";
import { looksOf } from "../../protocols/protocol.js";
import { Panel, base } from "../panel.js";
import { dockStyles } from "./styles.js";

export const DOCK_TABS = ["board", "clients", "promises", "events"] as const;
export type DockTab = (typeof DOCK_TABS)[number];

/** What draws each panel: fetched when it is shown. The board is the protocol's, which the run tells. */
const SOURCES: Readonly<Record<DockTab, () => Promise<unknown>>> = {
  board: () => Promise.resolve(),
  clients: () => import("../history/history.js"),
  promises: () => import("../history/invariants.js"),
  events: () => import("../event-list/event-list.js"),
};

/** Fetches what draws the panels that nobody has asked for yet. */
export async function fetchPanels(): Promise<void> {
  await Promise.all(DOCK_TABS.map((tab) => SOURCES[tab]()));
}

/** Where the arrow keys lead from a tab. */
const WAYS: Readonly<Record<string, (from: number, tabs: number) => number>> = {
  ArrowRight: (from, tabs) => (from + 1) % tabs,
  ArrowLeft: (from, tabs) => (from + tabs - 1) % tabs,
  Home: () => 0,
  End: (_, tabs) => tabs - 1,
};

@customElement("playground-dock")
export class PlaygroundDock extends Panel {
  static override styles = [base, dockStyles];

  protected readonly topics: readonly Topic[] = ["scenario", "time", "records", "arrangement"];
  protected override readonly pace = 250;

  @property() tab: DockTab = "board";

  /** The panels that were shown, and whose source is there: the board has its own. */
  private readonly ready = new Set<DockTab>(["board"]);

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    void this.fetch(this.tab);
  }

  private async fetch(tab: DockTab): Promise<void> {
    if (!this.ready.has(tab)) {
      try {
        await SOURCES[tab]();
        this.ready.add(tab);
        this.requestUpdate();
      } catch (error) {
        this.run.notices.report(error);
      }
    }
  }

  protected override content(): TemplateResult {
    return html`<div class="row"><div class="tabs" role="tablist" aria-label="Panels" @keydown=${this.onKey}>
        ${DOCK_TABS.map((tab) => this.tabOf(tab))}
      </div>
      <slot name="notices"></slot> ${this.fold()}</div>
      ${DOCK_TABS.map((tab) => this.panelOf(tab))}`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has("tab")) {
      // While it was hidden it was not drawn.
      for (const panel of this.renderRoot.querySelectorAll(".panel:not([hidden]) > *")) {
        if (panel instanceof Panel) {
          panel.requestUpdate();
        }
      }
    }
  }

  private fold(): TemplateResult {
    const { view } = this.run;
    const { dock } = view.arrangement;
    return html`<button
      class="quiet fold"
      aria-label=${dock ? "Fold the panels" : "Unfold the panels"}
      aria-expanded=${dock}
      title=${titleOf("dock", this.run, namesOf(this.run))}
      aria-keyshortcuts=${shortcuts("dock")}
      @click=${() => view.arrange({ dock: !dock })}
    >
      ${dock ? "▾" : "▴"}
    </button>`;
  }

  private tabOf(tab: DockTab): TemplateResult {
    const isShown = tab === this.tab;
    return html`<button
      role="tab"
      id="tab-${tab}"
      aria-selected=${isShown}
      aria-controls="panel-${tab}"
      tabindex=${isShown ? 0 : -1}
      @click=${() => this.choose(tab)}
    >
      ${this.nameOf(tab)}
    </button>`;
  }

  private nameOf(tab: DockTab): TemplateResult {
    const { run } = this;
    const names: Record<DockTab, () => TemplateResult> = {
      board: () => html`${looksOf(run.catalogue.protocol).board.name}`,
      clients: () => html`Clients`,
      promises: () => html`Promises ${this.broken()}`,
      events: () => html`Events <small>${run.status.events.toLocaleString("en")}</small>`,
    };
    return names[tab]();
  }

  private broken(): TemplateResult | typeof nothing {
    const invariants = this.run.moment.invariants();
    const broken = invariants.filter((invariant) => invariant.broken !== null).length;
    return broken === 0 ? nothing : html`<small class="bad">${broken} of ${invariants.length} broken</small>`;
  }

  private panelOf(tab: DockTab): TemplateResult {
    const { run } = this;
    const contents: Record<DockTab, () => unknown> = {
      board: () => board(run, () => this.requestUpdate()),
      clients: () => html`<playground-history docked .run=${run}></playground-history>`,
      promises: () => html`<playground-invariants .run=${run}></playground-invariants>`,
      events: () => html`<playground-event-list .run=${run}></playground-event-list>`,
    };
    return html`<div class="panel ${tab}" role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}" ?hidden=${tab !== this.tab}>
      ${this.ready.has(tab) ? contents[tab]() : nothing}
    </div>`;
  }

  private choose(tab: DockTab): void {
    // The page decides, and hands the choice back as `tab`.
    this.dispatchEvent(new CustomEvent<DockTab>("playground-dock", { detail: tab }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const to = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? undefined : WAYS[event.key]?.(DOCK_TABS.indexOf(this.tab), DOCK_TABS.length);
    const tab = to === undefined ? undefined : DOCK_TABS[to];
    if (tab !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.choose(tab);
      this.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
    }
  };
}
