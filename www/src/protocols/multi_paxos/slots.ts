// The acceptors' slots: a row for each acceptor, a column for each slot. What is chosen the engine's monitor says,
// which reads the acceptors; what a server knows of it, and has applied, the server says itself.

import { html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { brief } from "../../design/words.js";
import type { LogView, NodeView, SlotView } from "../../engine/engine.js";
import { LogPanel, lastIndex } from "../../views/log/log-panel.js";
import type { Cell, Columns } from "../../views/log/log-panel.js";
import { base } from "../../views/panel.js";
import { epochName } from "../protocol.js";
import { MEASURES, slotsStyles } from "./styles.js";

const NO_OP = "no-op";

@customElement("playground-slots")
export class PlaygroundSlots extends LogPanel {
  static override styles = [base, slotsStyles];

  protected readonly measures = MEASURES;
  protected readonly name = "Slots";
  protected readonly rowName = "Acceptor";
  protected readonly legend = html`solid: chosen · dashed: open · dotted: a gap · ▲ known to be chosen up to here · ● applied`;
  protected readonly emptyWords = "Nothing has been accepted yet.";
  protected readonly emptyRowWords = "nothing accepted";

  private slots: ReadonlyMap<number, SlotView> = new Map();

  /**
   * Where slots are forgotten, the last of them stands for all. An acceptor that has accepted nothing has forgotten
   * nothing.
   */
  protected firstOf(logs: readonly LogView[]): number {
    const firsts = logs.filter((log) => lastIndex(log) > 0).map(({ snapshot_index }) => snapshot_index);
    return Math.max(1, firsts.length === 0 ? 1 : Math.min(...firsts));
  }

  protected prepare(_: readonly NodeView[], { last, from, to }: Columns): void {
    this.slots = new Map((last === 0 ? [] : this.run.moment.slots(from, to)).map((slot) => [slot.slot, slot]));
  }

  /** A slot's number, and whether it is chosen; if it is not, how many have accepted its highest ballot. */
  protected heading(slot: number, columns: Columns): TemplateResult {
    const seen = this.slots.get(slot);
    const votes = seen?.accepted.at(-1)?.acceptors.length ?? 0;
    const need = Math.floor(this.run.catalogue.replicas / 2) + 1;
    const isChosen = seen !== undefined && seen.chosen !== null;
    const words = isChosen ? `slot ${slot}: ${seen.chosen} is chosen` : `slot ${slot}: open; ${votes} of the ${need} needed have accepted its highest ballot`;
    return html`<span class="index" role="columnheader" title=${words} data-testid="slot" data-slot=${slot} data-chosen=${seen?.chosen ?? ""} ${styled(this.at(slot, columns))}
      >${slot} ${isChosen ? html`<span class="done" aria-hidden="true">✓</span><span class="out-of-sight">chosen</span>` : html`<span>${votes}/${need}</span>`}</span
    >`;
  }

  protected row(node: NodeView, columns: Columns): TemplateResult {
    const { log } = node;
    const last = lastIndex(log);
    const forgotten = log?.snapshot_index ?? 0;
    const from = Math.max(columns.from, forgotten + 1);
    const to = Math.min(columns.to, last);
    const cells = new Map((log?.cells ?? []).filter(({ index }) => index >= from && index <= to).map((cell) => [cell.index, cell]));
    const slots = Array.from({ length: Math.max(0, to - from + 1) }, (_, ordinal) => from + ordinal);
    const words = `the slots up to ${forgotten} are forgotten: the saved state stands for them`;
    return html`<div class="line" role="row" data-testid="slot-row" data-node=${node.name} data-commit=${log?.commit_index ?? 0} data-last=${last}>
      ${node.condition === "down" ? this.nameCell(node, `${node.name} is down: this is what its disk holds`) : this.nameCell(node)}
      ${this.foldedCell(forgotten, "folded", words, html`<b>…${forgotten}</b>`, columns)}
      ${repeat(slots, (slot) => slot, (slot) => this.cell(node, slot, cells.get(slot), columns))} ${this.endNote(log, columns)}
    </div>`;
  }

  private cell(node: NodeView, slot: number, cell: Cell | undefined, columns: Columns): TemplateResult {
    if (cell === undefined) {
      const words = `slot ${slot}: a gap; ${node.name} has accepted nothing here, but something after it`;
      return html`<span class="cell gap" role="cell" data-testid="gap" data-slot=${slot} title=${words} aria-label=${words} ${styled(this.at(slot, columns))}>gap</span>`;
    }
    const { log } = node;
    const seen = this.slots.get(slot);
    const isChosen = seen?.accepted.find(({ epoch }) => epoch === cell.epoch)?.is_chosen ?? false;
    const known = node.condition !== "down" && log !== null && slot <= log.commit_index;
    const applied = node.condition !== "down" && log !== null && slot <= log.last_applied;
    const ballot = epochName(this.run.catalogue, cell.epoch);
    const truth =
      isChosen ? "chosen"
      : (seen?.chosen ?? null) === null ? "open"
      : `not what is chosen here, which is ${seen?.chosen}`;
    const broken = this.brokenWords(node.place, slot);
    const words = `slot ${slot}: ${cell.text}, accepted in ballot ${ballot}; ${truth}${known ? `; ${node.name} knows` : ""}${applied ? " and has applied it" : ""}${broken}`;
    const mark = log === null || node.condition === "down" ? "" : `${slot === log.commit_index ? "▲" : ""}${slot === log.last_applied ? "●" : ""}`;
    return html`<span
      class="cell ${isChosen ? "" : "open"} ${cell.text === NO_OP ? "idle" : ""} ${broken === "" ? "" : "broken"} ${this.isSelected(node.place, slot) ? "selected" : ""}"
      role="cell"
      data-testid="accepted-slot"
      data-slot=${slot}
      data-index=${slot}
      tabindex=${slot === lastIndex(log) ? 0 : -1}
      data-chosen=${isChosen}
      title=${words}
      aria-label=${words}
      ${styled({ ...this.at(slot, columns), "--term": termToken(cell.epoch) })}
      ><b>${brief(cell.text)}</b><small>${ballot}<i>${mark}</i></small></span
    >`;
  }
}
