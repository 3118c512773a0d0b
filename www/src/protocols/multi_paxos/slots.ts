// The acceptors' slots: a row for each acceptor, a column for each slot. What is chosen the engine's monitor says, which reads the acceptors; what a
// server knows of it, and has applied, the server says itself.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { brief } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { LogView, NodeView, SlotView } from "../../engine/engine.js";
import { Panel, base } from "../../views/panel.js";
import { epochName, looksOf } from "../protocol.js";
import { COLUMN, NAMES, slotsStyles } from "./styles.js";

/** Columns drawn beyond either edge, so that scrolling shows no gaps. */
const MARGIN = 4;
const NO_OP = "no-op";

type Cell = LogView["cells"][number];

@customElement("playground-slots")
export class PlaygroundSlots extends Panel {
  static override styles = [base, slotsStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "playing"];
  protected override readonly pace = 120;

  @query(".scroll") private scroller!: HTMLElement;
  @state() private left = 0;
  private width = 600;
  /** Where the table scrolls to by itself: to its end, unless somebody has scrolled it. */
  private end = 0;
  private scrolledTo = -1;
  private scrolled: HTMLElement | null = null;
  private follows = true;
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

  /** Another view leads to a moment: the slots show their ends as they were then. */
  private readonly onFollow = (): void => {
    this.follows = true;
    this.scrolledTo = -1;
    this.requestUpdate();
  };

  protected override content(): TemplateResult {
    const { run } = this;
    const nodes = run.nodes().slice(0, run.catalogue.replicas);
    const start = firstSlot(nodes);
    const last = Math.max(0, ...nodes.map(({ log }) => lastSlot(log)));
    const room = Math.max(1, Math.floor((this.width - NAMES - 16) / COLUMN)) * COLUMN;
    this.end = Math.max((last - start + 1) * COLUMN - room, 0);
    const [from, to] = this.columns(start, last);
    const slots = new Map((last === 0 ? [] : run.slots(from, to)).map((slot) => [slot.slot, slot]));
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">Slots</h2>
        <span class="legend">solid: chosen · dashed: open · dotted: a gap · ▲ known to be chosen up to here · ● applied</span>
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="Slots, scrollable" @scroll=${this.onScroll}>
        <div class="table" role="table" aria-label="Slots" aria-colcount=${last + 1} ${styled({ width: `${this.end + this.width - 16}px` })}>
          ${this.top(slots, start, from, to)} ${repeat(nodes, ({ place }) => place, (node) => this.line(node, slots, start, from, to))}
        </div>
        ${last === 0 ? html`<p class="empty">Nothing has been accepted yet.</p>` : nothing}
      </div>
    </section>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // Scrolling costs a layout: only when the table grew.
    const anew = this.scroller !== this.scrolled;
    if (this.follows && (anew || this.end !== this.scrolledTo) && this.scroller instanceof HTMLElement) {
      this.scrolled = this.scroller;
      this.scrolledTo = this.end;
      this.scroller.scrollLeft = this.end;
    }
  }

  private readonly onScroll = (): void => {
    const { scrollLeft, scrollWidth, clientWidth } = this.scroller;
    this.follows = Math.abs(scrollLeft - this.scrolledTo) < 2 || scrollLeft + clientWidth >= scrollWidth - COLUMN / 2;
    this.left = scrollLeft;
  };

  /** The columns in sight. */
  private columns(first: number, last: number): [number, number] {
    const from = Math.max(first, first + Math.floor(this.left / COLUMN) - MARGIN);
    return [from, Math.min(last, from + Math.ceil(this.width / COLUMN) + 2 * MARGIN)];
  }

  private top(slots: ReadonlyMap<number, SlotView>, first: number, from: number, to: number): TemplateResult {
    const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
    return html`<div class="line top" role="row">
      <span class="name" role="columnheader"><span class="out-of-sight">Acceptor</span></span>
      ${repeat(numbers, (slot) => slot, (slot) => this.number(slot, slots.get(slot), first))}
    </div>`;
  }

  /** A slot's number, and whether it is chosen; if it is not, how many have accepted its highest ballot. */
  private number(slot: number, seen: SlotView | undefined, first: number): TemplateResult {
    const votes = seen?.accepted.at(-1)?.acceptors.length ?? 0;
    const need = Math.floor(this.run.catalogue.replicas / 2) + 1;
    const isChosen = seen !== undefined && seen.chosen !== null;
    const words = isChosen ? `slot ${slot}: ${seen.chosen} is chosen` : `slot ${slot}: open; ${votes} of the ${need} needed have accepted its highest ballot`;
    return html`<span class="index" role="columnheader" title=${words} data-testid="slot" data-slot=${slot} data-chosen=${seen?.chosen ?? ""} ${styled(at(slot, first))}
      >${slot} ${isChosen ? html`<span class="done" aria-hidden="true">✓</span><span class="out-of-sight">chosen</span>` : html`<span>${votes}/${need}</span>`}</span
    >`;
  }

  private line(node: NodeView, slots: ReadonlyMap<number, SlotView>, first: number, from: number, to: number): TemplateResult {
    const { log } = node;
    const leads = looksOf(this.run.catalogue.protocol).crowned(node.role) && node.condition !== "down";
    const last = lastSlot(log);
    const cells = new Map((log?.cells ?? []).filter(({ index }) => index >= from && index <= to).map((cell) => [cell.index, cell]));
    const forgotten = log?.snapshot_index ?? 0;
    const mine = Array.from({ length: Math.max(0, Math.min(to, last) - Math.max(from, forgotten + 1) + 1) }, (_, place) => Math.max(from, forgotten + 1) + place);
    const sight = first + Math.ceil(this.left / COLUMN);
    return html`<div class="line" role="row" data-testid="slot-row" data-node=${node.name} data-commit=${log?.commit_index ?? 0} data-last=${last}>
      <span class="name ${leads ? "leads" : ""} ${node.condition}" role="rowheader" title=${node.condition === "down" ? `${node.name} is down: this is what its disk holds` : nothing} ${styled({ "--term": termToken(node.epoch) })}
        >${node.name}</span
      >
      ${forgotten >= first && forgotten > 0 ? this.folded(forgotten, first) : nothing}
      ${repeat(mine, (slot) => slot, (slot) => this.cell(node, slot, cells.get(slot), slots.get(slot), first))}
      ${last < sight ? html`<span class="behind" role="cell">${last === 0 ? "nothing accepted" : `ends at ${last}`}</span>` : nothing}
    </div>`;
  }

  private cell(node: NodeView, slot: number, cell: Cell | undefined, seen: SlotView | undefined, first: number): TemplateResult {
    if (cell === undefined) {
      const words = `slot ${slot}: a gap; ${node.name} has accepted nothing here, but something behind it`;
      return html`<span class="cell gap" role="cell" data-testid="gap" data-slot=${slot} title=${words} aria-label=${words} ${styled(at(slot, first))}>gap</span>`;
    }
    const { log } = node;
    const isChosen = seen?.accepted.find(({ epoch }) => epoch === cell.epoch)?.is_chosen ?? false;
    const known = node.condition !== "down" && log !== null && slot <= log.commit_index;
    const applied = node.condition !== "down" && log !== null && slot <= log.last_applied;
    const ballot = epochName(this.run.catalogue, cell.epoch);
    const truth =
      isChosen ? "chosen"
      : (seen?.chosen ?? null) === null ? "open"
      : `not what is chosen here, which is ${seen?.chosen}`;
    const words = `slot ${slot}: ${cell.text}, accepted in ballot ${ballot}; ${truth}${known ? `; ${node.name} knows` : ""}${applied ? " and has applied it" : ""}`;
    const mark = log === null || node.condition === "down" ? "" : `${slot === log.commit_index ? "▲" : ""}${slot === log.last_applied ? "●" : ""}`;
    return html`<span
      class="cell ${isChosen ? "" : "open"} ${cell.text === NO_OP ? "idle" : ""}"
      role="cell"
      data-testid="accepted-slot"
      data-slot=${slot}
      data-chosen=${isChosen}
      title=${words}
      aria-label=${words}
      ${styled({ ...at(slot, first), "--term": termToken(cell.epoch) })}
      ><b>${brief(cell.text)}</b><small>${ballot}<i>${mark}</i></small></span
    >`;
  }

  /** Slots that were applied and forgotten: the saved state stands for them. */
  private folded(last: number, first: number): TemplateResult {
    const words = `the slots up to ${last} are forgotten: the saved state stands for them`;
    const width = (last - first + 1) * COLUMN - 4;
    return html`<span class="cell folded" role="cell" title=${words} aria-label=${words} ${styled({ ...at(first, first), width: `${width}px` })}><b>…${last}</b></span>`;
  }
}

const at = (slot: number, first: number): Record<string, string> => ({ left: `${NAMES + (slot - first) * COLUMN}px` });

/** The first column: where slots are forgotten, the last of them stands for all. */
function firstSlot(nodes: readonly NodeView[]): number {
  const firsts = nodes.flatMap(({ log }) => (log === null || lastSlot(log) === 0 ? [] : [log.snapshot_index]));
  return Math.max(1, firsts.length === 0 ? 1 : Math.min(...firsts));
}

/** The last slot in which an acceptor has accepted anything, or the last one that it has forgotten. */
function lastSlot(log: LogView | null): number {
  return log === null ? 0 : (log.cells.at(-1)?.index ?? log.snapshot_index);
}
