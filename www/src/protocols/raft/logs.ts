// The logs, one row a replica, aligned by index: what is committed, what is not, and how far the leader has come with each.

import { css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { brief } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { LogView, NodeView } from "../../engine/engine.js";
import { epochWords, looksOf } from "../protocol.js";
import { Overwritten } from "./overwritten.js";
import { Panel, base } from "../../views/panel.js";

const CELL = 64;
const ROW = 31;
/** Room for the replicas' names. */
const NAMES = 36;
/** Columns drawn beyond either edge, so that scrolling shows no gaps. */
const MARGIN = 4;

type Cell = LogView["cells"][number];
interface Progress {
  next: number | null;
  match: number | null;
}

@customElement("playground-logs")
export class PlaygroundLogs extends Panel {
  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-direction: column;
        height: 100%;
        padding: var(--s2) 0 0 var(--s4);
      }

      .head {
        padding: 2px var(--s4) 0 0;
        line-height: 1.3;
      }

      .head h2 {
        display: inline;
        margin-right: var(--s2);
      }

      .legend {
        font-size: var(--size-xs);
        color: var(--ink-2);
      }

      .legend s {
        color: var(--bad);
      }

      .scroll {
        flex: 1;
        min-height: 0;
        margin-top: var(--s1);
        overflow: auto;
      }

      .table {
        position: relative;
        width: max-content;
        min-width: 100%;
        padding-bottom: var(--s2);
      }

      .line {
        position: relative;
        display: flex;
        height: ${ROW}px;
      }

      .line.indexes {
        position: sticky;
        top: 0;
        z-index: 2;
        height: 18px;
        background: var(--paper);
      }

      .indexes span.index {
        position: absolute;
        width: ${CELL}px;
        padding-left: 3px;
        font: var(--size-xs) / 18px var(--mono);
        color: var(--ink-2);
      }

      .name {
        position: sticky;
        left: 0;
        z-index: 1;
        width: 34px;
        flex: none;
        padding-top: 3px;
        background: var(--paper);
        font-weight: 600;
        font-size: var(--size-s);
      }

      .name.down {
        color: var(--ink-2);
        font-weight: 400;
        text-decoration: line-through;
      }

      .name.leads::after {
        content: "♛";
        margin-left: 3px;
        color: var(--term);
      }

      .cell {
        position: absolute;
        top: 1px;
        width: ${CELL - 4}px;
        height: 21px;
        padding: 1px 4px 0 5px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font: var(--size-xs) / 18px var(--mono);
        border: 1px solid color-mix(in oklab, var(--term) 45%, transparent);
        border-left: 3px solid var(--term);
        border-radius: var(--radius-s);
        background: color-mix(in oklab, var(--term) 13%, var(--raised));
      }

      .cell.open {
        color: var(--ink-2);
        background: none;
        border-style: dashed;
        border-color: var(--term);
      }

      .cell.snapshot {
        border: 1px solid var(--rule-strong);
        border-left-width: 3px;
        background: repeating-linear-gradient(135deg, var(--sunk) 0 5px, var(--raised) 5px 10px);
      }

      .gone {
        position: absolute;
        top: 15px;
        z-index: 1;
        width: ${CELL - 4}px;
        padding: 0 3px 0 5px;
        overflow: hidden;
        white-space: nowrap;
        font: 600 var(--size-xs) / 15px var(--mono);
        color: var(--bad);
        text-decoration: line-through;
        background: var(--paper);
        border: 1px solid var(--bad);
        border-radius: var(--radius-s);
        animation: gone 0.5s ease-out;
      }

      @keyframes gone {
        from {
          transform: translateY(-16px);
          opacity: 0.4;
        }
      }

      .mark {
        position: absolute;
        top: 22px;
        font: 9px/9px var(--sans);
        color: var(--ink-2);
      }

      .mark.applied {
        color: var(--ink);
      }

      .behind {
        position: sticky;
        left: 40px;
        padding-top: 4px;
        font-size: var(--size-s);
        color: var(--ink-2);
      }

      .empty {
        padding-left: 40px;
        font-size: var(--size-s);
        color: var(--ink-2);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "playing"];
  protected override readonly pace = 120;

  @query(".scroll") private scroller!: HTMLElement;
  @state() private left = 0;
  private width = 600;
  private extent = 0;
  /** Where the table is scrolled to by itself. */
  private followed = 0;
  private scrolledTo = -1;
  private scrolled: HTMLElement | null = null;
  private follows = true;
  private readonly overwritten = new Overwritten();
  private readonly resizing = new ResizeObserver(() => {
    this.width = this.clientWidth;
    this.scrolledTo = -1;
    this.requestUpdate();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    window.addEventListener("playground-follow", this.onFollow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    window.removeEventListener("playground-follow", this.onFollow);
  }

  /** Another view leads to a moment: the logs show their ends as they were then. */
  private readonly onFollow = (): void => {
    this.follows = true;
    this.scrolledTo = -1;
    this.requestUpdate();
  };

  protected override content(): TemplateResult {
    const { run } = this;
    const nodes = run.nodes().slice(0, run.catalogue.replicas);
    this.overwritten.watch(nodes, run.records.generation, run.status.cursor, run.clock);
    const firsts = nodes.flatMap(({ log }) => (log === null ? [] : [firstIndex(log)]));
    const first = firsts.length === 0 ? 1 : Math.min(...firsts);
    const last = Math.max(0, ...nodes.map(({ log }) => lastIndex(log)));
    // Scrolled to its end, the table shows whole columns.
    const room = Math.max(1, Math.floor((this.width - NAMES - 16) / CELL)) * CELL;
    this.extent = Math.max((last - first + 2) * CELL - room, 0) + this.width - 16;
    // While entries are seen to go, the end of the logs is not run after.
    const going = nodes.flatMap(({ place }) => this.overwritten.of(place).map(({ index }) => index));
    this.followed = Math.min(this.extent, going.length === 0 ? Infinity : Math.max(0, (Math.min(...going) - first - 1) * CELL));
    const looks = looksOf(run.catalogue.protocol);
    const leader = nodes.filter(({ role, condition }) => looks.crowned(role) && condition !== "down").toSorted((one, other) => other.epoch - one.epoch)[0];
    const progress = leader === undefined ? new Map<number, Progress>() : looks.progress(leader);
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Logs</h2>
        <span class="legend"
          >solid: committed · dashed: not yet · <s>struck out</s>: overwritten · ↻ retried: applied once · ● applied · leader’s ▲ match △ next index</span
        >
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="Logs, scrollable" @scroll=${this.onScroll}>
        <div class="table" role="table" aria-label="Logs" aria-colcount=${last} ${styled({ width: `${this.extent}px` })}>
          ${last === 0 ? html`<p class="empty">The logs are empty.</p>` : nothing} ${this.indexes(first, last)}
          ${repeat(nodes, ({ place }) => place, (node) => this.line(node, first, last, progress.get(node.place)))}
        </div>
      </div>
    </section>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // Scrolling costs a layout: only when the table grew.
    const anew = this.scroller !== this.scrolled;
    if (this.follows && (anew || this.followed !== this.scrolledTo) && this.scroller instanceof HTMLElement) {
      this.scrolled = this.scroller;
      this.scrolledTo = this.followed;
      this.scroller.scrollLeft = this.followed;
    }
  }

  private readonly onScroll = (): void => {
    const { scrollLeft, scrollWidth, clientWidth } = this.scroller;
    this.follows = Math.abs(scrollLeft - this.scrolledTo) < 2 || scrollLeft + clientWidth >= scrollWidth - CELL / 2;
    this.left = scrollLeft;
  };

  /** The columns in sight. */
  private columns(first: number, last: number): [number, number] {
    const from = first + Math.floor(this.left / CELL) - MARGIN;
    return [Math.max(first, from), Math.min(last, from + Math.ceil(this.width / CELL) + 2 * MARGIN)];
  }

  /** The first column that is wholly in sight. */
  private inSight(first: number): number {
    return first + Math.ceil(this.left / CELL);
  }

  private indexes(first: number, last: number): TemplateResult {
    const [from, to] = this.columns(first, last);
    const indexes = Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
    return html`<div class="line indexes" role="row">
      <span class="name" role="columnheader"><span class="out-of-sight">Replica</span></span>
      ${indexes.map((index) => html`<span class="index" role="columnheader" ${styled(at(index, first))}>${index}</span>`)}
    </div>`;
  }

  private line(node: NodeView, first: number, last: number, progress: Progress | undefined): TemplateResult {
    const log = node.log;
    if (log === null) {
      return html`<div class="line" role="row" data-testid="log-row" data-node=${node.name}>
        <span class="name" role="rowheader">${node.name}</span><span class="behind" role="cell">${node.condition === "down" ? "down" : "no log"}</span>
      </div>`;
    }
    const [from, to] = this.columns(first, last);
    const leads = looksOf(this.run.catalogue.protocol).crowned(node.role) && node.condition !== "down";
    const cells = log.cells.filter(({ index }) => index >= from && index <= to);
    const repeated = looksOf(this.run.catalogue.protocol).repeated?.(node);
    const gone = this.overwritten.of(node.place).filter(({ index }) => index >= from && index <= to + 1);
    return html`<div class="line" role="row" data-testid="log-row" data-node=${node.name} data-commit=${log.commit_index} data-last=${lastIndex(log)}>
      <span class="name ${leads ? "leads" : ""} ${node.condition}" role="rowheader" ${styled({ "--term": termToken(node.epoch) })}>${node.name}</span>
      ${log.snapshot_index > 0 ? this.snapshot(log, first) : nothing}
      ${repeat(cells, ({ index }) => index, (cell) => this.cell(cell, log, first, repeated?.has(cell.index) ?? false))}
      ${gone.map((cell) => html`<span class="gone" title="overwritten: ${cell.text}" aria-hidden="true" ${styled(at(cell.index, first))}>${brief(cell.text)}</span>`)}
      ${this.marks(log, progress, first)}
      ${lastIndex(log) < this.inSight(first) ? html`<span class="behind" role="cell">${lastIndex(log) === 0 ? "empty" : `ends at ${lastIndex(log)}`}</span>` : nothing}
    </div>`;
  }

  private cell(cell: Cell, log: LogView, first: number, repeated: boolean): TemplateResult {
    const committed = cell.index <= log.commit_index;
    const words = `index ${cell.index}, ${epochWords(this.run.catalogue, cell.epoch)}, ${cell.text}, ${committed ? "committed" : "not committed"}${repeated ? "; retried: it stands further up, too, and is applied once" : ""}`;
    return html`<span
      class="cell ${committed ? "" : "open"}"
      role="cell"
      aria-label=${words}
      title=${words}
      data-index=${cell.index}
      data-epoch=${cell.epoch}
      data-committed=${committed}
      ${styled({ left: `${offset(cell.index, first)}px`, "--term": termToken(cell.epoch) })}
      >${repeated ? "↻" : ""}${brief(cell.text)}</span
    >`;
  }

  private snapshot(log: LogView, first: number): TemplateResult {
    const covered = Math.max(0, log.snapshot_index - first + 1);
    const words = `snapshot up to index ${log.snapshot_index}`;
    return covered === 0
      ? html``
      : html`<span
          class="cell snapshot"
          role="cell"
          title=${words}
          aria-label=${words}
          ${styled({ left: `${offset(first, first)}px`, width: `${covered * CELL - 4}px` })}
          >…${log.snapshot_index}</span
        >`;
  }

  private marks(log: LogView, progress: Progress | undefined, first: number): TemplateResult {
    const mark = (index: number, shift: number, kind: string, sign: string, words: string): TemplateResult | typeof nothing =>
      index < first
        ? nothing
        : html`<span class="mark ${kind}" title=${words} ${styled({ left: `${offset(index, first) + shift}px` })} aria-hidden="true">${sign}</span>`;
    return html`${mark(log.last_applied, CELL - 14, "applied", "●", `applied up to ${log.last_applied}`)}
    ${progress === undefined || progress.match === null ? nothing : mark(progress.match, 16, "match", "▲", `match index ${progress.match}`)}
    ${progress === undefined || progress.next === null ? nothing : mark(progress.next, 3, "next", "△", `next index ${progress.next}`)}`;
  }
}

const offset = (index: number, first: number): number => NAMES + (index - first) * CELL;

const at = (index: number, first: number): Record<string, string> => ({ left: `${offset(index, first)}px` });

/** The first index a row must show: a snapshot is shown as one block in the place of its last entry. */
function firstIndex(log: LogView): number {
  return Math.max(1, Math.min(log.snapshot_index, log.cells[0]?.index ?? log.snapshot_index));
}

function lastIndex(log: LogView | null): number {
  return log === null ? 0 : (log.cells.at(-1)?.index ?? log.snapshot_index);
}
