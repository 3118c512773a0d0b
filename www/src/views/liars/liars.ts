// Composing a liar: an honest process whose words are rewritten for each receiver, in a way of choice or line by line.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { list } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Deed, LieLine, Strategy } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";
import { msField } from "../fields.js";
import { control } from "../controls.js";
import { Panel, base } from "../panel.js";
import { elsewhere } from "./elsewhere.js";
import { liarStyles } from "./styles.js";
import { DEEDS, alteration, alterations, deed, lineWords } from "./words.js";
import type { DeedName } from "./words.js";

const WAYS = {
  silence: "says nothing to anybody",
  selective: "says nothing to some",
  faces: "has two faces",
  falsehood: "tells all the same lie",
  replay: "repeats what it said before",
  delay: "says everything late",
  drawn: "does anything, by chance",
  hand: "by hand, line by line",
} as const;
type Way = keyof typeof WAYS;

@customElement("playground-liars")
export class PlaygroundLiars extends Panel {
  static override styles = [base, liarStyles];

  protected readonly topics: readonly Topic[] = ["scenario", "time", "records"];
  protected override readonly pace = 200;

  @state() private who = "n1";
  @state() private way: Way = "faces";
  @state() private to: ReadonlySet<string> = new Set();
  @state() private say = "value 0";
  @state() private others = "truth";
  @state() private late = 100_000;
  @state() private lines: readonly LieLine[] = [];
  @state() private line: { kind: string; does: DeedName; say: string; once: boolean } = { kind: "", does: "alter", say: "value 0", once: false };
  @state() private sharing: ReadonlySet<string> = new Set();
  private of = "";

  protected override content(): TemplateResult {
    const { catalogue } = this.run;
    const replicas = catalogue.processes.slice(0, catalogue.replicas);
    this.settle(replicas);
    const incomplete = this.incomplete();
    const liars = this.run.moment.nodes().filter(({ honesty }) => honesty !== "honest");
    return html`<details class="section">
      <summary>
        <h2>Make it lie</h2>
        <span class="now">${liars.length === 0 ? "all are honest" : liars.map(({ name, honesty }) => `${name} ${honesty}`).join(", ")}</span>
      </summary>
      <div class="body">
        <form
          aria-label="A liar"
          @submit=${(event: Event) => {
            event.preventDefault();
            if (incomplete === null) this.run.act({ corrupt: { node: this.who, strategy: this.strategy() } });
          }}
        >
          <div class="row">
            ${choice("Who lies", this.who, replicas.map((name) => [name, name]), (name) => (this.who = name))}
            ${choice("How it lies", this.way, Object.entries(WAYS), (way) => (this.way = way as Way))}
          </div>
          ${this.details()}
          <div class="row">
            <button type="submit" class="primary" aria-disabled=${incomplete === null ? nothing : "true"} aria-describedby=${incomplete === null ? nothing : "incomplete"} title=${incomplete ?? nothing}>Make ${this.who} lie</button>
            ${incomplete === null ? nothing : html`<span id="incomplete" hidden>${incomplete}</span>`}
            ${liars.filter(({ honesty }) => honesty.startsWith("lies")).map(({ name }) => html`<button type="button" @click=${() => this.run.act({ reform: { node: name } })}>Reform ${name}</button>`)}
          </div>
        </form>
        ${this.collusion()}
        <p class="words">${looksOf(catalogue.protocol).liars ?? "This protocol trusts every process: in its fault model nobody lies. Here is what one liar does to it."}</p>
        ${elsewhere(this.run)}
      </div>
    </details>`;
  }

  /** Another cluster has other processes. */
  private settle(replicas: readonly string[]): void {
    const { protocol, processes } = this.run.catalogue;
    const of = `${protocol} ${replicas.length} ${processes.length}`;
    if (of !== this.of) {
      this.of = of;
      this.who = replicas.includes(this.who) ? this.who : (replicas[0] ?? "");
      this.to = new Set([...this.to].filter((name) => processes.includes(name)));
      this.sharing = new Set();
      this.lines = [];
      this.line = { ...this.line, kind: "" };
    }
  }

  private details(): TemplateResult | typeof nothing {
    const { say, others } = this;
    const lies = alterations(this.run.catalogue);
    const forms: Partial<Record<Way, () => TemplateResult>> = {
      selective: () => this.receivers("Not a word to"),
      faces: () => html`${this.receivers("One face to")}
        <div class="row">these hear ${choice("What these hear", say, lies, (to) => (this.say = to))}</div>
        <div class="row">the others ${choice("What the others hear", others, [["truth", "the truth"], ...lies], (to) => (this.others = to))}</div>`,
      falsehood: () => html`<div class="row">all hear ${choice("What all hear", say, lies, (to) => (this.say = to))}</div>`,
      delay: () => html`<div class="row">by ${msField("Late by, in ms", this.late, (ticks) => (this.late = ticks))} ms</div>`,
      hand: () => this.byHand(),
    };
    return forms[this.way]?.() ?? nothing;
  }

  private byHand(): TemplateResult {
    const { line, lines } = this;
    const { catalogue } = this.run;
    const kinds = catalogue.message_kinds.filter((kind) => kind.toLowerCase() !== "invoke").map((kind) => [kind, kind] as const);
    return html`${lines.length === 0
        ? html`<p class="words">The first line that speaks of a message counts; where none does, the truth is told.</p>`
        : html`<ol class="lines" aria-label="Lines">
            ${lines.map(
              (each, ordinal) => html`<li>
                ${lineWords(each, catalogue)} <button type="button" class="quiet" aria-label="Remove line ${ordinal + 1}" @click=${() => (this.lines = lines.filter((_, at) => at !== ordinal))}>×</button>
              </li>`,
            )}
          </ol>`}
      ${this.receivers("To")}
      <div class="row">
        ${choice("Kind of message", line.kind, [["", "in every message"], ...kinds], (kind) => (this.line = { ...line, kind }))}
        ${choice("What it does", line.does, Object.entries(DEEDS), (does) => (this.line = { ...line, does: does as DeedName }))}
        ${line.does === "alter" || line.does === "two_faced" ? choice("What it says", line.say, alterations(catalogue), (say) => (this.line = { ...line, say })) : nothing}
        ${line.does === "delay" ? html`by ${msField("Late by, in ms", this.late, (ticks) => (this.late = ticks))} ms` : nothing}
      </div>
      <div class="row">
        <label><input type="checkbox" .checked=${line.once} @change=${(event: Event) => (this.line = { ...line, once: (event.target as HTMLInputElement).checked })} /> the next one only</label>
        <button type="button" @click=${() => (this.lines = [...lines, this.lineNow()])}>Add the line</button>
      </div>`;
  }

  private lineNow(): LieLine {
    const { kind, does, say, once } = this.line;
    const how: Deed = deed(does, say, this.late);
    return { to: [...this.to], deed: how, once, ...(kind === "" ? {} : { kind }) };
  }

  private receivers(words: string): TemplateResult {
    const names = this.run.catalogue.processes.filter((name) => name !== this.who);
    return this.toggles(words, names, this.to, (to) => (this.to = to));
  }

  private toggles(words: string, names: readonly string[], chosen: ReadonlySet<string>, set: (chosen: ReadonlySet<string>) => void): TemplateResult {
    const toggle = (name: string): void => set(chosen.has(name) ? new Set([...chosen].filter((each) => each !== name)) : new Set([...chosen, name]));
    return html`<div class="chips" role="group" aria-label=${words}>
      <span>${words}</span>
      ${names.map((name) => html`<button type="button" aria-label="${words} ${name}" aria-pressed=${chosen.has(name)} @click=${() => toggle(name)}>${name}</button>`)}
    </div>`;
  }

  /** What is missing, in a sentence; null where nothing is. */
  private incomplete(): string | null {
    const named = [...this.to].some((name) => name !== this.who);
    if (this.way === "hand" && this.lines.length === 0) {
      return "No line is there yet: add one.";
    }
    return (this.way === "faces" || this.way === "selective") && !named ? "Choose to whom." : null;
  }

  private strategy(): Strategy {
    const to = [...this.to].filter((name) => name !== this.who);
    const strategies: Record<Way, () => Strategy> = {
      silence: () => ({ silence: {} }),
      selective: () => ({ silence: { to } }),
      faces: () => ({ equivocation: { to, say: alteration(this.say), ...(this.others === "truth" ? {} : { others: alteration(this.others) }) } }),
      falsehood: () => ({ falsehood: { say: alteration(this.say) } }),
      replay: () => "replay",
      delay: () => ({ delay: { by_ticks: this.late } }),
      drawn: () => "drawn",
      hand: () => ({ by_hand: { lines: [...this.lines] } }),
    };
    return strategies[this.way]();
  }

  private collusion(): TemplateResult {
    const names = this.run.catalogue.processes;
    const chosen = names.filter((name) => this.sharing.has(name));
    return html`<details class="more">
      <summary>Collusion</summary>
      <p class="words">Who shares keys can sign in the name of all of them; then it is no forgery.</p>
      ${this.toggles("Shares keys:", names, this.sharing, (sharing) => (this.sharing = sharing))}
      ${control({
        words: chosen.length < 2 ? "Share keys" : `${list(chosen)} share keys`,
        why: chosen.length < 2 ? "Choose at least two." : null,
        act: () => this.run.act({ collude: { processes: chosen } }),
      })}
    </details>`;
  }
}

function choice(label: string, value: string, options: readonly (readonly [string, string])[], set: (value: string) => void): TemplateResult {
  return html`<select aria-label=${label} @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
    ${options.map(([name, words]) => html`<option value=${name} .selected=${name === value}>${words}</option>`)}
  </select>`;
}
