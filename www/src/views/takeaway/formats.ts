// The run in the formats of other tools, and as a scenario. What writes them is fetched when it is asked for: it knows all
// protocols, and works on a thread of its own.

import { LitElement, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { apostrophes } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { RunFormat } from "../../engine/engine.js";
import { titleOf } from "../../engine/origin.js";
import type { Run } from "../../engine/run.js";
import type { Clerk } from "../../search/clerk.js";
import { base } from "../panel.js";
import { download, fileName } from "./download.js";
import { partStyles } from "./styles.js";

/** How files of a format are called. */
const ENDINGS: Readonly<Record<string, string>> = { mermaid: "mmd", shiviz: "log", itf: "itf.json", rust: "rs" };
/** Those of which a part can be had. */
const IN_PARTS = ["mermaid", "shiviz", "itf"];

@customElement("playground-formats")
export class PlaygroundFormats extends LitElement {
  static override styles = [base, partStyles];

  @property({ attribute: false }) run!: Run;
  @property({ attribute: false }) clerk!: Clerk;
  @state() private formats: readonly RunFormat[] | null = null;
  @state() private isAtWork = false;
  @state() private said = "";
  @state() private problem = "";
  private range: { from: number; to: number } | null = null;

  private get events(): number {
    return this.run.status.events;
  }

  private readonly onToggle = (event: Event): void => {
    if ((event.currentTarget as HTMLDetailsElement).open && this.formats === null) {
      void this.work(async () => {
        this.formats = (await this.clerk.ask({ kind: "formats" })).formats;
      });
    }
  };

  private async work(act: () => Promise<void>): Promise<void> {
    this.isAtWork = true;
    this.problem = "";
    this.said = "";
    try {
      await act();
    } catch (error) {
      this.problem = describeError(error);
    }
    this.isAtWork = false;
  }

  /** The text of the run in a format. */
  private async text(format: string): Promise<string> {
    const { scenario, events, playhead } = this.run.linkContent();
    const { from, to } = IN_PARTS.includes(format) && this.range !== null ? this.range : { from: 0, to: events };
    const question = { scenario: JSON.stringify(scenario), events, playhead, from, to, format };
    const { exported } = await this.clerk.ask({ kind: "export", question });
    this.said = exported.left_out === null ? "" : `${exported.left_out.charAt(0).toUpperCase()}${exported.left_out.slice(1)}. `;
    return exported.text;
  }

  private save(name: string, text: string): void {
    download(name, new Blob([text], { type: "text/plain" }));
    this.said += `${name} was saved.`;
  }

  private saveAs(format: string): void {
    void this.work(async () => this.save(`${fileName(titleOf(this.run))}.${ENDINGS[format] ?? format}`, await this.text(format)));
  }

  private copy(format: string): void {
    void this.work(async () => {
      await navigator.clipboard.writeText(await this.text(format));
      this.said += "It is copied.";
    });
  }

  private saveScenario(): void {
    this.said = "";
    this.save(`${fileName(titleOf(this.run))}.json`, `${JSON.stringify(this.run.linkContent().scenario, null, 2)}\n`);
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="title">
      <h3 id="title">In other formats</h3>
      <ul>
        <li><span class="about">A scenario: what the run is made of, with all that was done to it, to be opened here or by <code>run</code></span><button @click=${() => this.saveScenario()}>Save the scenario</button></li>
      </ul>
      <details @toggle=${this.onToggle}>
        <summary>For other tools</summary>
        ${this.formats === null ? nothing : this.list(this.formats)}
      </details>
      <p class="said soft" role="status">${this.isAtWork ? "A moment…" : this.said}</p>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
    </section>`;
  }

  private list(formats: readonly RunFormat[]): TemplateResult {
    const { events } = this;
    const { from, to } = this.range ?? { from: 0, to: events };
    const set = (part: Partial<{ from: number; to: number }>): void => {
      this.range = { from, to, ...part };
      this.requestUpdate();
    };
    return html`<div class="row number">
        ${numberField("From event", from, events, (value) => set({ from: value }))} ${numberField("up to event", to, events, (value) => set({ to: value }))}
        <span class="soft">of ${events.toLocaleString("en")}: of diagrams, logs and states; a history and a test are of the whole run</span>
      </div>
      <ul>
        ${formats.map(
          ({ name, about }) => html`<li>
            <span class="about">${apostrophes(about).replaceAll("`", "")}</span>
            <button aria-label="Copy ${name}" ?disabled=${this.isAtWork} @click=${() => this.copy(name)}>Copy</button>
            <button aria-label="Save ${name}" ?disabled=${this.isAtWork} @click=${() => this.saveAs(name)}>Save</button>
          </li>`,
        )}
      </ul>`;
  }
}

function numberField(name: string, value: number, most: number, set: (value: number) => void): TemplateResult {
  const onChange = ({ target }: Event): void => set(Math.max(0, Math.min(most, Math.round(Number((target as HTMLInputElement).value)))));
  return html`<label>${name}<input type="number" min="0" max=${most} .value=${String(value)} @change=${onChange} /></label>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "playground-formats": PlaygroundFormats;
  }
}
