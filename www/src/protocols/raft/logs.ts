// Raft's logs: what is committed, what is not, what was overwritten, and how far the leader has come with each
// follower.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { brief } from "../../design/words.js";
import type { LogView, NodeView } from "../../engine/engine.js";
import { LogPanel, lastIndex } from "../../views/log/log-panel.js";
import type { Cell, Columns } from "../../views/log/log-panel.js";
import { base } from "../../views/panel.js";
import { epochWords, looksOf } from "../protocol.js";
import { MEASURES, logsStyles } from "./styles.js";

/** How long what was written over stays, struck out, in virtual time. */
const STAY_TICKS = 500_000;

interface Progress {
  next: number | null;
  match: number | null;
}

@customElement("playground-logs")
export class PlaygroundLogs extends LogPanel {
  static override styles = [base, logsStyles];

  protected readonly measures = MEASURES;
  protected readonly name = "Logs";
  protected readonly rowName = "Replica";
  protected readonly legend = html`solid: committed · dashed: not yet · <s>struck out</s>: overwritten · ↻ retried: applied once · ● applied · leader’s ▲ match △ next index`;
  protected readonly emptyWords = "The logs are empty.";
  protected readonly emptyRowWords = "empty";
  /** The leader's next index lies one after the last entry. */
  protected override readonly spareColumns = 1;

  private goneIndexes: readonly number[] = [];
  /** From here on two logs hold entries of different terms; 0 where none do. */
  private differsFrom = 0;
  private progress: ReadonlyMap<number, Progress> = new Map();

  /** A snapshot is shown as one block that ends at its last entry. */
  protected firstOf(logs: readonly LogView[]): number {
    const firsts = logs.map(({ snapshot_index, cells }) => Math.min(snapshot_index, cells[0]?.index ?? snapshot_index));
    return Math.max(1, firsts.length === 0 ? 1 : Math.min(...firsts));
  }

  protected prepare(nodes: readonly NodeView[]): void {
    const { run } = this;
    this.goneIndexes = nodes.flatMap(({ log }) => this.gone(log).map(({ index }) => index));

    this.differsFrom = firstDifference(nodes);
    const looks = looksOf(run.catalogue.protocol);
    const leader = nodes.filter(({ role, condition }) => looks.crowned(role) && condition !== "down").toSorted((one, other) => other.epoch - one.epoch)[0];
    this.progress = leader === undefined ? new Map() : looks.progress(leader);
  }

  /** While entries are seen to go, or logs differ, the end of the logs is not run after. */
  protected override heldIndex(): number | null {
    if (this.goneIndexes.length > 0) {
      return Math.min(...this.goneIndexes);
    }
    return this.differsFrom === 0 ? null : this.differsFrom;
  }

  protected override places(): readonly { words: string; index: number }[] {
    const { goneIndexes: gone, differsFrom: index } = this;
    return [
      ...(gone.length === 0 ? [] : [{ words: `${gone.length} overwritten`, index: Math.min(...gone) }]),
      ...(index === 0 ? [] : [{ words: `The logs differ from ${index}`, index }]),
    ];
  }

  protected heading(index: number, columns: Columns): TemplateResult {
    return html`<span class="index" role="columnheader" ${styled(this.at(index, columns))}>${index}</span>`;
  }

  protected row(node: NodeView, columns: Columns): TemplateResult {
    const { log } = node;
    if (log === null) {
      return html`<div class="line" role="row" data-testid="log-row" data-node=${node.name}>
        <span class="name" role="rowheader">${node.name}</span><span class="note" role="cell">${node.condition === "down" ? "down" : "no log"}</span>
      </div>`;
    }
    const { from, to } = columns;
    const cells = log.cells.filter(({ index }) => index >= from && index <= to);
    const repeated = looksOf(this.run.catalogue.protocol).repeated?.(node);
    const gone = this.gone(log).filter(({ index }) => index >= from && index <= to + 1);
    return html`<div class="line" role="row" data-testid="log-row" data-node=${node.name} data-commit=${log.commit_index} data-last=${lastIndex(log)}>
      ${this.nameCell(node)} ${this.foldedCell(log.snapshot_index, "snapshot", `snapshot up to index ${log.snapshot_index}`, html`…${log.snapshot_index}`, columns)}
      ${repeat(cells, ({ index }) => index, (cell) => this.cell(cell, node, columns, repeated?.has(cell.index) ?? false))}
      ${gone.map((cell) => html`<span class="gone" title="overwritten: ${cell.text}" aria-hidden="true" ${styled(this.at(cell.index, columns))}>${brief(cell.text)}</span>`)}
      ${this.marks(log, this.progress.get(node.place), columns)} ${this.endNote(log, columns)}
    </div>`;
  }

  /** What was written over a little while ago, wherever the playhead came from. */
  private gone(log: LogView | null): NonNullable<LogView["overwritten"]> {
    const { records, playhead } = this.run;
    return (log?.overwritten ?? []).filter(({ event }) => playhead.clock - records.eventTime.at(event) < STAY_TICKS);
  }

  private cell(cell: Cell, { place, log }: NodeView, columns: Columns, repeated: boolean): TemplateResult {
    const committed = cell.index <= (log?.commit_index ?? 0);
    const again = repeated ? "; retried: it stands further up, too, and is applied once" : "";
    const broken = this.brokenWords(place, cell.index);
    const words = `index ${cell.index}, ${epochWords(this.run.catalogue, cell.epoch)}, ${cell.text}, ${committed ? "committed" : "not committed"}${again}${broken}`;
    return html`<span
      class="cell ${committed ? "" : "open"} ${broken === "" ? "" : "broken"} ${this.isSelected(place, cell.index) ? "selected" : ""}"
      role="cell"
      aria-label=${words}
      title=${words}
      data-index=${cell.index}
      tabindex=${cell.index === lastIndex(log) ? 0 : -1}
      data-epoch=${cell.epoch}
      data-committed=${committed}
      ${styled({ ...this.at(cell.index, columns), "--term": termToken(cell.epoch) })}
      >${repeated ? "↻" : ""}${brief(cell.text)}</span
    >`;
  }

  /** Under the cells: what is applied, and the leader's match index and next index. */
  private marks(log: LogView, progress: Progress | undefined, columns: Columns): TemplateResult {
    const mark = (index: number | null | undefined, shift: number, kind: string, sign: string, words: string): TemplateResult | typeof nothing =>
      index === null || index === undefined || index < columns.first
        ? nothing
        : html`<span class="mark ${kind}" title="${words} ${index}" ${styled({ left: `${this.offset(index, columns) + shift}px` })} aria-hidden="true">${sign}</span>`;
    return html`${mark(log.last_applied, MEASURES.column - 14, "applied", "●", "applied up to")} ${mark(progress?.match, 16, "match", "▲", "match index")}
    ${mark(progress?.next, 3, "next", "△", "next index")}`;
  }
}

/** The first index at which two logs hold entries of different terms; 0 where there is none. */
function firstDifference(nodes: readonly NodeView[]): number {
  const terms = new Map<number, number>();
  let first = Infinity;
  for (const { log } of nodes) {
    for (const { index, epoch } of log?.cells ?? []) {
      const known = terms.get(index);
      if (known === undefined) {
        terms.set(index, epoch);
      } else if (known !== epoch && index < first) {
        first = index;
      }
    }
  }
  return Number.isFinite(first) ? first : 0;
}
