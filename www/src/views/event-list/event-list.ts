// The diagram's accessible twin: every event as a row of a grid, with the same selection. Only the rows in sight exist.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { count, list, seconds } from "../../design/words.js";
import { FLAG, NOBODY, NONE } from "../../engine/codes.js";
import type { Topic } from "../../engine/emitter.js";
import { looksOf } from "../../protocols/protocol.js";
import { Panel, base } from "../panel.js";
import { EventFilter, isCommand, lossWords, spokenOf } from "./filter.js";
import { ROW, eventListStyles } from "./styles.js";

const MARGIN = 6;

const valueOf = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;

@customElement("playground-event-list")
export class PlaygroundEventList extends Panel {
  static override styles = [base, eventListStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "verdict"];
  protected override readonly pace = 150;

  @query(".grid") private grid!: HTMLElement;
  @state() private top = 0;
  @state() private node = -1;
  @state() private kind = "";
  @state() private text = "";
  private readonly filter = new EventFilter();
  /** Whether the playhead is kept in sight: until somebody scrolls away from it. */
  private follows = true;
  /** Where the list itself has scrolled to. */
  private scrolledTo = 0;
  private generation = -1;
  private shownSelection: unknown = null;

  protected override content(): TemplateResult {
    const { run } = this;
    const rows = this.filter.rows(run, { node: this.node, kind: this.kind, text: this.text });
    const height = this.grid instanceof HTMLElement ? this.grid.clientHeight : 600;
    const first = Math.max(0, Math.floor(this.top / ROW) - MARGIN);
    const shown = Array.from(rows.subarray(first, first + Math.ceil(height / ROW) + 2 * MARGIN));
    run.labels.want(shown.map((event) => spokenOf(run, event)).filter((message) => message !== NONE));
    return html`<section aria-label="Events">
      ${this.filters(rows.length)}
      <div class="grid" role="grid" aria-label="Events" aria-rowcount=${rows.length + 1} tabindex=${rows.length === 0 ? 0 : -1} @scroll=${this.onScroll} @keydown=${this.onKey}>
        <div class="event heading" role="row" aria-rowindex="1">
          ${["Event", "Time", "At", "What happened", "Sent"].map((name) => html`<span role="columnheader">${name}</span>`)}
        </div>
        <div class="body" role="rowgroup" ${styled({ height: `${rows.length * ROW}px` })}>
          ${shown.map((event, ordinal) => this.row(event, first + ordinal, rows))}
        </div>
      </div>
    </section>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.grid instanceof HTMLElement) {
      this.keepInSight();
    }
  }

  /** A new selection is brought into sight; without one, the playhead is. */
  private keepInSight(): void {
    const { run } = this;
    const selected = this.selectedEvent();
    const anew = run.view.selection !== this.shownSelection;
    if (this.generation !== run.records.generation) {
      this.generation = run.records.generation;
      this.follows = true;
    }
    this.shownSelection = run.view.selection;
    if (anew && selected !== null) {
      this.scrollToRow(this.filter.ordinalOf(selected));
    } else if (this.follows && selected === null) {
      this.scrollToRow(Math.max(0, this.filter.ordinalOf(run.status.cursor - 1)));
    }
  }

  private scrollToRow(ordinal: number): void {
    const top = ordinal * ROW;
    const { scrollTop, clientHeight } = this.grid;
    if (ordinal >= 0 && (top < scrollTop || top > scrollTop + clientHeight - 3 * ROW)) {
      this.grid.scrollTop = Math.max(0, top - clientHeight / 2);
      this.scrolledTo = this.grid.scrollTop;
      this.top = this.scrolledTo;
    }
  }

  private isInSight(ordinal: number): boolean {
    const { scrollTop, clientHeight } = this.grid;
    return ordinal * ROW >= scrollTop && (ordinal + 2) * ROW <= scrollTop + clientHeight + 1;
  }

  private selectedEvent(): number | null {
    const { records } = this.run;
    const { selection } = this.run.view;
    if (selection?.kind === "event") return selection.event;
    if (selection?.kind === "message") return records.messageEvent.at(selection.message);
    return null;
  }

  private readonly onScroll = (): void => {
    this.top = this.grid.scrollTop;
    const isOwn = Math.abs(this.top - this.scrolledTo) <= 1;
    if (!isOwn || !this.follows) {
      this.follows = this.isInSight(this.filter.ordinalOf(this.run.status.cursor - 1));
    }
  };

  private filters(number: number): TemplateResult {
    const { catalogue } = this.run;
    const kinds = [...catalogue.input_kinds.filter((kind) => kind !== "message"), ...catalogue.message_kinds];
    const losses = catalogue.message_fates.filter((fate) => fate !== "delivered");
    return html`<div class="filters" role="group" aria-label="Filter the events">
      <label>at<select aria-label="Process" @change=${(event: Event) => (this.node = Number(valueOf(event)))}>
        <option value="-1">all processes</option>
        ${catalogue.processes.map((name, process) => html`<option value=${process}>${name}</option>`)}
      </select></label>
      <label>of kind<select aria-label="Kind" @change=${(event: Event) => (this.kind = valueOf(event))}>
        <option value="">all kinds</option>
        ${[...new Set(kinds)].map((kind) => html`<option value=${kind}>${kind}</option>`)}
        <optgroup label="sent a message that was">
          ${losses.map((fate) => html`<option value=${fate}>${fate}</option>`)}
        </optgroup>
      </select></label>
      <label>with<input type="search" aria-label="Text" placeholder="text" .value=${this.text} @input=${(event: Event) => (this.text = valueOf(event))} /></label>
      <span class="soft" role="status">${count(number, "event")}</span>
    </div>`;
  }

  private row(event: number, ordinal: number, rows: Uint32Array): TemplateResult {
    const { run } = this;
    const { records } = run;
    const node = records.eventNode.at(event);
    const selected = this.selectedEvent();
    const isSelected = selected === event;
    const hasStop = isSelected || (selected === null || this.filter.ordinalOf(selected) < 0 ? event === this.stop(rows) : false);
    const violation = (records.eventFlags.at(event) & FLAG.violation) !== 0 || run.moment.violated().has(event);
    const sent = this.sent(event);
    return html`<div
      class="event ${event >= run.status.cursor ? "future" : ""}"
      role="row"
      aria-rowindex=${ordinal + 2}
      aria-selected=${isSelected}
      tabindex=${hasStop ? 0 : -1}
      data-testid="event-row"
      data-event=${event}
      ${styled({ top: `${ordinal * ROW}px`, "--term": node === NOBODY || !run.isReplica(node) ? "var(--rule-strong)" : termToken(records.eventEpoch.at(event)) })}
      @click=${() => this.choose(event)}
    >
      <span role="gridcell" class="mono">${event}</span>
      <span role="gridcell" class="mono">${seconds(records.eventTime.at(event))}</span>
      <span role="gridcell"><b>${node === NOBODY ? "" : run.name(node)}</b></span>
      <span role="gridcell" class=${violation ? "violation" : ""}>${violation ? html`<span aria-hidden="true">◆ </span><span class="out-of-sight">violation: </span>` : nothing}${this.filter.words(run, event)}${this.isRejected(event) ? " ⊘ thrown away" : ""}</span>
      <span role="gridcell" class="soft" title=${sent}>${sent}</span>
    </div>`;
  }

  /** The row that the Tab key stops at where nothing is selected. */
  private stop(rows: Uint32Array): number {
    const near = this.filter.ordinalOf(this.run.status.cursor - 1);
    const first = Math.max(0, Math.floor(this.top / ROW));
    const height = this.grid instanceof HTMLElement ? this.grid.clientHeight : 600;
    const inSight = near >= first && near <= first + height / ROW;
    return rows[inSight ? near : first] ?? NONE;
  }

  private sent(event: number): string {
    const { records, catalogue } = this.run;
    // A command that is handed to a client is no message on the network.
    const own = isCommand(this.run, event) ? 1 : 0;
    const number = records.eventMessages.at(event) - own;
    if (number === 0) {
      return "";
    }
    const kind = catalogue.message_kinds[records.messageKind.at(records.eventFirstMessage.at(event) + own)] ?? "";
    const losses = lossWords(this.run, event);
    return `${number === 1 ? kind : `${number} × ${kind}`}${losses === "" ? "" : `; ✕ ${losses}`}${this.lies(event)}`;
  }

  /** To whom a liar lied, and from whom it kept something back. */
  private lies(event: number): string {
    const { records, catalogue } = this.run;
    const first = records.eventFirstMessage.at(event);
    const lies = Array.from({ length: records.eventMessages.at(event) }, (_, ordinal) => first + ordinal).filter((message) => records.isLie(message));
    const withheld = catalogue.message_fates.indexOf("withheld");
    const names = (kept: boolean): string => list(lies.filter((message) => (records.messageFate.at(message) === withheld) === kept).map((message) => this.run.name(records.messageTo.at(message))));
    return `${names(false) === "" ? "" : `; ≠ lies to ${names(false)}`}${names(true) === "" ? "" : `; nothing to ${names(true)}`}`;
  }

  /** Whether a process threw away what it got. */
  private isRejected(event: number): boolean {
    const { records, catalogue } = this.run;
    const node = records.eventNode.at(event);
    const rule = node !== NOBODY && this.run.isReplica(node) ? catalogue.replica_rules[records.eventRule.at(event)] : undefined;
    return rule !== undefined && (looksOf(catalogue.protocol).rejections?.includes(rule.name) ?? false);
  }

  private choose(event: number): void {
    this.run.view.select({ kind: "event", event });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`[data-event="${event}"]`)?.focus({ preventScroll: true }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const rows = this.filter.last;
    const page = Math.max(1, Math.floor(this.grid.clientHeight / ROW) - 2);
    const moves: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    if (event.key === "Enter") {
      const selected = this.selectedEvent();
      if (selected !== null) {
        event.preventDefault();
        this.attempt(() => this.run.playhead.seek(selected + 1));
      }
      return;
    }
    if (move === undefined || rows.length === 0) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const from = this.filter.ordinalOf(this.selectedEvent() ?? this.stop(rows));
    const to = Math.max(0, Math.min(rows.length - 1, from + move));
    this.scrollToRow(to);
    this.choose(rows[to] ?? 0);
  };
}

