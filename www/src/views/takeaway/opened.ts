// Where a file is chosen, and a history's verdict is told.

import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icons } from "../../design/icons.js";
import { apostrophes, count } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { BrokenHistory, JudgedHistory } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import type { Clerk } from "../../search/clerk.js";
import { base } from "../panel.js";
import { lineAt, openFile } from "./files.js";
import type { HistoryText } from "./files.js";
import { partStyles } from "./styles.js";

/** What a history can be of, as the engine calls it. */
const MODELS: Readonly<Record<string, string>> = { kv: "a key-value store", register: "a register", mutex: "a lock", set: "a set", queue: "a queue" };

const openedStyles = css`
  .verdict {
    display: flex;
    gap: 6px;
    align-items: center;
    font-size: var(--size-l);
  }

  .verdict svg {
    width: 16px;
    height: 16px;
    fill: currentColor;
  }

  .good {
    color: var(--good);
  }

  .bad {
    color: var(--bad);
  }

  ol {
    padding-left: 0;
    list-style: none;
  }

  ol li {
    display: grid;
    grid-template-columns: minmax(13ch, auto) minmax(0, 1fr);
  }

  code {
    font: var(--size-s) / 1.4 var(--mono);
    overflow-wrap: anywhere;
  }

  li.culprit {
    padding: 2px var(--s2);
    border-left: 3px solid var(--bad);
  }
`;

@customElement("playground-opened")
export class PlaygroundOpened extends LitElement {
  static override styles = [base, partStyles, openedStyles];

  @property({ attribute: false }) run!: Run;
  @property({ attribute: false }) clerk!: Clerk;
  /** Told when a scenario was loaded. */
  @property({ attribute: false }) done: () => void = () => undefined;
  @state() private history: HistoryText | null = null;
  @state() private judged: JudgedHistory | null = null;
  @state() private isAtWork = "";
  @state() private problem = "";
  private asked = 0;

  async open(file: File): Promise<void> {
    await this.work(`${file.name} is read…`, async () => {
      this.history = null;
      this.judged = null;
      const history = await openFile(this.run, this.clerk, file);
      if (history === null) {
        this.done();
      } else {
        this.history = history;
        await this.judge(undefined);
      }
    });
  }

  private async judge(model: string | undefined): Promise<void> {
    const { history } = this;
    if (history !== null) {
      this.isAtWork = `${history.name} is judged…`;
      try {
        const { judged } = await this.clerk.ask({ kind: "judge", bytes: history.bytes, model });
        // Another file may have been opened meanwhile.
        if (this.history === history) {
          this.judged = judged;
        }
      } catch (error) {
        const words = describeError(error);
        const died = /unreachable|out of memory|memory access/i.test(words);
        throw new Error(died ? `${history.name} needs more memory than a page has. The command line’s check judges it.` : `${history.name}: ${words}`, { cause: error });
      }
    }
  }

  /** Only what was asked for last says how it stands. */
  private async work(words: string, act: () => Promise<void>): Promise<void> {
    this.asked += 1;
    const { asked } = this;
    this.isAtWork = words;
    this.problem = "";
    let problem = "";
    try {
      await act();
    } catch (error) {
      problem = describeError(error);
    }
    if (this.asked === asked) {
      this.problem = problem;
      this.isAtWork = "";
    }
  }

  private readonly onChosen = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file !== undefined) {
      void this.open(file);
    }
    // The same file can be chosen again.
    input.value = "";
  };

  override render(): TemplateResult {
    const { history, judged } = this;
    return html`<section aria-labelledby="title">
      <h3 id="title">Open a file</h3>
      <div class="parts">
        <label class="file">A scenario, or a history of operations to be judged: Jepsen’s, Knossos’, Porcupine’s, or JSON lines
          <input type="file" @change=${this.onChosen} />
        </label>
        <p class="soft">It can also be dropped anywhere on the page. It is read in this browser, and sent nowhere.</p>
        <p class="said" role="status">${this.isAtWork}</p>
        ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
        ${history === null ? nothing : this.models(history, judged)} ${history === null || judged === null || this.isAtWork !== "" ? nothing : this.verdict(history, judged)}
      </div>
    </section>`;
  }

  private models({ name }: HistoryText, judged: JudgedHistory | null): TemplateResult {
    const onChange = (event: Event): void => {
      const { value } = event.currentTarget as HTMLSelectElement;
      this.judged = null;
      void this.work("", () => this.judge(value));
    };
    return html`<label>${name} is a history of
      <select @change=${onChange}>
        ${judged === null ? html`<option value="" selected></option>` : nothing}
        ${Object.entries(MODELS).map(([model, words]) => html`<option value=${model} .selected=${model === judged?.model}>${words}</option>`)}
      </select>
    </label>`;
  }

  private verdict(history: HistoryText, judged: JudgedHistory): TemplateResult {
    const { linearizable, operations, unknown, open_at_once: open, bound, open_keys: keys, violation, second_judge: second, contradiction } = judged;
    const tone = linearizable === null ? "" : linearizable ? "good" : "bad";
    const words = linearizable === null ? "Nothing is known" : linearizable ? "Linearizable" : "Not linearizable";
    const of = `${count(operations, "operation")}${unknown === 0 ? "" : `, ${unknown.toLocaleString("en")} of unknown outcome`}, at most ${open.toLocaleString("en")} open at once`;
    return html`<div class="parts" role="group" aria-label="Verdict on the file">
      <p class="verdict ${tone}">${linearizable === null ? nothing : linearizable ? icons.check : icons.violation}<strong>${words}</strong></p>
      <p>${of}; judged in ${(judged.milliseconds / 1_000).toFixed(2)} s.</p>
      ${bound === null ? nothing : html`<p>The search ended at its bound, ${bound}${keys.length === 0 ? "" : `, with these keys open: ${keys.join(", ")}`}.</p>`}
      ${contradiction === null ? nothing : html`<p class="bad">The judges contradict each other, so one of them has a fault: ${contradiction}.</p>`}
      ${violation === null ? nothing : this.why(history, violation)}
      ${second === null || contradiction !== null ? nothing : html`<p class="soft">A second judge, by another way: ${second}.</p>`}
    </div>`;
  }

  private why(history: HistoryText, { sentence, invoked_in_line: invoked, completed_in_line: completed, is_first: isFirst, until_then: until, before }: BrokenHistory): TemplateResult {
    return html`<p>${apostrophes(sentence)}</p>
      <ol aria-label="The operation that makes it wrong">
        ${[invoked, completed].map((line) => html`<li class="culprit"><span class="soft">line ${line}</span><code>${lineAt(history, line)}</code></li>`)}
      </ol>
      ${isFirst ? nothing : html`<p class="soft">There may be an earlier one: a bound was reached.</p>`}
      ${until === null ? nothing : html`<p>Up to line ${until.line} it is linearizable: ${apostrophes(until.description)}.</p>`}
      ${before.length === 0
        ? nothing
        : html`<p>The longest order that is right ends with these:</p>
            <ol aria-label="What came before it">
              ${before.map(({ line, description }) => html`<li><span class="soft">line ${line}</span><span>${apostrophes(description)}</span></li>`)}
            </ol>`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "playground-opened": PlaygroundOpened;
  }
}
