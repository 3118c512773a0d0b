// The whole run as a tape: terms, leaders, client writes, faults; and the playhead, to be dragged.

import { css, html } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";

import { isNoEpoch, onTheme, palette, termColour } from "../../design/palette.js";
import type { Palette } from "../../design/palette.js";
import { seconds } from "../../design/words.js";
import { firstIndexWhere } from "../../engine/column.js";
import type { Topic } from "../../engine/emitter.js";
import { sizeCanvas } from "../canvas.js";
import { Panel, base } from "../panel.js";

const TAPE = { top: 9, height: 14 };
const CUTS = { top: 2, height: 3 };
const TICKS = { top: 25, height: 5 };
const HEIGHT = 34;

@customElement("playground-scrubber")
export class PlaygroundScrubber extends Panel {
  static override styles = [
    base,
    css`
      .tape {
        position: relative;
        height: ${HEIGHT}px;
        touch-action: pan-y;
        cursor: ew-resize;
        border-radius: var(--radius-s);
      }

      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "viewport", "verdict"];

  @query("#marks") private marks!: HTMLCanvasElement;
  @query("#head") private head!: HTMLCanvasElement;

  private drawn = "";
  private drawnAt = 0;
  private wanted: number | null = null;
  private unlisten: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    this.unlisten = onTheme(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.unlisten?.();
  }

  protected override content(): TemplateResult {
    const { run } = this;
    return html`<div
      class="tape"
      role="slider"
      tabindex="0"
      aria-label="Position in the run"
      aria-valuemin="0"
      aria-valuemax=${run.status.events}
      aria-valuenow=${run.status.cursor}
      aria-valuetext="${seconds(run.playhead.clock)}, event ${run.status.cursor} of ${run.status.events}"
      @pointerdown=${this.onPointer}
      @pointermove=${this.onPointer}
      @keydown=${this.onKey}
    >
      <canvas id="marks"></canvas><canvas id="head"></canvas>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.marks instanceof HTMLCanvasElement) {
      this.paint();
    }
  }

  private readonly onPointer = (event: PointerEvent): void => {
    if (event.type === "pointerdown") {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      this.run.playhead.pause();
    } else if (event.buttons === 0) {
      return;
    }
    const box = this.marks.getBoundingClientRect();
    const first = this.wanted === null;
    this.wanted = ((event.clientX - box.left) / box.width) * this.run.extent;
    if (first) {
      requestAnimationFrame(() => this.arrive());
    }
  };

  /** At most one seek a frame, however fast the pointer moves. */
  private arrive(): void {
    const time = this.wanted;
    this.wanted = null;
    if (time !== null) {
      this.attempt(() => this.run.playhead.seekTime(time));
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { run } = this;
    const page = this.run.extent / 20;
    const moves: Record<string, () => void> = {
      ArrowRight: () => run.playhead.step(event.shiftKey ? 25 : 1),
      ArrowLeft: () => run.playhead.step(event.shiftKey ? -25 : -1),
      ArrowUp: () => run.playhead.step(1),
      ArrowDown: () => run.playhead.step(-1),
      PageUp: () => run.playhead.seekTime(run.playhead.clock + page),
      PageDown: () => run.playhead.seekTime(run.playhead.clock - page),
      Home: () => run.playhead.seek(0),
      End: () => run.playhead.toEnd(),
    };
    const move = moves[event.key];
    if (move !== undefined) {
      event.preventDefault();
      this.run.playhead.pause();
      this.attempt(move);
    }
  };

  private paint(): void {
    const colours = palette();
    const width = this.marks.clientWidth;
    const { records } = this.run;
    const key = `${width} ${records.generation} ${records.revision} ${this.run.moment.violated().size} ${colours.paper} ${devicePixelRatio}`;
    const now = performance.now();
    if (key !== this.drawn && (!this.run.playhead.playing || now - this.drawnAt > 120)) {
      this.drawn = key;
      this.drawnAt = now;
      this.paintMarks(colours, width);
    }
    this.paintHead(colours, width);
  }

  private paintMarks(colours: Palette, width: number): void {
    const context = sizeCanvas(this.marks);
    const { records } = this.run;
    const scale = width / this.run.extent;
    context.clearRect(0, 0, width, HEIGHT);
    context.fillStyle = colours.sunk;
    context.fillRect(0, TAPE.top, width, TAPE.height);
    records.changes.topEpochs.forEach(({ time, value }, ordinal) => {
      const next = records.changes.topEpochs[ordinal + 1]?.time ?? this.run.extent;
      context.globalAlpha = isNoEpoch(value) ? 0 : 0.75;
      context.fillStyle = termColour(colours, value);
      context.fillRect(time * scale, TAPE.top, Math.max(1, (next - time) * scale), TAPE.height);
    });
    context.globalAlpha = 1;
    this.paintTicks(context, colours, scale);
    this.paintFaults(context, colours, scale);
  }

  private paintTicks(context: CanvasRenderingContext2D, colours: Palette, scale: number): void {
    const { records } = this.run;
    context.fillStyle = colours.ruleStrong;
    const { invocations } = records.changes;
    const pixel = (index: number): number => Math.round(records.eventTime.at(invocations[index] ?? 0) * scale);
    let next = 0;
    // Of those within two pixels, the first stands for all, and the others are not looked at.
    while (next < invocations.length) {
      const x = pixel(next);
      context.fillRect(x, TICKS.top, 1, TICKS.height);
      next = firstIndexWhere(invocations.length, (index) => pixel(index) >= x + 2);
    }
    context.fillStyle = colours.ink;
    for (const { time } of records.changes.leaders) {
      const x = time * scale;
      context.beginPath();
      context.moveTo(x - 4, TAPE.top - 6);
      context.lineTo(x + 4, TAPE.top - 6);
      context.lineTo(x, TAPE.top);
      context.fill();
    }
  }

  private paintFaults(context: CanvasRenderingContext2D, colours: Palette, scale: number): void {
    const { records } = this.run;
    context.fillStyle = colours.bad;
    records.changes.cuts.forEach(({ time, cut }, ordinal) => {
      if (cut.size > 0) {
        const next = records.changes.cuts[ordinal + 1]?.time ?? this.run.extent;
        context.fillRect(time * scale, CUTS.top, Math.max(2, (next - time) * scale), CUTS.height);
      }
    });
    context.strokeStyle = colours.bad;
    context.lineWidth = 1.5;
    for (const change of records.changes.conditions.flat()) {
      if (change.condition === "down") {
        const x = change.time * scale;
        context.beginPath();
        context.moveTo(x - 3, TICKS.top);
        context.lineTo(x + 3, TICKS.top + 6);
        context.moveTo(x + 3, TICKS.top);
        context.lineTo(x - 3, TICKS.top + 6);
        context.stroke();
      }
    }
    for (const event of this.run.moment.violated()) {
      diamond(context, records.eventTime.at(event) * scale);
    }
  }

  private paintHead(colours: Palette, width: number): void {
    const context = sizeCanvas(this.head);
    const scale = width / this.run.extent;
    context.clearRect(0, 0, width, HEIGHT);
    const { viewport } = this.run.view;
    const { clock } = this.run.playhead;
    if (viewport !== null) {
      const left = Math.max(0, viewport.start * scale);
      const right = Math.min(width, viewport.end * scale);
      context.strokeStyle = colours.ink;
      context.lineWidth = 1;
      context.globalAlpha = 0.65;
      context.strokeRect(left + 0.5, TAPE.top - 1.5, Math.max(3, right - left - 1), TAPE.height + 3);
      context.globalAlpha = 1;
    }
    const x = Math.min(width - 1.5, Math.max(1.5, clock * scale));
    context.fillStyle = colours.paper;
    context.fillRect(x - 2.5, 0, 5, HEIGHT);
    context.fillStyle = colours.ink;
    context.fillRect(x - 1.25, 0, 2.5, HEIGHT);
  }
}

/** Where something was broken, as high as the tape. */
function diamond(context: CanvasRenderingContext2D, x: number): void {
  const [middle, half] = [TAPE.top + TAPE.height / 2, TAPE.height / 2];
  context.beginPath();
  context.moveTo(x, middle - half);
  context.lineTo(x + half * 0.8, middle);
  context.lineTo(x, middle + half);
  context.lineTo(x - half * 0.8, middle);
  context.fill();
}
