// The replicas' logs as a table: a row for each replica, a column for each index. Raft fills the cells with its
// entries, Multi-Paxos with what its acceptors have accepted. What is the same for both is here: which columns are
// drawn, and how the table follows the end of the logs.
//
// Only the columns in sight are drawn, and a few beyond either edge. The table scrolls to its end by itself as it
// grows, until somebody scrolls it elsewhere; from the end it follows again.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import type { Topic } from "../../engine/emitter.js";
import type { LogView, NodeView } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";
import { Panel } from "../panel.js";
import type { Measures } from "./styles.js";

/** Columns drawn beyond either edge, so that scrolling shows no gaps. */
const MARGIN = 4;
/** What the panel's padding takes of its width. */
const PADDING_PX = 16;
/** A log that has so many entries less than the longest says where it ends: one less is seldom worth a word. */
const SHORTER_BY = 3;
/** A scroll position this close to the one that the table chose is its own. */
const OWN_SCROLL_PX = 2;

export type Cell = LogView["cells"][number];

/** The indexes that the table spans, and those of the columns that are drawn. */
export interface Columns {
  first: number;
  last: number;
  from: number;
  to: number;
}

export abstract class LogPanel extends Panel {
  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "playing"];
  protected override readonly pace = 120;

  protected abstract readonly measures: Measures;
  /** The panel's heading, and its name for whoever does not see it. */
  protected abstract readonly name: string;
  /** What a row is: `Replica`. */
  protected abstract readonly rowName: string;
  /** What the signs mean. */
  protected abstract readonly legend: TemplateResult;
  /** What is said while all logs are empty. */
  protected abstract readonly emptyWords: string;
  /** What is said in the row of an empty log. */
  protected abstract readonly emptyRowWords: string;
  /** Columns kept free after the last entry. */
  protected readonly spareColumns: number = 0;

  /** None where a panel shows something else at the moment. */
  @query(".scroll:has(> .table)") private scroller!: HTMLElement | null;
  /** Where the table is scrolled to, in pixels. */
  @state() private left = 0;
  private width = 600;
  private extent = 0;
  /** Where the table scrolls to by itself. */
  private target = 0;
  private scrolledTo = -1;
  private scrolled: HTMLElement | null = null;
  private follows = true;
  private pointed: { row: number; index: number; cursor: number } | null = null;
  private firstIndex = 0;
  private readonly resizing = new ResizeObserver(() => {
    this.width = this.clientWidth;
    this.scrolledTo = -1;
    this.requestUpdate();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    window.addEventListener("playground-follow", this.onFollow);
    window.addEventListener("playground-cell", this.onCell);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    window.removeEventListener("playground-follow", this.onFollow);
    window.removeEventListener("playground-cell", this.onCell);
  }

  /** Another view leads to a moment: the logs show their ends as they were then. */
  private readonly onFollow = (): void => {
    this.follows = true;
    this.scrolledTo = -1;
    this.requestUpdate();
  };

  /** A story points to a cell, as long as the playhead stands where it does: the table is scrolled to it. */
  private readonly onCell = (event: Event): void => {
    const { node, index } = (event as CustomEvent<{ node: string; index: number }>).detail;
    this.pointed = { row: this.run.catalogue.processes.indexOf(node), index, cursor: this.run.status.cursor };
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.leadTo(index - 1);
    });
  };

  /** The first index that must be shown of these logs. */
  protected abstract firstOf(logs: readonly LogView[]): number;

  /** Looks at the replicas once before the rows are drawn, and asks the run what the cells need. */
  protected abstract prepare(nodes: readonly NodeView[], columns: Columns): void;

  /** An index that has to stay in sight although the logs go on; null where the end is followed. */
  protected heldIndex(): number | null {
    return null;
  }

  /** Where there is something to look at, in a few words. */
  protected places(): readonly { words: string; index: number }[] {
    return [];
  }

  /** The table is scrolled to an index, and stays there. */
  private leadTo(index: number): void {
    this.follows = false;
    if (this.scroller !== null) {
      this.scroller.scrollLeft = Math.max(0, (index - this.firstIndex - 1) * this.measures.column);
    }
  }

  /** What else the panel can show, to choose from. */
  protected choice(): TemplateResult | typeof nothing {
    return nothing;
  }

  /** The heading of a column. */
  protected abstract heading(index: number, columns: Columns): TemplateResult;

  /** A replica's row. */
  protected abstract row(node: NodeView, columns: Columns): TemplateResult;

  protected override content(): TemplateResult {
    const nodes = this.run.moment.nodes().slice(0, this.run.catalogue.replicas);
    const first = this.firstOf(nodes.flatMap(({ log }) => (log === null ? [] : [log])));
    const last = Math.max(0, ...nodes.map(({ log }) => lastIndex(log)));
    const columns = this.columns(first, last);
    this.firstIndex = first;
    this.prepare(nodes, columns);
    this.layOut(columns);
    const indexes = Array.from({ length: Math.max(0, columns.to - columns.from + 1) }, (_, ordinal) => columns.from + ordinal);
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">${this.name}</h2>
        ${this.choice()}
        ${this.places().map(({ words, index }) => html`<button class="quiet" @click=${() => this.leadTo(index)}>${words}: show</button>`)}
        <span class="legend">${this.legend}</span>
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="${this.name}, scrollable" @scroll=${this.onScroll}>
        <div class="table" role="table" aria-label=${this.name} aria-colcount=${last + 1} ${styled({ width: `${this.extent}px` })}>
          <div class="line top" role="row">
            <span class="name" role="columnheader"><span class="out-of-sight">${this.rowName}</span></span>
            ${repeat(indexes, (index) => index, (index) => this.heading(index, columns))}
          </div>
          ${repeat(nodes, ({ place }) => place, (node) => this.row(node, columns))}
        </div>
        ${last === 0 ? html`<p class="empty">${this.emptyWords}</p>` : nothing}
      </div>
    </section>`;
  }

  /** The columns in sight. */
  private columns(first: number, last: number): Columns {
    const { column } = this.measures;
    const from = first + Math.floor(this.left / column) - MARGIN;
    return { first, last, from: Math.max(first, from), to: Math.min(last, from + Math.ceil(this.width / column) + 2 * MARGIN) };
  }

  /** How wide the table is: scrolled to its end, it shows whole columns. */
  private layOut({ first, last }: Columns): void {
    const { column, names } = this.measures;
    const visible = Math.max(1, Math.floor((this.width - names - PADDING_PX) / column)) * column;
    this.extent = Math.max((last - first + 1 + this.spareColumns) * column - visible, 0) + this.width - PADDING_PX;
    const held = this.heldIndex();
    this.target = Math.min(this.extent, held === null ? Infinity : Math.max(0, (held - first - 1) * column));
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.markPointed();
    // Scrolling costs a layout: only when the table grew.
    const anew = this.scroller !== this.scrolled;
    if (this.follows && (anew || this.target !== this.scrolledTo) && this.scroller !== null) {
      this.scrolled = this.scroller;
      this.scrolledTo = this.target;
      this.scroller.scrollLeft = this.target;
    }
  }

  private markPointed(): void {
    const { pointed } = this;
    this.renderRoot.querySelectorAll(".pointed").forEach((cell) => cell.classList.remove("pointed"));
    if (pointed !== null && pointed.cursor === this.run.status.cursor) {
      // The first line has the headings.
      const line = this.renderRoot.querySelectorAll('.table > [role="row"]')[pointed.row + 1];
      line?.querySelector(`.cell[data-index="${pointed.index}"]`)?.classList.add("pointed");
    }
  }

  private readonly onScroll = (): void => {
    if (this.scroller === null) {
      return;
    }
    const { scrollLeft, scrollWidth, clientWidth } = this.scroller;
    this.follows = Math.abs(scrollLeft - this.scrolledTo) < OWN_SCROLL_PX || scrollLeft + clientWidth >= scrollWidth - this.measures.column / 2;
    this.left = scrollLeft;
  };

  // Parts of a row

  /** Where the column of an index begins, in pixels. */
  protected offset(index: number, { first }: Columns): number {
    return this.measures.names + (index - first) * this.measures.column;
  }

  protected at(index: number, columns: Columns): Record<string, string> {
    return { left: `${this.offset(index, columns)}px` };
  }

  protected nameCell({ name, role, epoch, condition }: NodeView, title: string | typeof nothing = nothing): TemplateResult {
    const leads = looksOf(this.run.catalogue.protocol).crowned(role) && condition !== "down";
    return html`<span class="name ${leads ? "leads" : ""} ${condition}" role="rowheader" title=${title} ${styled({ "--term": termToken(epoch) })}>${name}</span>`;
  }

  /** The entries up to an index, for which a snapshot or a saved state stands: one block. */
  protected foldedCell(index: number, kind: string, words: string, text: TemplateResult, columns: Columns): TemplateResult | typeof nothing {
    const { first } = columns;
    if (index === 0 || index < first) {
      return nothing;
    }
    const width = `${(index - first + 1) * this.measures.column - 4}px`;
    return html`<span class="cell ${kind}" role="cell" title=${words} aria-label=${words} ${styled({ ...this.at(first, columns), width })}>${text}</span>`;
  }

  /** Where a log ends that has nothing in sight, or that ends well before the others. */
  protected endNote(log: LogView | null, columns: Columns): TemplateResult | typeof nothing {
    const last = lastIndex(log);
    // A cell of which a part is seen is in sight.
    const firstInSight = columns.first + Math.floor(this.left / this.measures.column);
    if (last < firstInSight) {
      return html`<span class="note" role="cell">${last === 0 ? this.emptyRowWords : `ends at ${last}`}</span>`;
    }
    return columns.last - last < SHORTER_BY
      ? nothing
      : html`<span class="note after" role="cell" ${styled(this.at(last + 1 + this.spareColumns, columns))}>ends at ${last}</span>`;
  }
}

/** The index of the last entry, or of the last one that a snapshot has taken in. */
export function lastIndex(log: LogView | null): number {
  return log === null ? 0 : (log.cells.at(-1)?.index ?? log.snapshot_index);
}
