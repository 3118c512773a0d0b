// The diagram as a figure: what of it, how large, in which theme; to be looked at, and saved as SVG or PNG.

import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { describeError } from "../../engine/engine.js";
import { loadLinkText } from "../../engine/link-text.js";
import { titleOf } from "../../engine/origin.js";
import type { Run } from "../../engine/run.js";
import type { FigureTheme } from "../../figure/colours.js";
import { SIZES, layOut, svgOf } from "../../figure/figure.js";
import type { Figure, FigureSize } from "../../figure/figure.js";
import { measuring, paintFigure } from "../../figure/ink-canvas.js";
import { base } from "../panel.js";
import { download, fileName } from "./download.js";
import { PAGE, addressNow, settingsNow } from "./now.js";
import type { Settings } from "./now.js";
import { partStyles } from "./styles.js";

const TICKS_PER_SECOND = 1_000_000;
/** A figure shows no less. */
const SPAN_MIN = 1_000;
/** The preview's pixels, for each of the figure's units. */
const PREVIEW = 2;
const CAPTION_MAX = 600;
const OFFERED: readonly FigureSize[] = ["paper", "slide"];

const figureStyles = css`
  .parts {
    display: grid;
    grid-template-columns: minmax(220px, 1fr) minmax(0, 1.4fr);
    gap: var(--s4);
  }

  .fields {
    display: grid;
    gap: var(--s2);
    align-content: start;
  }

  label.tick {
    display: flex;
    align-items: center;
  }

  .span input {
    width: 96px;
  }

  .preview {
    padding: 0;
  }

  canvas {
    display: block;
    max-width: 100%;
    max-height: 56dvh;
    margin: 0 auto;
    border: 1px solid var(--rule);
  }

  @media (max-width: 700px) {
    .parts {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;

@customElement("playground-figure")
export class PlaygroundFigure extends LitElement {
  static override styles = [base, partStyles, figureStyles];

  @property({ attribute: false }) run!: Run;
  @state() private settings: Settings | null = null;
  @state() private problem = "";
  @state() private said = "";
  @query("canvas") private canvas!: HTMLCanvasElement | null;
  private address = PAGE;
  private figure: Figure | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.settings = settingsNow(this.run);
    void this.findAddress();
  }

  /** A run that does not fit into a link has none; the page's address then stands alone. */
  private async findAddress(): Promise<void> {
    try {
      await loadLinkText();
      this.address = addressNow(this.run);
    } catch (error) {
      this.said = `The figure has no address of the run: ${describeError(error).replace(/\.$/, "")}.`;
    }
    this.requestUpdate();
  }

  private change(part: Partial<Settings>): void {
    if (this.settings !== null) {
      this.settings = { ...this.settings, ...part };
      this.said = "";
    }
  }

  protected override updated(): void {
    if (this.canvas === null || this.settings === null) {
      return;
    }
    try {
      this.figure = layOut(this.run, { ...this.settings, address: this.address }, measuring());
      paintFigure(this.figure, this.canvas, this.figure.width * PREVIEW);
      this.problem = "";
    } catch (error) {
      this.problem = describeError(error);
    }
  }

  private saveSvg(): void {
    if (this.figure !== null) {
      this.save("svg", new Blob([svgOf(this.figure, measuring(), true)], { type: "image/svg+xml" }));
    }
  }

  private savePng(): void {
    const { figure } = this;
    if (figure === null) {
      return;
    }
    const canvas = document.createElement("canvas");
    paintFigure(figure, canvas, SIZES[figure.settings.size].measures.px);
    canvas.toBlob((blob) => {
      if (blob === null) {
        this.problem = "The browser has no memory for a picture of this size.";
      } else {
        this.save("png", blob);
      }
    }, "image/png");
  }

  private save(kind: string, content: Blob): void {
    const name = `${fileName(titleOf(this.run))}.${kind}`;
    download(name, content);
    this.said = `${name} was saved, ${Math.ceil(content.size / 1_024).toLocaleString("en")} KB.`;
  }

  override render(): TemplateResult {
    const { settings } = this;
    return html`<section aria-labelledby="title">
      <h3 id="title">The diagram as a figure</h3>
      ${settings === null
        ? nothing
        : html`<div class="parts">
            <div class="fields">${this.choices(settings)} ${this.span(settings)} ${this.playhead(settings)} ${this.caption(settings)} ${this.buttons()}</div>
            <div class="preview"><canvas role="img" aria-label="The figure as it will be saved"></canvas></div>
          </div>`}
    </section>`;
  }

  private choices({ size, theme, down }: Settings): TemplateResult {
    return html`${segmented("Size", size, OFFERED.map((each) => [each, SIZES[each].name]), (chosen) => this.change({ size: chosen }))}
    ${segmented<FigureTheme>("Colours", theme, [["light", "Light"], ["dark", "Dark"]], (chosen) => this.change({ theme: chosen }))}
    ${segmented("Time runs", down ? "down" : "right", [["down", "Down"], ["right", "To the right"]], (chosen) => this.change({ down: chosen === "down" }))}`;
  }

  private span({ spacing, span: { start, end } }: Settings): TemplateResult {
    if (spacing.kind === "causal") {
      return html`<p class="soft">It shows what the diagram has in view, spaced by cause.</p>`;
    }
    return html`<div class="row span">
      ${timeField("From second", start, (from) => this.change({ span: { start: Math.max(0, from), end: Math.max(end, from + SPAN_MIN) } }))}
      ${timeField("to second", end, (to) => this.change({ span: { start: Math.max(0, Math.min(start, to - SPAN_MIN)), end: Math.max(to, SPAN_MIN) } }))}
    </div>`;
  }

  private playhead({ whole }: Settings): TemplateResult | typeof nothing {
    const onChange = (event: Event): void => this.change({ whole: !(event.target as HTMLInputElement).checked });
    return this.run.playhead.inPast ? html`<label class="tick"><input type="checkbox" .checked=${!whole} @change=${onChange} />Pale what comes after the playhead</label>` : nothing;
  }

  private caption({ caption, title }: Settings): TemplateResult {
    return html`<label>Title<input type="text" maxlength="120" .value=${title} @input=${(event: Event) => this.change({ title: text(event) })} /></label>
      <label>Caption<textarea rows="3" maxlength=${CAPTION_MAX} .value=${caption} @input=${(event: Event) => this.change({ caption: text(event) })}></textarea></label>`;
  }

  private buttons(): TemplateResult {
    return html`<p class="row"><button class="primary" @click=${() => this.saveSvg()}>Save as SVG</button><button @click=${() => this.savePng()}>Save as PNG</button></p>
      <p class="said soft" role="status">${this.said}</p>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}`;
  }
}

const text = (event: Event): string => (event.target as HTMLInputElement | HTMLTextAreaElement).value;

function timeField(name: string, ticks: number, set: (ticks: number) => void): TemplateResult {
  const onChange = (event: Event): void => set(Math.round(Number(text(event)) * TICKS_PER_SECOND));
  return html`<label>${name}<input type="number" step="0.01" min="0" .value=${(ticks / TICKS_PER_SECOND).toFixed(3)} @change=${onChange} /></label>`;
}

function segmented<T extends string>(name: string, chosen: T, all: readonly (readonly [T, string])[], choose: (value: T) => void): TemplateResult {
  return html`<div><p class="soft">${name}</p><div class="segmented" role="group" aria-label=${name}>
    ${all.map(([value, words]) => html`<button aria-pressed=${value === chosen} @click=${() => choose(value)}>${words}</button>`)}
  </div></div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "playground-figure": PlaygroundFigure;
  }
}
