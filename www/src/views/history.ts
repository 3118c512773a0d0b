// The clients' operations in real order, the points where they may have taken effect, and what was going wrong meanwhile.

import { css, html, nothing, svg } from "lit";
import type { PropertyValues, SVGTemplateResult, TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { icons } from "../design/icons.js";
import { termToken } from "../design/palette.js";
import { styled } from "../design/styled.js";
import type { Topic } from "../engine/emitter.js";
import type { OperationView, Verdict } from "../engine/engine.js";
import { looksOf } from "../protocols/protocol.js";
import { Panel, base } from "./panel.js";
import { responsibleFor } from "./responsible.js";
import "./invariants.js";

const ROW = 32;
const HEAD = 78;
const FAULTS = 38;
/** Pixels that a middling operation should take, so that its text fits. */
const TYPICAL_PX = 104;
/** Most bars in a client's row. */
const SHOWN_MAX = 300;
const SCALE = { min: 20 / 1_000_000, max: 6_000 / 1_000_000 };

@customElement("playground-history")
export class PlaygroundHistory extends Panel {
  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-direction: column;
        height: 100%;
        padding: var(--s2) var(--s3) 0 var(--s4);
      }

      .head {
        display: flex;
        gap: var(--s2);
        align-items: center;
        min-height: 26px;
      }

      .head .segmented button {
        min-height: 24px;
        font-size: var(--size-s);
      }

      .tools {
        display: flex;
        gap: 2px;
        margin-left: auto;
      }

      .tools button {
        min-width: 26px;
        min-height: 26px;
      }

      .reason {
        display: flex;
        gap: var(--s2);
        align-items: center;
        padding: var(--s1) 0;
        font: var(--size-m) / 1.4 var(--serif);
        color: var(--bad);
      }

      .scroll {
        flex: 1;
        min-height: 0;
        overflow: hidden auto;
        margin-top: var(--s1);
      }

      .rows {
        position: relative;
        overflow: hidden;
        touch-action: pan-y;
      }

      .client {
        position: relative;
        height: ${ROW}px;
        border-bottom: 1px solid var(--rule);
      }

      .label {
        position: absolute;
        z-index: 3;
        width: ${HEAD - 6}px;
        height: ${ROW - 1}px;
        padding-top: 3px;
        background: var(--paper);
        font-weight: 600;
        font-size: var(--size-s);
        line-height: 1.15;
      }

      .label small {
        display: block;
        font-weight: 400;
        font-size: 10px;
        color: var(--ink-2);
        white-space: nowrap;
      }

      .operation {
        position: absolute;
        top: 5px;
        height: 21px;
        min-height: 0;
        min-width: 3px;
        padding: 0 5px;
        overflow: hidden;
        text-align: left;
        text-overflow: ellipsis;
        font: var(--size-xs) / 19px var(--mono);
        background: var(--raised);
        border: 1px solid var(--rule-strong);
        border-radius: var(--radius-s);
      }

      .operation.pending,
      .operation.unknown {
        border-style: dashed;
        border-right: 0;
        border-radius: var(--radius-s) 0 0 var(--radius-s);
        color: var(--ink-2);
        background: linear-gradient(90deg, var(--raised) 60%, transparent);
      }

      .operation.failed {
        color: var(--ink-2);
        text-decoration: line-through;
        border-style: dotted;
      }

      .operation.blamed {
        color: var(--bad);
        border-color: var(--bad);
        border-width: 2px;
      }

      .operation[aria-pressed="true"] {
        border-color: var(--ink);
        box-shadow: 0 0 0 1px var(--ink);
        z-index: 2;
      }

      .points {
        position: absolute;
        inset: 0;
        z-index: 1;
        width: 100%;
        height: 100%;
        pointer-events: none;
      }

      .points polyline {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1;
        opacity: 0.55;
      }

      .points circle {
        fill: var(--ink);
        stroke: var(--paper);
      }

      .playhead {
        stroke: var(--ink);
        stroke-dasharray: 1 3;
      }

      .faults {
        position: relative;
        height: ${FAULTS}px;
      }

      .reign {
        position: absolute;
        top: 4px;
        height: 15px;
        padding: 0 4px;
        overflow: hidden;
        white-space: nowrap;
        font: 10px/15px var(--sans);
        color: var(--ink);
        border-left: 2px solid var(--term);
        background: color-mix(in oklab, var(--term) 22%, var(--paper));
      }

      .cut {
        position: absolute;
        top: 21px;
        height: 14px;
        padding: 0 4px;
        overflow: hidden;
        white-space: nowrap;
        font: 10px/14px var(--sans);
        color: var(--bad);
        border-left: 2px solid var(--bad);
        background: color-mix(in oklab, var(--bad) 12%, var(--paper));
      }

      .fault {
        position: absolute;
        top: 20px;
        font: 10px/14px var(--sans);
        color: var(--bad);
        background: var(--paper);
        white-space: nowrap;
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "playing"];
  protected override readonly pace = 90;

  @query(".rows") private rows!: HTMLElement;
  @state() private tab: "history" | "invariants" = "history";
  /** Pixels a tick; null until there are operations to judge by. */
  @state() private scale: number | null = null;
  @state() private start = 0;
  @state() private follows = true;
  private width = 500;
  private generation = -1;
  private readonly resizing = new ResizeObserver(() => {
    this.width = Math.max(120, this.clientWidth - 28 - HEAD);
    this.requestUpdate();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { generation } = this.run.records;
    if (generation !== this.generation) {
      this.generation = generation;
      this.scale = null;
      this.follows = true;
    }
  }

  protected override content(): TemplateResult {
    const { run } = this;
    const broken = run.invariants().filter((invariant) => invariant.broken !== null).length;
    return html`<section aria-label="Clients">
      <div class="head">
        <div class="segmented" role="group" aria-label="What to show">
          <button aria-pressed=${this.tab === "history"} @click=${() => (this.tab = "history")}>Clients</button>
          <button aria-pressed=${this.tab === "invariants"} @click=${() => (this.tab = "invariants")}>
            Invariants${broken === 0 ? "" : ` (${broken} broken)`}
          </button>
        </div>
        ${this.tab === "history" ? this.tools() : nothing}
      </div>
      ${this.tab === "history" ? this.history() : html`<playground-invariants class="scroll" .run=${run}></playground-invariants>`}
    </section>`;
  }

  private tools(): TemplateResult {
    const zoom = (factor: number) => (): void => this.zoom(factor, this.width / 2);
    return html`<div class="tools">
      <button class="quiet icon" aria-label="Zoom the history in" @click=${zoom(1.5)}>${icons.zoomIn}</button>
      <button class="quiet icon" aria-label="Zoom the history out" @click=${zoom(1 / 1.5)}>${icons.zoomOut}</button>
      <button class="quiet icon" aria-label="Follow the playhead" aria-pressed=${this.follows} ?disabled=${this.follows} @click=${() => (this.follows = true)}>
        ${icons.end}
      </button>
    </div>`;
  }

  private history(): TemplateResult {
    const { run } = this;
    const operations = run.operations();
    const verdict = run.verdict();
    this.settle(operations);
    const { catalogue } = run;
    const clients = catalogue.processes.map((_, place) => place).slice(catalogue.replicas);
    return html`${this.reason(verdict, operations)}
      <div class="scroll">
        <div class="rows" role="group" aria-label="Operations" @wheel=${this.onWheel} @pointerdown=${this.onDrag} @pointermove=${this.onDrag}>
          ${clients.map((client) => this.client(client, verdict))} ${this.points(operations, verdict, catalogue.replicas, clients.length)}
          ${this.faults()}
        </div>
      </div>`;
  }

  // The span of time in view

  private settle(operations: readonly OperationView[]): void {
    if (this.scale === null) {
      const spans = operations.slice(0, 200).flatMap(({ invoked_at, completed_at }) => (completed_at === null ? [] : [completed_at - invoked_at])).toSorted((one, other) => one - other);
      const middle = spans[Math.floor(spans.length / 2)];
      if (middle === undefined) {
        return;
      }
      this.scale = Math.min(SCALE.max, Math.max(SCALE.min, TYPICAL_PX / Math.max(1, middle)));
    }
    if (this.follows) {
      this.start = Math.max(0, this.run.clock - (this.width * 0.86) / this.scale);
    }
  }

  private get perTick(): number {
    return this.scale ?? 600 / 1_000_000;
  }

  private x(time: number): number {
    return HEAD + (time - this.start) * this.perTick;
  }

  private get end(): number {
    return this.start + this.width / this.perTick;
  }

  private zoom(factor: number, at: number): void {
    const time = this.start + at / this.perTick;
    this.scale = Math.min(SCALE.max, Math.max(SCALE.min, this.perTick * factor));
    if (!this.follows) {
      this.start = Math.max(0, time - at / this.scale);
    }
  }

  private readonly onWheel = (event: WheelEvent): void => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      this.pan((event.deltaX || event.deltaY) / this.perTick);
    } else if (event.ctrlKey) {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300), event.clientX - this.rows.getBoundingClientRect().left - HEAD);
    }
  };

  private readonly onDrag = (event: PointerEvent): void => {
    if (event.type === "pointermove" && event.buttons === 1 && event.movementX !== 0) {
      this.pan(-event.movementX / this.perTick);
    }
  };

  private pan(ticks: number): void {
    this.follows = false;
    this.start = Math.max(0, Math.min(this.run.records.end, this.start + ticks));
  }

  // Drawing

  private reason(verdict: Verdict, operations: readonly OperationView[]): TemplateResult | typeof nothing {
    const blamed = verdict.blamed === null ? undefined : operations[verdict.blamed];
    if (verdict.kind !== "not-linearizable") {
      return nothing;
    }
    return html`<p class="reason">
      <span>${verdict.sentence}</span>
      ${blamed === undefined ? nothing : html`<button @click=${() => this.attempt(() => this.showResponsible(blamed))}>Show the messages</button>`}
    </p>`;
  }

  /** Leads to the messages that brought the operation its result. */
  private showResponsible(operation: OperationView): void {
    const { run } = this;
    run.pause();
    run.select({ kind: "operation", operation: operation.index });
    run.highlight(responsibleFor(operation, run.records));
    run.lookAt(operation.invoked_at, operation.completed_at ?? run.clock);
    this.follows = false;
    this.start = Math.max(0, operation.invoked_at - 60 / this.perTick);
  }

  /** A client's operations follow each other, so those in view are neighbours. */
  private inView(operations: readonly OperationView[]): OperationView[] {
    const first = firstWhere(operations, ({ completed_at }) => (completed_at ?? Infinity) >= this.start);
    const last = firstWhere(operations, ({ invoked_at }) => invoked_at > this.end);
    return operations.slice(first, last).slice(-SHOWN_MAX);
  }

  private client(client: number, verdict: Verdict): TemplateResult {
    const { run } = this;
    const { operations, ok: done, notOk: open } = run.history.of(client);
    const shown = this.inView(operations);
    return html`<div class="client" data-testid="client-row" data-client=${run.name(client)} data-ok=${done} data-not-ok=${open}>
      <div class="label">${run.name(client)}<small>${done} ok${open === 0 ? "" : `, ${open} not`}</small></div>
      ${repeat(shown, ({ index }) => index, (operation) => this.operation(operation, verdict))}
    </div>`;
  }

  private operation(operation: OperationView, verdict: Verdict): TemplateResult {
    const { run } = this;
    const left = Math.max(HEAD - 8, this.x(operation.invoked_at));
    const right = this.x(operation.completed_at ?? run.clock);
    const selected = run.selection?.kind === "operation" && run.selection.operation === operation.index;
    const words = describe(operation);
    return html`<button
      class="operation ${operation.outcome} ${verdict.blamed === operation.index ? "blamed" : ""}"
      ${styled({ left: `${left}px`, width: `${Math.max(4, right - left)}px` })}
      aria-pressed=${selected}
      aria-label="${run.name(operation.client)}: ${words}"
      title=${words}
      data-testid="operation"
      data-client=${run.name(operation.client)}
      data-outcome=${operation.outcome}
      @click=${() => run.select(selected ? null : { kind: "operation", operation: operation.index })}
    >
      ${right - left < 26 ? nothing : words}
    </button>`;
  }

  /** The linearization points, joined in their order. */
  private points(operations: readonly OperationView[], verdict: Verdict, replicas: number, clients: number): SVGTemplateResult | TemplateResult {
    const margin = 200 / this.perTick;
    const { linearization_operation: order, linearization_at: times } = verdict;
    const first = firstWhere(times, (at) => at >= this.start - margin);
    const end = Math.min(firstWhere(times, (at) => at > this.end + margin), first + 4 * SHOWN_MAX);
    const places = Array.from(order.subarray(first, end)).flatMap((operation, place) => {
      const client = operations[operation]?.client;
      const at = times[first + place] ?? 0;
      return client === undefined ? [] : [{ x: this.x(at), y: (client - replicas) * ROW + 5 }];
    });
    const head = this.x(this.run.clock);
    return html`<svg class="points" aria-hidden="true">
      ${head > HEAD ? svg`<line class="playhead" x1=${head} x2=${head} y1="0" y2=${clients * ROW + FAULTS} />` : nothing}
      <polyline points=${places.map(({ x, y }) => `${x.toFixed(1)},${y}`).join(" ")}></polyline>
      ${places.map(({ x, y }) => svg`<circle r="3" cx=${x} cy=${y} />`)}
    </svg>`;
  }

  /** Who led, and what was broken, under the operations that felt it. */
  private faults(): TemplateResult {
    const { run } = this;
    const { records } = run;
    const box = (from: number, to: number, term = 0): Record<string, string> => {
      const left = Math.max(HEAD, this.x(from));
      return { left: `${left}px`, width: `${Math.max(2, this.x(to) - left)}px`, "--term": termToken(term) };
    };
    const until = (next: { time: number } | undefined): number => Math.min(next?.time ?? run.clock, run.clock);
    const inView = (from: number, to: number): boolean => from < run.clock && from <= this.end && to >= this.start;
    const epoch = looksOf(run.catalogue.protocol).epoch;
    return html`<div class="faults">
      <div class="label"><small>leaders</small><small>faults</small></div>
      ${records.leaders.map(({ time, node, epoch: value }, place) => {
        const to = until(records.leaders[place + 1]);
        return inView(time, to)
          ? html`<span class="reign" ${styled(box(time, to, value))}>${run.name(node)} leads, ${epoch} ${value}</span>`
          : nothing;
      })}
      ${records.cuts.map(({ time, cut, text }, place) => {
        const to = until(records.cuts[place + 1]);
        return cut.size > 0 && inView(time, to) ? html`<span class="cut" title=${text} ${styled(box(time, to))}>${text}</span>` : nothing;
      })}
      ${records.conditions.map((changes, node) =>
        changes
          .filter(({ time }) => inView(time, time) && time >= this.start)
          .map(({ time, condition }) => html`<span class="fault" ${styled({ left: `${this.x(time)}px` })}>${condition === "down" ? "×" : condition === "up" ? "○" : "‖"} ${run.name(node)}</span>`),
      )}
    </div>`;
  }
}

/** The first place from which on a test holds, of values for which it goes from false to true. */
function firstWhere<T>(values: ArrayLike<T>, test: (value: T) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && !test(value)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** `put x=1 ok`, `get x = 3`, `put x=2 unknown`. */
export function describe({ text, kind, outcome, result }: OperationView): string {
  if (outcome === "pending") return `${text} …`;
  if (outcome === "unknown") return `${text} unknown`;
  if (outcome === "failed") return `${text} failed`;
  return kind === "get" && result !== null ? `${text} = ${result}` : `${text} ${result ?? "ok"}`;
}
