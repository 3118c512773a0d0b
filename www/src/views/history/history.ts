// The clients' operations in real order, the points where they may have taken effect, and what was going wrong
// meanwhile.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { wasPressed } from "../../commands/keys.js";
import { icons } from "../../design/icons.js";
import { styled } from "../../design/styled.js";
import type { Topic } from "../../engine/emitter.js";
import type { OperationView, Verdict } from "../../engine/engine.js";
import type { Selection } from "../../engine/view-state.js";
import { describe } from "../operation-words.js";
import { Panel, base } from "../panel.js";
import { contradiction } from "../responsible.js";
import { axis } from "./axis.js";
import { FAULT_ROW, faultRows, faultStyles, faults } from "./faults.js";
import { lost } from "./lost.js";
import { SHOWN_MAX, firstWhere, playheadLine, points } from "./points.js";
import { HEAD, ROW, historyStyles } from "./styles.js";
import "./invariants.js";

/** Pixels that a middling operation should take, so that its text fits. */
const TYPICAL_PX = 104;
/** A press that moves less than this is no drag. */
const DRAG_PX = 5;
/** What part of the width lies before the playhead while it is followed. */
const FILLED = 0.86;
const SCALE = { min: 20 / 1_000_000, max: 6_000 / 1_000_000 };

@customElement("playground-history")
export class PlaygroundHistory extends Panel {
  static override styles = [base, faultStyles, historyStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "playing", "verdict"];
  protected override readonly pace = 90;

  /** Beside it stands what is promised: this panel shows the clients alone. */
  @property({ type: Boolean }) docked = false;

  @query(".rows") private rows!: HTMLElement;
  @state() private tab: "history" | "invariants" = "history";
  /** Pixels a tick; null until there are operations to judge by. */
  @state() private scale: number | null = null;
  @state() private start = 0;
  @state() private follows = true;
  /** Somebody has said how large it is drawn. */
  private zoomed = false;
  /** It is a selection that holds the view, and not a person's hand. */
  private heldBySelection = false;
  /** The write that the operation which cannot be placed should have known of. */
  private known = -1;
  /** The bar that was come to last by keys. */
  private reached = -1;
  /** The one bar at which the Tab key stops. */
  private stop = -1;
  private drag: { x: number; moved: boolean } | null = null;
  private width = 500;
  private generation = -1;
  private shownSelection: Selection | null = null;
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
      this.zoomed = false;
      this.heldBySelection = false;
      this.follows = true;
    }
  }

  protected override content(): TemplateResult {
    const { run } = this;
    return html`<section aria-label="Clients">
      <div class="head">${this.docked ? nothing : this.choice()} ${this.tab === "history" ? this.tools() : nothing}</div>
      ${this.tab === "history" ? this.history() : html`<playground-invariants class="scroll" .run=${run}></playground-invariants>`}
    </section>`;
  }

  private choice(): TemplateResult {
    const broken = this.run.moment.invariants().filter((invariant) => invariant.broken !== null).length;
    return html`<div class="segmented" role="group" aria-label="What to show">
      <button aria-pressed=${this.tab === "history"} @click=${() => (this.tab = "history")}>Clients</button>
      <button aria-pressed=${this.tab === "invariants"} @click=${() => (this.tab = "invariants")}>
        Invariants${broken === 0 ? "" : ` (${broken} broken)`}
      </button>
    </div>`;
  }

  private tools(): TemplateResult {
    const zoom = (factor: number) => (): void => this.zoom(factor, this.width / 2);
    return html`<div class="tools">
      <button class="quiet icon" aria-label="Zoom the history in" @click=${zoom(1.5)}>${icons.zoomIn}</button>
      <button class="quiet icon" aria-label="Zoom the history out" @click=${zoom(1 / 1.5)}>${icons.zoomOut}</button>
      <button class="quiet ${this.follows ? "icon" : ""}" aria-label="Follow the playhead" aria-pressed=${this.follows} title=${this.follows ? "The view follows the playhead" : "The view is held where it is: back to the playhead"} ?disabled=${this.follows} @click=${() => this.followAgain()}>
        ${icons.end}${this.follows ? nothing : "Follow"}
      </button>
    </div>`;
  }

  private history(): TemplateResult {
    const { run } = this;
    const operations = run.moment.operations();
    const verdict = run.moment.verdict();
    this.known = contradiction(verdict, operations)?.known?.index ?? -1;
    this.settle(operations);
    const { catalogue } = run;
    const clients = catalogue.processes.map((_, process) => process).slice(catalogue.replicas);
    const shown = new Map(clients.map((client) => [client, this.inView(run.history.of(client).operations)]));
    this.stop = this.tabStop([...shown.values()].flat());
    return html`${this.reason(verdict)} ${lost(run)}
      <div class="scroll">
        ${axis({ start: this.start, end: this.end, x: (time) => this.x(time) })}
        <div
          class="rows"
          role="group"
          tabindex="-1"
          aria-label="Operations"
          @wheel=${this.onWheel}
          @pointerdown=${this.onDown}
          @pointermove=${this.onDrag}
          @click=${this.onClick}
          @keydown=${this.onKey}
        >
          ${verdict === null ? nothing : points(operations, verdict, { start: this.start, end: this.end, perTick: this.perTick, x: (time) => this.x(time), replicas: catalogue.replicas })}
          ${clients.map((client) => this.client(client, verdict, shown.get(client) ?? []))} ${playheadLine(this.x(run.playhead.clock), clients.length * ROW + faultRows(run) * FAULT_ROW)}
          ${faults(run, { start: this.start, end: this.end, x: (time) => this.x(time), head: HEAD })}
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
    if (this.run.view.selection !== this.shownSelection) {
      this.shownSelection = this.run.view.selection;
      this.showSelected(operations);
      // What a selection holds is let go with it.
      if (this.shownSelection === null && this.heldBySelection) {
        this.followAgain();
      }
    }
    if (this.follows) {
      this.widen();
      this.start = Math.max(0, this.run.playhead.clock - (this.width * FILLED) / this.perTick);
    }
  }

  private followAgain(): void {
    this.follows = true;
    this.heldBySelection = false;
  }

  /** A run that is shorter than the panel is broad has all of it, unless somebody has zoomed. */
  private widen(): void {
    const { clock } = this.run.playhead;
    if (!this.zoomed && this.scale !== null && clock > 0 && clock * this.scale < this.width * FILLED) {
      this.scale = Math.min(SCALE.max, (this.width * FILLED) / clock);
    }
  }

  /** An operation that was selected elsewhere is brought into view. */
  private showSelected(operations: readonly OperationView[]): void {
    const { selection } = this.run.view;
    const operation = selection?.kind === "operation" ? operations[selection.operation] : undefined;
    const found = contradiction(this.run.moment.verdict(), operations);
    if (operation !== undefined && operation === found?.wrong && found.known !== null) {
      this.fit(found.known.invoked_at, operation.completed_at ?? this.run.playhead.clock);
    } else if (operation !== undefined) {
      this.show(operation);
    }
  }

  private show({ invoked_at: at }: OperationView): void {
    if (at < this.start || at > this.end - 100 / this.perTick) {
      this.heldBySelection = this.follows || this.heldBySelection;
      this.follows = false;
      this.start = Math.max(0, at - 60 / this.perTick);
    }
  }

  /** Both operations of a contradiction, with space for their words. */
  private fit(from: number, to: number): void {
    this.heldBySelection = this.follows || this.heldBySelection;
    this.zoomed = true;
    this.follows = false;
    this.scale = Math.min(SCALE.max, Math.max(SCALE.min, (this.width * 0.7) / Math.max(1, to - from)));
    this.start = Math.max(0, from - (this.width * 0.08) / this.scale);
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
    this.zoomed = true;
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

  private readonly onDown = (event: PointerEvent): void => {
    this.drag = { x: event.clientX, moved: false };
  };

  private readonly onDrag = (event: PointerEvent): void => {
    const { drag } = this;
    if (drag === null || event.buttons !== 1) {
      return;
    }
    const pixels = event.clientX - drag.x;
    if (drag.moved || Math.abs(pixels) >= DRAG_PX) {
      this.drag = { x: event.clientX, moved: true };
      this.pan(-pixels / this.perTick);
    }
  };

  /** The end of a drag is no press on the bar that it began on. */
  private readonly onClick = {
    capture: true,
    handleEvent: (event: MouseEvent): void => {
      if (event.detail !== 0 && this.drag?.moved === true) {
        event.stopPropagation();
        event.preventDefault();
      }
    },
  };

  // By keys

  /** Of all bars one can be come to by the Tab key; from there the others by arrows. */
  private tabStop(shown: readonly OperationView[]): number {
    const { selection } = this.run.view;
    const wanted = [selection?.kind === "operation" ? selection.operation : -1, this.reached];
    return wanted.find((index) => shown.some((each) => each.index === index)) ?? shown[0]?.index ?? -1;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const isArrow = event.key.startsWith("Arrow");
    if (event.ctrlKey || event.metaKey || event.altKey || (isArrow && wasPressed(event.composedPath()[0] ?? null))) {
      return;
    }
    if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      this.pan(((event.key === "PageUp" ? -1 : 1) * 0.7 * this.width) / this.perTick);
      void this.updateComplete.then(() => this.focusOn(this.stop));
      return;
    }
    const to = this.neighbour(event.key);
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.reach(to);
    }
  };

  /** The operation that a key leads to from the one that has the focus. */
  private neighbour(key: string): OperationView | undefined {
    const { run } = this;
    const from = run.moment.operations()[this.focused()];
    if (from === undefined) {
      return undefined;
    }
    const row = run.history.of(from.client).operations;
    const ordinal = firstWhere(row, ({ index }) => index >= from.index);
    const other = (client: number): OperationView | undefined => {
      const there = run.history.of(client).operations;
      return there[Math.max(0, firstWhere(there, ({ invoked_at }) => invoked_at > from.invoked_at) - 1)];
    };
    const ways: Record<string, () => OperationView | undefined> = {
      ArrowLeft: () => row[ordinal - 1],
      ArrowRight: () => row[ordinal + 1],
      Home: () => row[0],
      End: () => row.at(-1),
      ArrowUp: () => (from.client > run.catalogue.replicas ? other(from.client - 1) : undefined),
      ArrowDown: () => (from.client + 1 < run.catalogue.processes.length ? other(from.client + 1) : undefined),
    };
    return ways[key]?.() ?? (key in ways ? from : undefined);
  }

  private focused(): number {
    const bar = (this.renderRoot as ShadowRoot).activeElement;
    return bar instanceof HTMLElement && bar.dataset["operation"] !== undefined ? Number(bar.dataset["operation"]) : this.stop;
  }

  private reach(operation: OperationView): void {
    this.reached = operation.index;
    this.show(operation);
    // It is a person's hand: the view stays when the selection goes.
    this.heldBySelection = false;
    this.requestUpdate();
    void this.updateComplete.then(() => this.focusOn(operation.index));
  }

  private focusOn(operation: number): void {
    (this.renderRoot.querySelector<HTMLElement>(`[data-operation="${operation}"]`) ?? this.rows).focus({ preventScroll: true });
  }

  private pan(ticks: number): void {
    this.heldBySelection = false;
    this.follows = false;
    this.start = Math.max(0, Math.min(this.run.records.end, this.start + ticks));
  }

  // Drawing

  private reason(verdict: Verdict | null): TemplateResult | typeof nothing {
    if (verdict?.kind !== "not-linearizable") {
      return nothing;
    }
    return html`<p class="reason"><span title=${verdict.sentence}>${verdict.sentence}</span></p>`;
  }

  /** A client's operations follow each other, so those in view are neighbours. */
  private inView(operations: readonly OperationView[]): OperationView[] {
    const first = firstWhere(operations, ({ completed_at }) => (completed_at ?? Infinity) >= this.start);
    const last = firstWhere(operations, ({ invoked_at }) => invoked_at > this.end);
    return operations.slice(first, last).slice(-SHOWN_MAX);
  }

  private client(client: number, verdict: Verdict | null, shown: readonly OperationView[]): TemplateResult {
    const { run } = this;
    const { ok: done, notOk: open } = run.history.of(client);
    return html`<div class="client" data-testid="client-row" data-client=${run.name(client)} data-ok=${done} data-not-ok=${open}>
      <div class="label">${run.name(client)}<small>${done} ok${open === 0 ? "" : `, ${open} not ok`}</small></div>
      ${repeat(shown, ({ index }) => index, (operation) => this.operation(operation, verdict))}
    </div>`;
  }

  private operation(operation: OperationView, verdict: Verdict | null): TemplateResult {
    const { run } = this;
    const left = Math.max(HEAD - 8, this.x(operation.invoked_at));
    const right = this.x(operation.completed_at ?? run.playhead.clock);
    const selected = run.view.selection?.kind === "operation" && run.view.selection.operation === operation.index;
    const words = describe(operation);
    const blamed = verdict?.blamed === operation.index;
    const known = this.known === operation.index;
    return html`<button
      class="operation ${operation.outcome} ${blamed ? "blamed" : known ? "known" : ""}"
      ${styled({ left: `${left}px`, width: `${Math.max(4, right - left)}px` })}
      aria-pressed=${selected}
      tabindex=${operation.index === this.stop ? 0 : -1}
      data-operation=${operation.index}
      aria-label="${run.name(operation.client)}: ${words}"
      title=${words}
      data-testid="operation"
      data-client=${run.name(operation.client)}
      data-outcome=${operation.outcome}
      @click=${() => run.view.select(selected ? null : { kind: "operation", operation: operation.index })}
    >
      ${right - left < 26 && !blamed && !known ? nothing : words}
    </button>`;
  }
}
