// The space-time diagram: the heart of the page. A canvas, and above it the choice of how it is drawn.

import { html, nothing } from "lit";
import type { PropertyDeclaration, PropertyValues, TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import { icons } from "../../design/icons.js";
import { onTheme, palette } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { count, seconds, span } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { IN_FLIGHT } from "../../engine/codes.js";
import type { Records } from "../../engine/records.js";
import type { Looks, Selection } from "../../engine/view-state.js";
import { looksOf } from "../../protocols/protocol.js";
import { ZOOM_EVENT } from "../../commands/perform.js";
import { DIAGRAM_COMMANDS, commandFor, shortcuts } from "../../commands/table.js";
import type { DiagramCommandId, Zoom } from "../../commands/table.js";
import { sizeCanvas } from "../canvas.js";
import { Panel, base } from "../panel.js";
import { along, length, makeFrame, positionAt, visibleEnd } from "./frame.js";
import type { Frame, Point } from "./frame.js";
import { Gestures } from "./gestures.js";
import { paintLabels } from "./labels.js";
import { diagramLegend } from "./legend.js";
import { paintNames, paintTimes } from "./paint-heads.js";
import { paintBandLabels, paintBands, paintInterventions, paintLanes, paintPlayhead } from "./paint-lanes.js";
import type { Ground } from "./paint-lanes.js";
import { paintOperations } from "./paint-operations.js";
import { paintArrows, paintDensity, paintDots } from "./paint-messages.js";
import { paintLiars } from "./paint-lies.js";
import { headsPhases, paintHeadings, paintPhases, phasesInView } from "./paint-phases.js";
import { gather, hit } from "./scene.js";
import type { Scene } from "./scene.js";
import { CausalSpacing, TrueSpacing } from "./spacing.js";
import type { Spacing } from "./spacing.js";
import { diagramStyles } from "./styles.js";
import "../event-list/event-list.js";

/** Pixels a tick, and pixels a step of cause, at first and at most. */
const SCALES = { true: { first: 2.1 / 1_000, most: 60 / 1_000 }, causal: { first: 26, most: 90 } };
/** Pixels around a span that the diagram was asked to show: room for its words, and for the zoom buttons. */
const SPAN_MARGIN = 48;
/** A heading that is not older than this waits until what moves has come to rest: laying it out for every frame would cost more than drawing. In milliseconds. */
const HEADING = { rest: 100, whilePlaying: 200, inGesture: 800 };
/** How much a key zooms, and a button; what part of the view a key pans by, and how far an arrow. */
const KEY_ZOOM = 1.3;
const BUTTON_ZOOM = 1.4;
const PAGE_SHARE = 0.7;
const KEY_PAN_PX = 60;
/** Where in the view the playhead is kept while it is followed. */
const FOLLOW_AT = 0.8;

@customElement("playground-diagram")
export class PlaygroundDiagram extends Panel {
  static override styles = [base, diagramStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "looks", "verdict"];

  @query("canvas") private canvas!: HTMLCanvasElement;
  @state() private follows = true;
  @state() private twin: "diagram" | "list" = "diagram";
  /** There at once where there is room for it. */
  @state() private legend = innerWidth > 760 && innerHeight >= 700;
  @state() private pointed: { at: Point; what: Selection } | null = null;

  private start = 0;
  private scale: number = SCALES.true.first;
  private scene: Scene | null = null;
  private spacing: Spacing | null = null;
  private spacingKey = "";
  private spacingOf: Records | null = null;
  private generation = -1;
  /** The generation of records in which `pointed` was pointed at. */
  private pointedIn = -1;
  private heading = { range: "", heartbeats: "", dense: false };
  private stale = true;
  private headingTimer: number | undefined;
  private headingAt = 0;
  private unlisten: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());
  private readonly gestures = new Gestures({
    pan: (pixels) => this.pan(pixels),
    zoom: (factor, at) => this.zoom(factor, at),
    point: (at) => this.point(at),
    choose: (at) => this.choose(at),
    along: (point) => (this.run.view.looks.direction === "down" ? point.y : point.x),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    this.unlisten = onTheme(() => this.requestUpdate());
    window.addEventListener(ZOOM_EVENT, this.onZoom);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    window.clearTimeout(this.headingTimer);
    this.unlisten?.();
    window.removeEventListener(ZOOM_EVENT, this.onZoom);
  }

  // Drawing

  /** What is only pointed at needs no new drawing. */
  override requestUpdate(name?: PropertyKey, before?: unknown, options?: PropertyDeclaration): void {
    if (name !== "pointed") {
      this.stale = true;
    }
    super.requestUpdate(name, before, options);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // What was pointed at belongs to what was discarded.
    if (this.pointedIn !== this.run.records.generation) {
      this.pointedIn = this.run.records.generation;
      this.pointed = null;
    }
  }

  protected override content(): TemplateResult {
    const { run, twin } = this;
    return html`<section aria-label="Messages">
      <div class="bar">${this.tools()}</div>
      ${twin === "list"
        ? html`<playground-event-list .run=${run}></playground-event-list>`
        : html`<div class="stage">
            <canvas
              tabindex="0"
              role="application"
              aria-keyshortcuts=${shortcuts(...(Object.keys(DIAGRAM_COMMANDS) as DiagramCommandId[]))}
              @wheel=${this.gestures.onWheel}
              @pointerdown=${this.gestures.onDown}
              @pointermove=${this.gestures.onMove}
              @pointerup=${this.gestures.onUp}
              @pointercancel=${this.gestures.onUp}
              @pointerleave=${() => (this.pointed = null)}
              @keydown=${this.onKey}
            ></canvas>
            ${this.zoomTools()} ${this.tooltip()}
          </div>
          ${this.legend ? diagramLegend(looksOf(run.catalogue.protocol)) : nothing}`}
    </section>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.stale && this.canvas instanceof HTMLCanvasElement) {
      this.stale = false;
      this.paint();
    }
  }

  private paint(): void {
    const { run } = this;
    const context = sizeCanvas(this.canvas);
    const colours = palette();
    const spacing = this.currentSpacing();
    this.settle(spacing);
    const frame = this.frame();
    const scene = gather(run, frame, spacing);
    const ground: Ground = { context, colours, frame, spacing, run };
    context.clearRect(0, 0, frame.width, frame.height);
    const decisions = scene.dense ? [] : phasesInView(ground);
    paintTimes(ground);
    paintHeadings(ground, decisions);
    context.save();
    context.beginPath();
    if (frame.down) {
      context.rect(frame.gutter - 6, 0, frame.width, frame.height);
    } else {
      context.rect(0, frame.gutter - 6, frame.width, frame.height);
    }
    context.clip();
    paintBands(ground);
    paintPhases(ground, decisions);
    paintLanes(ground, scene.dense);
    paintLiars(ground);
    if (scene.dense) {
      paintDensity(ground, scene);
      paintInterventions(ground);
    } else {
      paintArrows(ground, scene);
      paintDots(ground, scene);
      const written = paintInterventions(ground);
      written.push(...paintBandLabels(ground, scene.arrows.flatMap(({ state: fate, tip }) => (fate === "lost" ? [tip] : []))));
      // At full speed nobody could read them.
      if (!run.playhead.fullSpeed) {
        paintLabels(context, colours, run, scene, written);
      }
    }
    paintPlayhead(ground);
    paintOperations(ground);
    context.restore();
    paintNames(ground, run.view.selection?.kind === "node" ? run.view.selection.node : null);
    this.scene = scene;
    this.tellView(frame, scene);
  }

  /** Tells the transport which span is in view, and the heading how many heartbeats are folded. */
  private tellView(frame: Frame, scene: Scene): void {
    const { run } = this;
    const start = Math.max(0, positionAt(frame, frame.head));
    const end = visibleEnd(frame);
    run.view.setViewport(scene.spacing.kind === "true" ? { start, end } : null);
    const digits = end - start > 5_000_000 ? 1 : 2;
    const range = scene.spacing.kind === "true" ? `${(start / 1_000_000).toFixed(digits)} to ${seconds(end, digits)}` : "spaced by cause";
    const number = count(scene.heartbeats, "heartbeat");
    this.heading = { range, heartbeats: run.view.looks.heartbeats === "folded" ? `${number} folded` : `${number} shown`, dense: scene.dense };
    window.clearTimeout(this.headingTimer);
    if (!this.canvas.hasAttribute("aria-label") || performance.now() - this.headingAt > (run.playhead.playing ? HEADING.whilePlaying : HEADING.inGesture)) {
      this.renderHeading();
    } else {
      this.headingTimer = window.setTimeout(() => this.renderHeading(), HEADING.rest);
    }
  }

  /** What depends on what was just drawn is brought up to date without drawing again. */
  private renderHeading(): void {
    window.clearTimeout(this.headingTimer);
    this.headingTimer = undefined;
    this.headingAt = performance.now();
    const folded = this.renderRoot.querySelector("#heartbeats");
    const range = this.renderRoot.querySelector("#range");
    if (folded === null || range === null || this.canvas === null) {
      return;
    }
    setText(folded, this.heading.heartbeats);
    setText(range, this.heading.range);
    const far = this.heading.dense ? " So far out, messages are drawn by their density and not one by one." : "";
    this.canvas.ariaLabel = `Space-time diagram, ${this.heading.range}.${far} Plus and minus zoom, Page Up and Page Down pan, 0 fits the run. The list shows the same events.`;
  }

  private frame(): Frame {
    const { run, canvas } = this;
    return makeFrame(canvas.clientWidth, canvas.clientHeight, run.view.looks.direction === "down", run.catalogue.replicas, run.catalogue.processes.length, this.start, this.scale, headsPhases(run));
  }

  private currentSpacing(): Spacing {
    const { records } = this.run;
    const { looks } = this.run.view;
    const key = `${looks.spacing} ${looks.spacing === "causal" ? looks.heartbeats : ""} ${records.generation}`;
    if (this.spacing === null || key !== this.spacingKey || this.spacingOf !== records) {
      const anew = this.spacing === null || this.spacing.kind !== looks.spacing || this.spacingOf !== records;
      this.spacing = looks.spacing === "true" ? new TrueSpacing(records) : new CausalSpacing(records, looks.heartbeats === "folded");
      this.spacingKey = key;
      this.spacingOf = records;
      if (anew) {
        this.scale = this.firstScale();
        this.follows = true;
      }
    }
    if (this.spacing instanceof CausalSpacing) {
      this.spacing.update();
    }
    return this.spacing;
  }

  /** Where phases are headed, there must be room for their names. */
  private firstScale(): number {
    return SCALES[this.run.view.looks.spacing].first * (headsPhases(this.run) ? 3 : 1);
  }

  /** Brings the playhead into view where it is followed or has left it, and shows what another view asked for. */
  private settle(spacing: Spacing): void {
    const { run } = this;
    const frame = this.frame();
    const room = (length(frame) - frame.head) / this.scale;
    const head = this.headPosition(spacing);
    const requested = run.view.takeRequest();
    if (requested !== null) {
      this.showSpan(spacing, requested, frame);
      return;
    }
    if (this.generation !== run.records.generation) {
      this.generation = run.records.generation;
      this.follows = true;
    }
    if (this.follows) {
      this.start = Math.max(-0.02 * room, head - room * FOLLOW_AT);
    }
  }

  private showSpan(spacing: Spacing, { start, end }: { start: number; end: number }, frame: Frame): void {
    const place = (time: number): number => (spacing.kind === "true" ? time : spacing.event(Math.max(0, this.run.records.eventsUpTo(time) - 1)));
    const [from, to] = [place(start), place(end)];
    const room = Math.max(40, length(frame) - frame.head - 2 * SPAN_MARGIN);
    this.scale = Math.min(SCALES[spacing.kind].most, room / Math.max(1, to - from));
    this.start = from - SPAN_MARGIN / this.scale;
    this.follows = false;
  }

  private headPosition(spacing: Spacing): number {
    const { status, records } = this.run;
    const { clock } = this.run.playhead;
    return spacing.kind === "true" ? clock : spacing.event(Math.min(status.cursor, records.events) - 1);
  }

  // Moving about

  private pan(pixels: number): void {
    this.follows = false;
    this.pointed = null;
    this.start = this.within(this.start - pixels / this.scale);
    this.requestUpdate();
  }

  private zoom(factor: number, at: number): void {
    this.pointed = null;
    const spacing = this.currentSpacing();
    const frame = this.frame();
    const position = positionAt(frame, at);
    const least = ((length(frame) - frame.head) / Math.max(spacing.extent() * 1.15, 1)) * 0.9;
    this.scale = Math.min(SCALES[spacing.kind].most, Math.max(Math.min(least, SCALES[spacing.kind].first), this.scale * factor));
    if (!this.follows) {
      this.start = this.within(position - (at - frame.head) / this.scale);
    }
    this.requestUpdate();
  }

  private within(start: number): number {
    const room = (length(this.frame()) - this.frame().head) / this.scale;
    const extent = this.spacing?.extent() ?? 0;
    return Math.max(-room * 0.2, Math.min(extent - room * 0.1, start));
  }

  private fit(): void {
    const spacing = this.currentSpacing();
    const frame = this.frame();
    this.follows = false;
    this.scale = Math.min(SCALES[spacing.kind].most, (length(frame) - frame.head - 12) / Math.max(1, spacing.extent()));
    this.start = 0;
    this.requestUpdate();
  }

  /** A command of the page, wherever its key was pressed. */
  private readonly onZoom = (event: Event): void => {
    const way = (event as CustomEvent<Zoom>).detail;
    if (!(this.canvas instanceof HTMLCanvasElement)) {
      return;
    }
    const middle = along(this.frame(), this.headPosition(this.currentSpacing()));
    if (way === "fit") {
      this.fit();
    } else {
      this.zoom(way === "out" ? 1 / KEY_ZOOM : KEY_ZOOM, this.inSight(middle));
    }
  };

  /** The playhead if it is in view, else the middle of the view. */
  private inSight(pixel: number): number {
    const frame = this.frame();
    return pixel > frame.head && pixel < length(frame) ? pixel : (frame.head + length(frame)) / 2;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey || event.altKey ? undefined : commandFor(DIAGRAM_COMMANDS, event);
    if (command === undefined) {
      return;
    }
    const page = length(this.frame()) * PAGE_SHARE;
    const acts: Record<DiagramCommandId, () => void> = {
      "page-back": () => this.pan(page),
      "page-forward": () => this.pan(-page),
      "pan-back": () => this.pan(KEY_PAN_PX),
      "pan-forward": () => this.pan(-KEY_PAN_PX),
      follow: () => (this.follows = true),
    };
    event.preventDefault();
    acts[command]();
  };

  private point(at: Point | null): void {
    const what = at === null || this.scene === null ? null : hit(this.scene, at);
    if (what !== null && at !== null) {
      this.pointed = { at, what };
    } else if (this.pointed !== null) {
      this.pointed = null;
    }
    this.canvas.style.cursor = what === null ? "" : "pointer";
  }

  private choose(at: Point): void {
    const { run, scene } = this;
    if (scene === null) {
      return;
    }
    const { frame } = scene;
    const [forward, across] = frame.down ? [at.y, at.x] : [at.x, at.y];
    if (forward < frame.head) {
      const place = frame.order.find((each) => Math.abs((frame.lanes[each] ?? 0) - across) < 24);
      run.view.select(place === undefined ? null : { kind: "node", node: place });
    } else if (across < frame.gutter - 4 && scene.spacing.kind === "true") {
      this.attempt(() => run.playhead.seekTime(positionAt(frame, forward)));
    } else {
      run.view.select(hit(scene, at));
    }
  }

  // Above and beside the canvas

  private tools(): TemplateResult {
    const { run } = this;
    const { looks } = run.view;
    const choice = <K extends keyof Looks>(name: string, key: K, options: readonly (readonly [Looks[K], string, string])[]): TemplateResult =>
      html`<div class="segmented" role="group" aria-label=${name}>
        ${options.map(
          ([value, words, title]) => html`<button aria-pressed=${looks[key] === value} title=${title} @click=${() => run.view.setLooks({ [key]: value })}>${words}</button>`,
        )}
      </div>`;
    return html`
      <h2>Messages</h2>
      <div class="segmented" role="group" aria-label="As a diagram or a list">
        ${(["diagram", "list"] as const).map(
          (twin) => html`<button aria-pressed=${this.twin === twin} @click=${() => (this.twin = twin)}>${twin === "diagram" ? "Diagram" : "List"}</button>`,
        )}
      </div>
      ${this.twin === "list"
        ? nothing
        : html`${choice("Direction of time", "direction", [
              ["down", "Time ↓", "A column for each process"],
              ["right", "Time →", "A row for each process"],
            ])}
            ${choice("Spacing", "spacing", [
              ["true", "True", "Distances are virtual time"],
              ["causal", "Causal", "Evenly spaced: each event one step after what caused it"],
            ])}
            <button
              id="heartbeats"
              class="quiet"
              aria-pressed=${looks.heartbeats === "shown"}
              title="Show or fold heartbeats"
              @click=${() => run.view.setLooks({ heartbeats: looks.heartbeats === "folded" ? "shown" : "folded" })}
            ></button>
            <span id="range" class="mono soft"></span>`}
    `;
  }

  private zoomTools(): TemplateResult {
    const middle = (): number => this.inSight(along(this.frame(), this.headPosition(this.currentSpacing())));
    return html`<div class="zoom" role="group" aria-label="Zoom">
        <button class="quiet icon" aria-label="Zoom out" title="Zoom out (−)" aria-keyshortcuts=${shortcuts("zoom-out")} @click=${() => this.zoom(1 / BUTTON_ZOOM, middle())}>${icons.zoomOut}</button>
        <button class="quiet icon" aria-label="Zoom in" title="Zoom in (+)" aria-keyshortcuts=${shortcuts("zoom-in")} @click=${() => this.zoom(BUTTON_ZOOM, middle())}>${icons.zoomIn}</button>
        <button class="quiet" title="Fit the whole run (0)" aria-keyshortcuts=${shortcuts("fit")} @click=${() => this.fit()}>Fit</button>
        <button class="quiet" title="Keep the playhead in view" aria-pressed=${this.follows} @click=${() => (this.follows = !this.follows)}>Follow</button>
        <button class="quiet" title="What the signs mean" aria-expanded=${this.legend} @click=${() => (this.legend = !this.legend)}>Legend</button>
    </div>`;
  }

  private tooltip(): TemplateResult | typeof nothing {
    const { pointed } = this;
    if (pointed === null) {
      return nothing;
    }
    const left = Math.min(pointed.at.x + 14, this.clientWidth - 250);
    const top = pointed.at.y > this.clientHeight - 130 ? pointed.at.y - 74 : pointed.at.y + 14;
    const [title, detail] = pointed.what.kind === "message" ? this.messageWords(pointed.what.message) : pointed.what.kind === "event" ? this.eventWords(pointed.what.event) : ["", ""];
    return html`<div class="tooltip" role="presentation" ${styled({ left: `${Math.max(4, left)}px`, top: `${top}px` })}>
      <strong>${title}</strong><span>${detail}</span>
    </div>`;
  }

  private messageWords(message: number): [string, string] {
    const { run } = this;
    const { records } = run;
    const code = records.messageFate.at(message);
    const fate = code === IN_FLIGHT ? "on its way" : (run.catalogue.message_fates[code] ?? "");
    const kind = run.catalogue.message_kinds[records.messageKind.at(message)] ?? "message";
    const label = run.labels.of(message);
    const way = records.messageEnd(message) - records.messageSent.at(message);
    return [
      `${kind} ${run.name(records.messageFrom.at(message))} → ${run.name(records.messageTo.at(message))}`,
      `${label === "" ? "" : `${label} · `}sent ${seconds(records.messageSent.at(message))} · ${span(way)} · ${fate}`,
    ];
  }

  private eventWords(event: number): [string, string] {
    const view = this.run.moment.event(event);
    const telling = looksOf(this.run.catalogue.protocol).tellingRules ?? [];
    const rule = (view.rules.find(({ name }) => telling.includes(name)) ?? view.rules[0])?.text ?? "";
    return [`${view.node === null ? "" : `${this.run.name(view.node)}: `}${view.title}`, `${seconds(view.time)}${rule === "" ? "" : ` · ${rule}`}`];
  }
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
