// A curve that the course measures: two lines over one axis, and the figures as a table.

import { LitElement, html, svg } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { describeError } from "../../engine/engine.js";
import type { CourseCurve } from "../../engine/engine.js";
import { base } from "../../views/panel.js";
import { ask } from "./course.js";
import { WIDTH, curveStyles } from "./curve-styles.js";
import { reading } from "./style.js";

const HEIGHT = 260;
const LEFT = 52;
const BOTTOM = 36;
const TOP = 14;
const RIGHT = 14;

@customElement("course-curve")
export class CourseCurveView extends LitElement {
  static override styles = [base, reading, curveStyles];

  @property() name = "";
  @state() private curve: CourseCurve | null = null;
  @state() private failure = "";

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("name")) {
      void this.measure();
    }
  }

  private async measure(): Promise<void> {
    const { name } = this;
    try {
      const curve = await ask((engine) => engine.curve(name));
      if (name === this.name) {
        this.curve = curve;
      }
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  override render(): TemplateResult {
    if (this.failure !== "") {
      return html`<p class="broken" role="alert">This could not be measured: ${this.failure}</p>`;
    }
    const { curve } = this;
    if (curve === null) {
      return html`<p class="soft" role="status">Measuring…</p>`;
    }
    return html`<h2>${curve.title}</h2>
      <p class="prose">${curve.sentence}</p>
      ${this.plot(curve)}
      <p class="legend">
        ${curve.series.map(
          ({ name, is_mistaken: mistaken }) => html`<span
            ><svg viewBox="0 0 34 10" aria-hidden="true"><line class="line ${mistaken ? "mistaken" : ""}" x1="0" y1="5" x2="34" y2="5"></line></svg>${name}</span
          >`,
        )}
      </p>
      <details class="more">
        <summary>The figures</summary>
        ${this.figures(curve)}
      </details>`;
  }

  private plot({ title, x, y, series, sentence }: CourseCurve): TemplateResult {
    const points = series.flatMap((each) => each.points);
    const [xMax, yMax] = [Math.max(4, ...points.map(([across]) => across)), nice(Math.max(1, ...points.map(([, up]) => up)))];
    const across = (value: number): number => LEFT + (value / xMax) * (WIDTH - LEFT - RIGHT);
    const up = (value: number): number => HEIGHT - BOTTOM - (value / yMax) * (HEIGHT - BOTTOM - TOP);
    const quarters = [0, 0.25, 0.5, 0.75, 1];
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}. ${sentence}">
      ${quarters.map(
        (part) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${up(part * yMax)} y2=${up(part * yMax)}></line>
          <text x=${LEFT - 8} y=${up(part * yMax) + 4} text-anchor="end">${(part * yMax).toLocaleString("en")}</text>
          <text x=${across(part * xMax)} y=${HEIGHT - BOTTOM + 16} text-anchor=${part === 1 ? "end" : "middle"}>${(part * xMax).toLocaleString("en")}</text>`,
      )}
      <text x=${WIDTH - RIGHT} y=${HEIGHT - 4} text-anchor="end">${x}</text>
      <text x=${LEFT + 6} y=${TOP + 12}>${y}</text>
      ${series.map(({ points: line, is_mistaken: mistaken }) => svg`<polyline class="line ${mistaken ? "mistaken" : ""}" points=${line.map(([a, b]) => `${across(a)},${up(b)}`).join(" ")}></polyline>`)}
    </svg>`;
  }

  private figures({ x, series }: CourseCurve): TemplateResult {
    const [first] = series;
    // About a dozen rows say it.
    const every = Math.max(1, Math.ceil((first?.points.length ?? 0) / 12));
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The figures">
      <table>
        <thead>
          <tr>
            <th scope="col">${x}</th>
            ${series.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${first?.points.flatMap(([at], ordinal) =>
            ordinal % every === 0 || ordinal === first.points.length - 1
              ? [
                  html`<tr>
                    <th scope="row">${at.toLocaleString("en")}</th>
                    ${series.map(({ points }) => html`<td>${points[ordinal]?.[1].toLocaleString("en")}</td>`)}
                  </tr>`,
                ]
              : [],
          )}
        </tbody>
      </table>
    </div>`;
  }
}

/** The next round number that four parts can be made of. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return Math.max(4, step * power);
}
