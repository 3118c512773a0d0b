// How the diagram is drawn, and what of it: in the rail of the whole page, so that nothing stands above the canvas.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { DRAWING_EVENT, namesOf, perform } from "../../commands/perform.js";
import type { DrawingOrder } from "../../commands/perform.js";
import { shortcuts, titleOf } from "../../commands/table.js";
import type { Topic } from "../../engine/emitter.js";
import { groupControls } from "../groups.js";
import { Panel, base } from "../panel.js";
import { direction, heartbeats, legendButton, spacing, zoomButtons } from "./tools.js";

const viewToolsStyles = css`
  section {
    display: grid;
    gap: 0;
    position: relative;
    padding: 6px var(--s1) 6px 20px;
    border-top: 1px solid var(--rule);
  }

  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    margin-left: -6px;
  }

  button,
  .segmented button {
    min-height: 24px;
    margin: 0;
    padding: 0 6px;
    font-size: var(--size-s);
    color: var(--ink-2);
    background: none;
    border-color: transparent;
    border-radius: var(--radius-s);
  }

  button.icon {
    min-width: 24px;
    padding: 0;
  }

  button.icon svg {
    width: 14px;
    height: 14px;
  }

  button:hover {
    color: var(--ink);
  }

  button[aria-pressed="true"],
  button[aria-expanded="true"],
  .segmented button[aria-pressed="true"] {
    color: var(--ink);
    font-weight: 600;
    background: none;
    border-color: transparent;
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 4px;
  }

  .fold {
    margin-left: auto;
  }
`;

@customElement("playground-view-tools")
export class PlaygroundViewTools extends Panel {
  static override styles = [base, viewToolsStyles];

  protected readonly topics: readonly Topic[] = ["looks", "drawn", "scenario", "arrangement"];
  protected override readonly pace = 200;

  constructor() {
    super();
    groupControls(this);
  }

  protected override content(): TemplateResult {
    const { run } = this;
    return html`<section aria-label="How the diagram is drawn" data-group>
      <div class="line" role="group" aria-label="On the stage">${this.stage("diagram", "Diagram")} ${this.stage("cluster", "Cluster")}
        <button class="fold" aria-label="Fold the rail" title=${titleOf("rail", run, namesOf(run))} aria-keyshortcuts=${shortcuts("rail")} @click=${() => run.view.arrange({ rail: false })}>«</button>
      </div>
      ${run.view.arrangement.stage === "cluster" ? nothing : this.ofDiagram()}
    </section>`;
  }

  private stage(stage: "diagram" | "cluster", words: string): TemplateResult {
    const { view } = this.run;
    return html`<button aria-pressed=${view.arrangement.stage === stage} title=${titleOf("cluster", this.run, namesOf(this.run))} aria-keyshortcuts=${shortcuts("cluster")} @click=${() => view.arrange({ stage })}>${words}</button>`;
  }

  private ofDiagram(): TemplateResult {
    const { run } = this;
    const { drawn } = run.view;
    const zoom = (id: "zoom-in" | "zoom-out" | "fit") => (): void => this.attempt(() => perform(id, run));
    return html`<div class="line">${direction(run)}</div>
      <div class="line">${spacing(run)}
        ${legendButton(() => order("legend"), drawn.legend)}
      </div>
      <div class="line" role="group" aria-label="Zoom">
        ${zoomButtons({ out: zoom("zoom-out"), in: zoom("zoom-in"), fit: zoom("fit"), follow: () => order("follow") }, drawn.follows)}
      </div>
      <div class="line">${heartbeats(run, drawn.heartbeats)}</div>
      <span id="range" class="out-of-sight">${drawn.range}</span>`;
  }
}

function order(what: DrawingOrder): void {
  window.dispatchEvent(new CustomEvent<DrawingOrder>(DRAWING_EVENT, { detail: what }));
}
