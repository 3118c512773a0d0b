// A plot by uPlot: lines in ink, told apart by their dashes and by their names, since colour is kept for terms. Beside it
// always stands a table of the same figures.

import { LitElement, css, html, unsafeCSS } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type UPlot from "uplot";
import uplotText from "uplot/dist/uPlot.min.css?inline";

import { onTheme, palette } from "../../design/palette.js";
import { base } from "../../views/panel.js";

export interface Line {
  name: string;
  /** The points, across and up, in the order of the former. */
  points: readonly (readonly [number, number])[];
  /** Points that are marked: quantiles. */
  marks?: readonly (readonly [number, number])[];
}

export interface Plotted {
  title: string;
  x: string;
  y: string;
  lines: readonly Line[];
  /** Each value holds until the next. */
  isStepped: boolean;
  /** Up to here at least. */
  xMax: number;
  yMax: number;
  /** Where one is, across; null for nowhere. */
  here: number | null;
}

const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const HEIGHT = 260;
const MARK_PX = 4;
const FONT_PX = 12;

@customElement("compare-plot")
export class ComparePlot extends LitElement {
  static override styles = [
    base,
    unsafeCSS(uplotText),
    css`
      .u-legend {
        font: var(--size-s) / 1.4 var(--sans);
        text-align: left;
      }

      .u-legend .u-value {
        font-family: var(--mono);
      }

      .u-inline.u-live th::after {
        vertical-align: baseline;
      }

      .u-legend .u-marker {
        width: 22px;
        height: 0;
        margin-right: 6px;
      }

      .u-hz .u-cursor-x {
        border-right: 1px dashed var(--ink-2);
      }

      .u-hz .u-cursor-y {
        border-bottom: 1px dashed var(--ink-2);
      }

      .u-legend .u-series > * {
        padding: 2px 6px;
      }
    `,
  ];

  @property({ attribute: false }) plotted!: Plotted;
  @query(".plot") private place!: HTMLElement | null;
  private plot: UPlot | undefined;
  private drawings = 0;
  private unlisten: (() => void) | undefined;
  private readonly resizing = new ResizeObserver(() => this.resize());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    this.unlisten = onTheme(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.unlisten?.();
    this.plot?.destroy();
    this.plot = undefined;
  }

  override render(): TemplateResult {
    return html`<div class="plot" role="img" aria-label="${this.plotted.title}: ${this.plotted.y}, by ${this.plotted.x}. The table has the same figures."></div>`;
  }

  protected override updated(_: PropertyValues): void {
    void this.draw();
  }

  private resize(): void {
    this.plot?.setSize({ width: this.clientWidth, height: HEIGHT });
  }

  /** uPlot is fetched when the first plot is drawn. */
  private async draw(): Promise<void> {
    this.drawings += 1;
    const { drawings } = this;
    const { default: Plot } = await import("uplot");
    if (drawings !== this.drawings || this.place === null || !this.isConnected) {
      return;
    }
    this.plot?.destroy();
    const { lines } = this.plotted;
    const tables = lines.map(({ points }): UPlot.AlignedData => [points.map(([x]) => x), points.map(([, y]) => y)]);
    const data = tables.length === 0 ? ([[]] as UPlot.AlignedData) : Plot.join(tables);
    this.plot = new Plot(this.options(Plot), data, this.place);
  }

  private options(Plot: typeof UPlot): UPlot.Options {
    const { x, y, lines, isStepped, xMax, yMax, here } = this.plotted;
    const { ink, ink2, rule, sans } = palette();
    const axis = { stroke: ink2, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 }, font: `${FONT_PX}px ${sans}`, labelFont: `600 ${FONT_PX}px ${sans}` };
    const paths = isStepped ? Plot.paths.stepped?.({ align: 1 }) : Plot.paths.linear?.();
    return {
      width: this.clientWidth,
      height: HEIGHT,
      scales: { x: { time: false, range: (_, __, most) => [0, Math.max(xMax, most)] }, y: { range: (_, __, most) => [0, Math.max(yMax, most * 1.05)] } },
      axes: [{ ...axis, label: x, size: 28, labelSize: 18, gap: 3 }, { ...axis, label: y, size: 62, labelSize: 18 }],
      cursor: { drag: { x: false, y: false } },
      legend: { markers: { width: 2, stroke: ink, dash: (_, ordinal) => (ordinal === 1 ? "solid" : ordinal === 2 ? "dashed" : "dotted") } },
      series: [
        { label: x },
        ...lines.map(({ name }, ordinal) => ({
          label: name,
          stroke: ink,
          width: 2,
          dash: [...(DASHES[ordinal % DASHES.length] ?? [])],
          spanGaps: true,
          points: { show: false },
          ...(paths === undefined ? {} : { paths }),
        })),
      ],
      hooks: { draw: [(plot) => this.marks(plot, here)] },
    };
  }

  /** Quantiles, where one is, and each line's name at its end. */
  private marks(plot: UPlot, here: number | null): void {
    const { ctx: context } = plot;
    const { ink, paper, focus, sans } = palette();
    const ratio = devicePixelRatio || 1;
    context.save();
    if (here !== null) {
      const x = plot.valToPos(here, "x", true);
      context.fillStyle = focus;
      context.fillRect(x - ratio / 2, plot.bbox.top, ratio, plot.bbox.height);
    }
    context.lineWidth = 2 * ratio;
    context.strokeStyle = ink;
    context.fillStyle = paper;
    for (const [x, y] of this.plotted.lines.flatMap(({ marks = [] }) => marks)) {
      context.beginPath();
      context.arc(plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), MARK_PX * ratio, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
    context.font = `600 ${FONT_PX * ratio}px ${sans}`;
    context.textAlign = "right";
    // Shares all end at the top: there the legend tells the lines apart.
    if (!this.plotted.isStepped) {
      this.names(plot, ratio, ink, paper);
    }
    context.restore();
  }

  private names(plot: UPlot, ratio: number, ink: string, paper: string): void {
    const { ctx: context } = plot;
    const leading = (FONT_PX + 2) * ratio;
    const placed: number[] = [];
    const ends = this.plotted.lines.flatMap(({ name, points }) => {
      const last = points.at(-1);
      return last === undefined ? [] : [{ name, x: plot.valToPos(last[0], "x", true), y: plot.valToPos(last[1], "y", true) }];
    });
    for (const { name, x, y } of ends.toSorted((one, other) => other.y - one.y)) {
      // Above its line, and above the names that are written already.
      const free = placed.reduce((at, taken) => (Math.abs(at - taken) < leading ? taken - leading : at), y - 5 * ratio);
      const at = Math.max(plot.bbox.top + leading, free);
      placed.push(at);
      context.lineWidth = 3 * ratio;
      context.strokeStyle = paper;
      context.strokeText(name, x - 2 * ratio, at);
      context.fillStyle = ink;
      context.fillText(name, x - 2 * ratio, at);
    }
  }
}
