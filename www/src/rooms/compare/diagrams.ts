// The diagrams of several protocols above each other: one time axis, one playhead, scrolled and zoomed as one. They are
// painted by the code that paints the playground's.

import { LitElement, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icons } from "../../design/icons.js";
import { onTheme, paintEpochsBy, palette } from "../../design/palette.js";
import { apostrophes, seconds, span } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { ComparedRun } from "../../engine/engine.js";
import { isLinkTextLoaded, loadLinkText } from "../../engine/link-text.js";
import { Run } from "../../engine/run.js";
import { countsFromZero, looksOf } from "../../protocols/protocol.js";
import { hasSpace, sizeCanvas } from "../../views/canvas.js";
import { Camera } from "../../views/diagram/camera.js";
import { along, length, positionAt } from "../../views/diagram/frame.js";
import type { Frame } from "../../views/diagram/frame.js";
import { Gestures } from "../../views/diagram/gestures.js";
import { paintScene } from "../../views/diagram/paint.js";
import { gather } from "../../views/diagram/scene.js";
import { base } from "../../views/panel.js";
import { quietLinks } from "../contents-styles.js";
import { diagramsStyles } from "./diagrams-styles.js";
import { frameOf, linkTo, nextTime, seekAll, sentenceOf, shownOf, spanOf } from "./side-by-side.js";
import type { Shown } from "./side-by-side.js";

/** Pixels for each process, and for what stands beside the lanes. */
const LANE_PX = 17;
const BESIDE_PX = 36;
const ZOOM = 1.4;
const PAGE_SHARE = 0.05;
/** Virtual time against real time. */
const SPEEDS = [0.01, 0.05, 0.1, 0.5, 1] as const;
/** However long a frame took, the runs go on by no more than this, in milliseconds. */
const FRAME_MAX_MS = 100;
/** After so many milliseconds of rest the links lead to where the playhead stands. */
const REST_MS = 250;
const heightOf = ({ run }: Shown): number => run.catalogue.processes.length * LANE_PX + BESIDE_PX;

@customElement("compare-diagrams")
export class CompareDiagrams extends LitElement {
  static override styles = [base, quietLinks, diagramsStyles];

  /** The page's run, whose engines are used. */
  @property({ attribute: false }) page!: Run;
  @property({ attribute: false }) protocols: readonly string[] = [];
  @property({ attribute: false }) runs: ReadonlyMap<string, ComparedRun> = new Map();
  /** Where the runs end, and from where on they are steady. */
  @property({ type: Number }) until = 0;
  @property({ type: Number }) steady = 0;
  /** The address of the comparison, to come back to. */
  @property() from = "";
  @state() private shown: readonly Shown[] = [];
  @state() private clock = 0;
  @state() private isPlaying = false;
  @state() private speed: number = SPEEDS[2];
  @state() private problem = "";
  @state() private links: ReadonlyMap<string, string> = new Map();
  private readonly camera = new Camera();
  private readonly made = new Map<string, Run>();
  private madeOf: ReadonlyMap<string, ComparedRun> | null = null;
  private span: { start: number; end: number } | null = null;
  private frameAt = 0;
  private resting = 0;
  private unlisten: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());
  private readonly gestures = new Gestures({
    pan: (pixels) => this.move((frame, shown) => this.camera.pan(pixels, frame, shown.spacing)),
    zoom: (factor, at) => this.zoom(factor, at),
    point: () => undefined,
    choose: ({ x }) => this.choose(x),
    along: ({ x }) => x,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    this.unlisten = onTheme(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.unlisten?.();
    this.isPlaying = false;
    window.clearTimeout(this.resting);
    // The colours of epochs are the page's run's again.
    const { epoch_places: owners, protocol } = this.page.catalogue;
    paintEpochsBy(owners, countsFromZero(protocol));
  }

  protected override willUpdate(changed: PropertyValues): void {
    const isWhole = this.protocols.length > 0 && this.protocols.every((protocol) => this.runs.has(protocol));
    if ((changed.has("runs") || changed.has("protocols")) && isWhole && this.madeOf !== this.runs) {
      this.madeOf = this.runs;
      void this.make(this.runs);
    }
  }

  private async make(runs: ReadonlyMap<string, ComparedRun>): Promise<void> {
    this.isPlaying = false;
    try {
      for (const protocol of this.protocols) {
        const compared = runs.get(protocol);
        // One after the other: the page stays in use between them.
        // eslint-disable-next-line no-await-in-loop
        const shown = compared === undefined ? null : await shownOf(this.page, compared, this.until, this.runOf(protocol));
        if (this.madeOf !== runs) {
          return;
        }
        this.shown = [...this.shown.filter((each) => each.compared.protocol !== protocol), ...(shown === null ? [] : [shown])];
      }
      this.problem = "";
      this.shown = this.shown.filter(({ compared }) => this.protocols.includes(compared.protocol));
      this.links = new Map();
      this.span = spanOf(this.shown, this.steady);
      this.seek(this.span.end);
      await loadLinkText();
      this.restSoon();
    } catch (error) {
      this.problem = describeError(error);
    }
  }

  /** A protocol's run, whose simulation gives way to the next: those that are not freed fill the engine's memory. */
  private runOf(protocol: string): Run {
    const run = this.made.get(protocol) ?? new Run();
    this.made.set(protocol, run);
    return run;
  }

  // The playhead

  private seek(time: number): void {
    this.clock = Math.max(0, Math.min(this.until, time));
    try {
      seekAll(this.shown, this.clock);
    } catch (error) {
      this.isPlaying = false;
      this.problem = describeError(error);
    }
    this.restSoon();
  }

  /** A step of one event in any of the runs. */
  private step(direction: 1 | -1): void {
    const time = nextTime(this.shown, this.clock, direction);
    this.go(time ?? (direction === 1 ? this.until : 0));
  }

  /** Goes to a time, and keeps it in view. */
  private go(time: number): void {
    this.isPlaying = false;
    this.seek(time);
    this.keepInView();
  }

  private keepInView(): void {
    this.move((frame) => {
      const at = along(frame, this.clock);
      if (at < frame.head || at > length(frame)) {
        this.camera.follows = true;
        this.camera.follow(this.clock, frame, 0);
        this.camera.follows = false;
      }
    });
  }

  private togglePlay(): void {
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying) {
      if (this.clock >= this.until) {
        this.seek(this.span?.start ?? 0);
      }
      this.frameAt = performance.now();
      requestAnimationFrame((now) => this.onFrame(now));
    }
  }

  private onFrame(now: number): void {
    if (!this.isPlaying) {
      return;
    }
    const passed = Math.max(0, Math.min(FRAME_MAX_MS, now - this.frameAt));
    this.frameAt = now;
    this.seek(this.clock + passed * 1_000 * this.speed);
    this.keepInView();
    this.isPlaying &&= this.clock < this.until;
    requestAnimationFrame((next) => this.onFrame(next));
  }

  /** A link to each run where the playhead stands, once it rests. */
  private restSoon(): void {
    window.clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      if (!this.isPlaying && isLinkTextLoaded()) {
        this.links = new Map(this.shown.flatMap(({ compared, run }) => {
          const link = linkTo(run);
          return link === null ? [] : [[compared.protocol, `${link}&from=${this.from}`] as const];
        }));
      }
    }, REST_MS);
  }

  // The view

  /** The runs that have a place, each with its own. */
  private placed(): { shown: Shown; canvas: HTMLCanvasElement }[] {
    return this.shown.flatMap((shown) => {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`[data-protocol="${shown.compared.protocol}"]`);
      return canvas === null ? [] : [{ shown, canvas }];
    });
  }

  /** Moves the view by the first diagram: along, all have the same. */
  private move(by: (frame: Frame, shown: Shown) => void): void {
    const [first] = this.placed();
    if (first !== undefined) {
      by(frameOf(first.shown, first.canvas, this.camera, this.clock), first.shown);
      this.requestUpdate();
    }
  }

  private zoom(factor: number, at?: number): void {
    this.move((frame, { spacing }) => {
      const head = along(frame, this.clock);
      const isInView = head > frame.head && head < length(frame);
      this.camera.follows = false;
      this.camera.zoom(factor, at ?? (isInView ? head : (frame.head + length(frame)) / 2), frame, spacing);
    });
  }

  private pan(share: number): void {
    this.move((frame, { spacing }) => this.camera.pan(share * (length(frame) - frame.head), frame, spacing));
  }

  private choose(x: number): void {
    this.move((frame) => this.go(positionAt(frame, Math.max(frame.head, x))));
  }

  /** The page is scrolled by the wheel; with a key held, or to the side, the diagrams are. */
  private readonly onWheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.gestures.onWheel(event);
    }
  };

  protected override updated(): void {
    const placed = this.placed();
    // The page's policy lets no style stand in the markup.
    placed.forEach(({ shown, canvas }) => canvas.parentElement?.style.setProperty("height", `${heightOf(shown)}px`));
    if (!placed.every(({ canvas }) => hasSpace(canvas))) {
      return;
    }
    if (this.span !== null && placed.length > 0) {
      const { start, end } = this.span;
      this.span = null;
      this.move((frame, { spacing }) => this.camera.show(start, end, frame, spacing, 0));
    }
    placed.forEach(({ shown, canvas }) => this.paint(shown, canvas));
  }

  private paint(shown: Shown, canvas: HTMLCanvasElement): void {
    const { run, spacing } = shown;
    const { epoch_places: owners, protocol } = run.catalogue;
    paintEpochsBy(owners, countsFromZero(protocol));
    const frame = frameOf(shown, canvas, this.camera, this.clock);
    const scene = gather(run, frame, spacing);
    paintScene({ context: sizeCanvas(canvas), colours: palette(), frame, spacing, run }, scene);
    canvas.ariaLabel = `${looksOf(protocol).title}, ${seconds(Math.max(0, positionAt(frame, frame.head)))} to ${seconds(positionAt(frame, length(frame)))}, playhead at ${seconds(this.clock)}`;
    this.placeBracket(shown, frame, canvas);
  }

  /** The time without an answer, above the lanes. */
  private placeBracket({ compared: { struck, unserved } }: Shown, frame: Frame, canvas: HTMLCanvasElement): void {
    const bracket = canvas.parentElement?.querySelector<HTMLElement>(".bracket");
    if (bracket === null || bracket === undefined || struck === null || unserved === null) {
      return;
    }
    const clip = (at: number): number => Math.max(frame.head, Math.min(length(frame), at));
    const [from, to] = [clip(along(frame, struck)), clip(along(frame, struck + unserved))];
    bracket.style.left = `${from}px`;
    bracket.style.width = `${to - from}px`;
    bracket.hidden = to - from < 1;
  }

  // What is drawn around it

  override render(): TemplateResult {
    if (this.problem !== "") {
      return html`<p class="failure" role="alert">The runs could not be drawn: ${this.problem}</p>`;
    }
    return html`<section aria-label="Diagrams">
      ${this.shown.length === 0 ? html`<p class="soft" role="status">${this.madeOf === null ? "Following the script…" : "Drawing…"}</p>` : this.controls()} ${this.protocols.map((protocol) => this.diagram(protocol))}
    </section>`;
  }

  private controls(): TemplateResult {
    const { isPlaying, clock, until, speed } = this;
    return html`<div class="controls">
      <div class="row">
        <button class="quiet icon" aria-label="Step back" title="To the event before, in any of the runs" @click=${() => this.step(-1)}>${icons.back}</button>
        <button class="icon" aria-label=${isPlaying ? "Pause" : "Play"} title=${isPlaying ? "Pause" : "Play"} @click=${() => this.togglePlay()}>${isPlaying ? icons.pause : icons.play}</button>
        <button class="quiet icon" aria-label="Step" title="To the next event, in any of the runs" @click=${() => this.step(1)}>${icons.forward}</button>
        <select aria-label="Speed" @change=${(event: Event) => (this.speed = Number((event.target as HTMLSelectElement).value))}>
          ${SPEEDS.map((each) => html`<option value=${each} .selected=${each === speed}>×${each}</option>`)}
        </select>
        <output class="mono" aria-label="Time">${seconds(clock)}</output>
      </div>
      <input
        type="range"
        aria-label="Position in the runs"
        aria-valuetext=${seconds(clock)}
        min="0"
        max=${until}
        step="1"
        .value=${String(Math.round(clock))}
        @input=${(event: Event) => this.go((event.target as HTMLInputElement).valueAsNumber)}
        @keydown=${this.onKey}
      />
      <div class="row">
        <button class="quiet" title="Earlier" aria-label="Earlier" @click=${() => this.pan(0.5)}>←</button>
        <button class="quiet" title="Later" aria-label="Later" @click=${() => this.pan(-0.5)}>→</button>
        <button class="quiet icon" aria-label="Zoom out" title="Zoom out (−)" @click=${() => this.zoom(1 / ZOOM)}>${icons.zoomOut}</button>
        <button class="quiet icon" aria-label="Zoom in" title="Zoom in (+)" @click=${() => this.zoom(ZOOM)}>${icons.zoomIn}</button>
        <button class="quiet" title="The whole runs (0)" @click=${this.fit}>Fit</button>
      </div>
    </div>`;
  }

  private readonly fit = (): void => this.move((frame, { spacing }) => this.camera.fit(frame, spacing));

  private readonly onKey = (event: KeyboardEvent): void => {
    const page = this.until * PAGE_SHARE;
    const moves: Record<string, () => void> = {
      ArrowRight: () => this.step(1),
      ArrowUp: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      ArrowDown: () => this.step(-1),
      PageUp: () => this.go(this.clock + page),
      PageDown: () => this.go(this.clock - page),
      Home: () => this.go(0),
      End: () => this.go(this.until),
      " ": () => this.togglePlay(),
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      "0": this.fit,
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      move();
    }
  };

  private diagram(protocol: string): TemplateResult {
    const compared = this.runs.get(protocol);
    // Until a run is made again, the one before it stays.
    const shown = compared?.not_applicable === null || compared === undefined ? this.shown.find((each) => each.compared.protocol === protocol) : undefined;
    const { title } = looksOf(protocol);
    const link = this.links.get(protocol) ?? (compared?.link === null || compared === undefined ? null : `${compared.link}&from=${this.from}`);
    return html`<article>
      <header>
        <h3>${title}</h3>
        <p class="soft">${compared === undefined ? "" : compared.not_applicable === null ? sentenceOf(compared) : html`not applicable: ${apostrophes(compared.not_applicable)}`}</p>
        ${link === null || shown === undefined ? nothing : html`<a href=${link} aria-label="Open ${title}’s run in the playground">Open in the playground</a>`}
      </header>
      ${shown === undefined
        ? nothing
        : html`${shown.agrees ? nothing : html`<p class="failure" role="alert">This is not the run that was measured: the trace hash does not agree.</p>`}
            <div class="lanes">
              ${shown.compared.unserved === null ? nothing : html`<div class="bracket" aria-hidden="true"><span>unserved ${span(shown.compared.unserved)}</span></div>`}
              <canvas
                role="img"
                data-protocol=${protocol}
                @wheel=${this.onWheel}
                @pointerdown=${this.gestures.onDown}
                @pointermove=${this.gestures.onMove}
                @pointerup=${this.gestures.onUp}
                @pointercancel=${this.gestures.onUp}
              ></canvas>
            </div>`}
    </article>`;
  }
}
