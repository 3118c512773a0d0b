// The replicas' logs, each operation with its viewstamp, and beside each log what its replica is and how far it has
// come; or all that the replicas know besides.

import { html } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { brief } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { LogView, NodeView } from "../../engine/engine.js";
import { LogPanel, lastIndex } from "../../views/log/log-panel.js";
import type { Cell, Columns } from "../../views/log/log-panel.js";
import { base } from "../../views/panel.js";
import { replicasTable } from "./replicas.js";
import { standing } from "./standing.js";
import { MEASURES, viewstampedStyles } from "./styles.js";

@customElement("playground-viewstamped")
export class PlaygroundViewstamped extends LogPanel {
  static override styles = [base, viewstampedStyles];

  protected override readonly topics: readonly Topic[] = ["time", "records", "scenario", "playing", "selection"];
  protected readonly measures = MEASURES;
  protected readonly name = "Logs";
  protected readonly rowName = "Replica";
  protected readonly legend = html`view.number below: the viewstamp · solid: known to be committed · dashed: not yet · ● carried out`;
  protected readonly emptyWords = "The logs are empty.";
  protected readonly emptyRowWords = "empty";

  @state() private shows: "logs" | "replicas" = "logs";

  protected firstOf(logs: readonly LogView[]): number {
    const firsts = logs.filter((log) => lastIndex(log) > 0).map(({ snapshot_index }) => snapshot_index);
    return Math.max(1, firsts.length === 0 ? 1 : Math.min(...firsts));
  }

  protected prepare(): void {
    // A cell says nothing that is not in its own log.
  }

  protected override choice(): TemplateResult {
    const tab = (name: "logs" | "replicas", title: string): TemplateResult => html`<button aria-pressed=${this.shows === name} @click=${() => (this.shows = name)}>${title}</button>`;
    return html`<div class="segmented" role="group" aria-label="Show">${tab("logs", "Operations")}${tab("replicas", "Replicas")}</div>`;
  }

  protected override content(): TemplateResult {
    return this.shows === "logs"
      ? super.content()
      : html`<section aria-labelledby="title">
          <div class="head"><h2 id="title">${this.name}</h2> ${this.choice()}</div>
          <div class="scroll" tabindex="0" role="group" aria-label="${this.name}, scrollable">${replicasTable(this.run)}</div>
        </section>`;
  }

  protected heading(index: number, columns: Columns): TemplateResult {
    return html`<span class="index" role="columnheader" ${styled(this.at(index, columns))}>${index}</span>`;
  }

  protected row(node: NodeView, columns: Columns): TemplateResult {
    const { log } = node;
    const cells = (log?.cells ?? []).filter(({ index }) => index >= columns.from && index <= columns.to);
    const dropped = log?.snapshot_index ?? 0;
    const words = `a checkpoint stands for the operations up to ${dropped}`;
    return html`<div class="line" role="row" data-testid="log-row" data-node=${node.name} data-commit=${log?.commit_index ?? 0} data-last=${lastIndex(log)}>
      ${this.standing(node)} ${this.foldedCell(dropped, "folded", words, html`<b>…${dropped}</b>`, columns)}
      ${repeat(cells, ({ index }) => index, (cell) => this.cell(node, cell, columns))} ${this.endNote(log, columns)}
    </div>`;
  }

  /** Who it is and in which view; under it its op-number and commit-number, or what keeps it from taking part. */
  private standing(node: NodeView): TemplateResult {
    const { name, role, epoch, condition } = node;
    const { status, op, commit, isNormal, knows } = standing(node);
    const crown = role === "primary" && condition !== "down" ? "leads" : "";
    // The commit-number is in memory only.
    const words = [`${name}: ${status}`, ...(knows ? [`view ${epoch}`, `op-number ${op}`] : []), ...(knows && condition !== "down" ? [`commit-number ${commit}`] : [])].join(", ");
    const below = isNormal ? `op ${op} commit ${commit}` : status;
    return html`<span class="name ${crown} ${condition}" role="rowheader" title=${words} aria-label=${words} data-status=${status} data-view=${epoch} ${styled({ "--term": termToken(epoch) })}
      ><b>${name}</b>${knows ? html`<span class="view">view ${epoch}</span>` : ""}<small>${below}</small></span
    >`;
  }

  private cell({ name, condition, log }: NodeView, cell: Cell, columns: Columns): TemplateResult {
    const knows = condition !== "down" && log !== null;
    const isCommitted = knows && cell.index <= log.commit_index;
    const isCarriedOut = knows && cell.index <= log.last_applied;
    const words = `operation ${cell.index} of view ${cell.epoch}: ${cell.text}; ${name} ${isCommitted ? "knows that it is committed" : "does not know it to be committed"}${isCarriedOut ? " and has carried it out" : ""}`;
    return html`<span
      class="cell ${isCommitted ? "" : "open"}"
      role="cell"
      title=${words}
      aria-label=${words}
      data-index=${cell.index}
      data-epoch=${cell.epoch}
      data-committed=${isCommitted}
      ${styled({ ...this.at(cell.index, columns), "--term": termToken(cell.epoch) })}
      ><b>${brief(cell.text)}</b><small>${cell.epoch}.${cell.index}<i>${isCarriedOut && cell.index === log.last_applied ? "●" : ""}</i></small></span
    >`;
  }
}
