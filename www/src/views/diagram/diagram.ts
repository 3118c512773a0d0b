// The space-time diagram: the heart of the page. A canvas, and above it the choice of how it is drawn.

import { html, nothing } from "lit";
import type { PropertyDeclaration, PropertyValues, TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { DRAWING_EVENT, ZOOM_EVENT } from "../../commands/perform.js";
import type { DrawingOrder } from "../../commands/perform.js";
import { DIAGRAM_COMMANDS, commandFor, shortcuts } from "../../commands/table.js";
import type { DiagramCommandId, Zoom } from "../../commands/table.js";
import { onTheme, palette } from "../../design/palette.js";
import type { Topic } from "../../engine/emitter.js";
import type { Records } from "../../engine/records.js";
import type { Looks } from "../../engine/view-state.js";
import { looksOf } from "../../protocols/protocol.js";
import { hasSpace, sizeCanvas } from "../canvas.js";
import { askForActions, boxAt } from "../actions/ask.js";
import { Panel, base } from "../panel.js";
import { Camera } from "./camera.js";
import { along, alongAndAcross, lane, length, makeFrame, positionAt, visibleEnd } from "./frame.js";
import type { Along, Frame, Point, Position } from "./frame.js";
import { Gestures } from "./gestures.js";
import type { Heading } from "./heading.js";
import { headingOf, setText } from "./heading.js";
import { diagramLegend } from "./legend.js";
import { timeCharacters } from "./paint-heads.js";
import { paintScene } from "./paint.js";
import { headsPhases } from "./paint-phases.js";
import { gather, hit } from "./scene.js";
import type { Scene } from "./scene.js";
import { askForSelected } from "./selected.js";
import { signsInView } from "./signs.js";
import type { Sign } from "./signs.js";
import { CausalSpacing, TrueSpacing } from "./spacing.js";
import type { Spacing } from "./spacing.js";
import { diagramStyles } from "./styles.js";
import { tools, zoomTools } from "./tools.js";
import type { Twin } from "./tools.js";
import { tooltip } from "./tooltip.js";
import type { Pointed } from "./tooltip.js";
import { explanationOf, isToldByStory, why, whyStyles } from "./why.js";

/**
 * A heading that is not older than this waits until what moves has come to rest: laying it out for every frame would
 * cost more than drawing. In milliseconds.
 */
const HEADING = { rest: 100, whilePlaying: 200, inGesture: 800 };
/** How much a key zooms; what part of the view a key pans by, and how far an arrow. */
const KEY_ZOOM = 1.3;
const PAGE_SHARE = 0.7;
const KEY_PAN_PX = 60;
/** A click this close to a name, across, is meant for it. */
const NAME_PX = 24;

@customElement("playground-diagram")
export class PlaygroundDiagram extends Panel {
  static override styles = [base, diagramStyles, whyStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "looks", "verdict"];

  /** Nothing stands above or beside the canvas: its tools stand elsewhere, and the events have a panel of their own. */
  @property({ type: Boolean }) bare = false;

  @query("canvas") private canvas!: HTMLCanvasElement;
  @state() private twin: Twin = "diagram";
  @state() private legend = false;
  @state() private pointed: Pointed | null = null;
  /** Whether every sentence of what is explained stands on the drawing: then the list of them is folded. */
  @state() private isToldWhole = true;
  /** What the legend explains. */
  @state() private signs: ReadonlySet<Sign> = new Set();

  private readonly camera = new Camera();
  scene: Scene | null = null;
  private spacing: Spacing | null = null;
  /** What the spacing was made for. */
  private spacedBy: { records: Records; generation: number; looks: Pick<Looks, "spacing" | "heartbeats"> } | null = null;
  private generation = -1;
  /** The generation of records in which `pointed` was pointed at. */
  private pointedIn = -1;
  private heading: Heading = { range: "", heartbeats: "", dense: false };
  private stale = true;
  private headingTimer: number | undefined;
  private headingAt = 0;
  private unlisten: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());
  private readonly gestures = new Gestures({
    pan: (pixels) => this.pan(pixels),
    zoom: (factor, at) => this.zoom(factor, at),
    point: (at) => this.point(at),
    choose: (at) => this.select(at),
    along: (point) => (this.run.view.looks.direction === "down" ? point.y : point.x),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    // In a frame it is there at once, where there is space for it.
    this.legend = !this.bare && window.parent === window && innerWidth > 760 && innerHeight >= 700;
    this.resizing.observe(this);
    this.unlisten = onTheme(() => this.requestUpdate());
    window.addEventListener(ZOOM_EVENT, this.onZoom);
    window.addEventListener(DRAWING_EVENT, this.onOrder);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    window.clearTimeout(this.headingTimer);
    this.unlisten?.();
    window.removeEventListener(ZOOM_EVENT, this.onZoom);
    window.removeEventListener(DRAWING_EVENT, this.onOrder);
  }

  // Drawing

  /** What is only pointed at needs no new drawing. */
  override requestUpdate(name?: PropertyKey, before?: unknown, options?: PropertyDeclaration): void {
    if (name !== "pointed" && name !== "signs" && name !== "isToldWhole") {
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
    const explained = explanationOf(run);
    return html`<section aria-label="Messages">
      ${this.bare ? nothing : html`<div class="bar">${tools(run, twin, (chosen) => void this.show(chosen))}</div>`}
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
            ${this.bare ? nothing : this.zoomTools()} ${this.pointed === null ? nothing : tooltip(run, this.pointed, this.clientWidth, this.clientHeight)}
          </div>
          ${this.legend && explained === null ? diagramLegend(looksOf(run.catalogue.protocol), this.signs) : nothing}`}
      ${explained === null || (this.bare && isToldByStory(run)) ? nothing : why(run, explained, !this.isToldWhole)}
    </section>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.stale && this.canvas instanceof HTMLCanvasElement && hasSpace(this.canvas)) {
      this.stale = false;
      this.paint();
    }
  }

  private paint(): void {
    const { run } = this;
    const context = sizeCanvas(this.canvas);
    const spacing = this.currentSpacing();
    this.settle(spacing);
    const frame = this.frame();
    const scene = gather(run, frame, spacing);
    const ground = { context, colours: palette(), frame, spacing, run };
    this.isToldWhole = paintScene(ground, scene).size === (explanationOf(run)?.reasons.length ?? 0);
    this.signs = this.legend ? signsInView(ground, scene, this.signs) : this.signs;
    this.scene = scene;
    this.tellView(frame, scene);
  }

  /** Tells the transport which span is in view, and the heading how many heartbeats are folded. */
  private tellView(frame: Frame, scene: Scene): void {
    const start = Math.max(0, positionAt(frame, frame.head));
    const end = visibleEnd(frame);
    this.run.view.setViewport(scene.spacing.kind === "true" ? { start, end } : null);
    this.heading = headingOf(this.run, scene, start, end);
    window.clearTimeout(this.headingTimer);
    if (!this.canvas.hasAttribute("aria-label") || performance.now() - this.headingAt > (this.run.playhead.playing ? HEADING.whilePlaying : HEADING.inGesture)) {
      this.renderHeading();
    } else {
      this.canvas.ariaBusy = "true";
      this.headingTimer = window.setTimeout(() => this.renderHeading(), HEADING.rest);
    }
  }

  /** What depends on what was just drawn is brought up to date without drawing again. */
  private renderHeading(): void {
    window.clearTimeout(this.headingTimer);
    this.headingAt = performance.now();
    if (this.canvas === null) {
      return;
    }
    this.canvas.ariaBusy = null;
    const { range, heartbeats } = this.heading;
    setText(this.renderRoot.querySelector("#heartbeats"), heartbeats);
    setText(this.renderRoot.querySelector("#range"), range);
    this.run.view.tellDrawn({ range, heartbeats, follows: this.camera.follows, legend: this.legend });
    const far = this.heading.dense ? " So far out, messages are drawn by their density and not one by one." : "";
    this.canvas.ariaLabel = `Space-time diagram, ${this.heading.range}.${far} Plus and minus zoom, Page Up and Page Down pan, 0 fits the run. ${this.bare ? "The panel Events" : "The list"} shows the same events.`;
  }

  private frame(): Frame {
    const { run, canvas, camera } = this;
    const down = run.view.looks.direction === "down";
    const until = camera.start + (down ? canvas.clientHeight : canvas.clientWidth) / camera.scale;
    return makeFrame({
      width: canvas.clientWidth,
      height: canvas.clientHeight,
      down,
      digits: timeCharacters(camera.scale, down, until, run.playhead.clock),
      replicas: run.catalogue.replicas,
      processes: run.catalogue.processes.length,
      start: camera.start,
      scale: camera.scale,
      headed: headsPhases(run),
    });
  }

  private currentSpacing(): Spacing {
    const { records } = this.run;
    const { looks } = this.run.view;
    if (this.spacing === null || !this.isSpacedBy(records, looks)) {
      const isAnew = this.spacing === null || this.spacing.kind !== looks.spacing || this.spacedBy?.records !== records;
      this.spacing = looks.spacing === "true" ? new TrueSpacing(records) : new CausalSpacing(records, looks.heartbeats === "folded");
      this.spacedBy = { records, generation: records.generation, looks };
      if (isAnew) {
        this.camera.reset(looks.spacing, headsPhases(this.run));
      }
    }
    if (this.spacing instanceof CausalSpacing) {
      this.spacing.update();
    }
    return this.spacing;
  }

  /** By time, heartbeats stand where they stand, folded or not. */
  private isSpacedBy(records: Records, { spacing, heartbeats }: Looks): boolean {
    const by = this.spacedBy;
    return by?.records === records && by.generation === records.generation && by.looks.spacing === spacing && (spacing === "true" || by.looks.heartbeats === heartbeats);
  }

  /** Brings the playhead into view where it is followed, and shows what another view asked for. */
  private settle(spacing: Spacing): void {
    const { run, camera } = this;
    const followed = camera.follows;
    const requested = run.view.takeRequest();
    if (requested?.follows === false) {
      const position = (time: number): Position => (spacing.kind === "true" ? time : spacing.event(Math.max(0, run.records.eventsUpTo(time) - 1)));
      camera.show(position(requested.start), position(requested.end), this.frame(), spacing, run.view.free);
    } else {
      if (requested !== null) camera.reset(spacing.kind, headsPhases(run));
      if (this.generation !== run.records.generation) {
        this.generation = run.records.generation;
        camera.follows = true;
      }
      camera.follow(this.headPosition(spacing), this.frame(), run.view.free);
    }
    // The button that follows says so.
    if (camera.follows !== followed) {
      this.requestUpdate();
    }
  }

  private headPosition(spacing: Spacing): Position {
    const { status, records } = this.run;
    const { clock } = this.run.playhead;
    return spacing.kind === "true" ? clock : spacing.event(Math.min(status.cursor, records.events) - 1);
  }

  // Moving about

  private pan(pixels: number): void {
    this.pointed = null;
    this.camera.pan(pixels, this.frame(), this.spacing);
    this.requestUpdate();
  }

  private zoom(factor: number, at: Along): void {
    this.pointed = null;
    const spacing = this.currentSpacing();
    this.camera.zoom(factor, at, this.frame(), spacing);
    this.requestUpdate();
  }

  private fit(): void {
    const spacing = this.currentSpacing();
    this.camera.fit(this.frame(), spacing);
    this.requestUpdate();
  }

  private setFollows(follows: boolean): void {
    this.camera.follows = follows;
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

  private readonly onOrder = (event: Event): void => {
    if ((event as CustomEvent<DrawingOrder>).detail === "follow") {
      this.setFollows(!this.camera.follows);
    } else {
      this.legend = !this.legend;
    }
  };

  /** The playhead if it is in view, else the middle of the view. */
  private inSight(pixel: Along): Along {
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
      follow: () => this.setFollows(true),
      actions: () => askForSelected(this.run, this.frame(), this.currentSpacing(), this.canvas),
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

  private select(at: Point): void {
    const { run, scene } = this;
    if (scene === null) {
      return;
    }
    const { frame } = scene;
    const [alongPixel, across] = alongAndAcross(frame, at);
    if (alongPixel < frame.head) {
      const process = frame.order.find((each) => Math.abs(lane(frame, each) - across) < NAME_PX);
      run.view.select(process === undefined ? null : { kind: "node", node: process });
      askForActions({ box: boxAt(this.canvas, at), backTo: null });
    } else if (across < frame.gutter - 4 && scene.spacing.kind === "true") {
      this.attempt(() => run.playhead.seekTime(positionAt(frame, alongPixel)));
    } else {
      run.view.select(hit(scene, at));
      askForActions({ box: boxAt(this.canvas, at), backTo: null });
    }
  }

  // Above and beside the canvas

  /** The list is fetched when it is asked for. */
  private async show(twin: Twin): Promise<void> {
    try {
      if (twin === "list") {
        await import("../event-list/event-list.js");
      }
      this.twin = twin;
    } catch (error) {
      this.run.notices.report(error);
    }
  }

  private zoomTools(): TemplateResult {
    const zoom = (factor: number): void => this.zoom(factor, this.inSight(along(this.frame(), this.headPosition(this.currentSpacing()))));
    return zoomTools({ zoom, fit: () => this.fit(), follow: () => this.setFollows(!this.camera.follows), legend: () => (this.legend = !this.legend) }, { follows: this.camera.follows, legend: this.legend });
  }
}
