// Compare: one script, followed by two to four protocols, each by its own core; and what each of them made of it.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";

import { apostrophes, count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { ComparisonAbout } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { numberField } from "../../views/fields.js";
import { Panel, base } from "../../views/panel.js";
import { quietLinks } from "../contents-styles.js";
import { failureStyles } from "../failure-styles.js";
import { searchStyles } from "../search-styles.js";
import { ENTRIES_MAX, SEEDS_MAX, Unreadable, addressOf, choiceIn } from "./choice.js";
import type { Choice } from "./choice.js";
import { scriptList, settings } from "./form.js";
import type { Form } from "./form.js";
import { Measuring } from "./measuring.js";
import { compareStyles } from "./styles.js";
import { COSTS, entriesPlot, isSpread, unservedPlot } from "./plots.js";
import type { Cost } from "./plots.js";
import { figures } from "./table.js";
import "./diagrams.js";

export const draw = (run: Run, path: string): TemplateResult => html`<playground-compare .run=${run} path=${path}></playground-compare>`;

/** What was measured stays when the room is left, and is there when it is entered again. */
const measuring = new Measuring();
/** The path whose choice was measured. */
let measured: string | null = null;
/** How many seeds, unless somebody says otherwise. */
const SEEDS_FIRST = 100;
/** Numbers of entries: a few that tell most, then all others. */
const ENTRIES = [0, 200, 50, 100, 150, 25, 75, 125, 175, 10];
const ALL_ENTRIES = [...ENTRIES, ...Array.from({ length: ENTRIES_MAX + 1 }, (_, entries) => entries).filter((entries) => !ENTRIES.includes(entries))];

@customElement("playground-compare")
export class PlaygroundCompare extends Panel {
  static override styles = [base, quietLinks, failureStyles, searchStyles, compareStyles];

  protected readonly topics: readonly Topic[] = [];

  /** What follows the room's name in the address. */
  @property() path = "";
  @state() private choice: Choice | null = null;
  @state() private problem = "";
  @state() private seeds = SEEDS_FIRST;
  /** Whether the figures of one seed are shown, although there are those of many. */
  @state() private showsOne = false;
  @state() private cost: Cost = "messages";
  /** Whether the costs are plotted with one entry in a message. */
  @state() private plotsSingle = false;
  /** The script that is being written; null where none is. */
  @state() private draft: string | null = null;
  private unlisten: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = measuring.listen(() => this.onNews());
    measuring.open();
    this.onNews();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
    // Nobody watches any more.
    measuring.cancel("many");
    measuring.cancel("sweep");
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("path") && measuring.scripts.length > 0) {
      this.follow();
    }
  }

  private onNews(): void {
    if (this.choice === null && this.problem === "" && measuring.scripts.length > 0) {
      this.follow();
    }
    this.requestUpdate();
  }

  /** Chooses what the address names. */
  private follow(): void {
    this.problem = "";
    try {
      this.choice = choiceIn(this.path, measuring.scripts);
    } catch (error) {
      if (!(error instanceof Unreadable)) {
        throw error;
      }
      this.problem = error.message;
      return;
    }
    this.seeds = this.choice.seeds ?? this.seeds;
    this.draft = null;
    if (this.path !== measured || measuring.failure !== "") {
      this.begin(this.choice);
      measured = this.path;
    }
  }

  private begin(choice: Choice): void {
    this.showsOne = false;
    measuring.choose(choice);
  }

  private set(change: Partial<Choice>): void {
    if (this.choice === null) {
      return;
    }
    this.choice = { ...this.choice, ...change };
    this.problem = "";
    this.write(this.choice);
    this.begin(this.choice);
  }

  /** A link to what is chosen; no new entry in the browser's history for every choice. */
  private write(choice: Choice): void {
    const address = addressOf(choice);
    if (address === null) {
      this.run.notices.tell({ tone: "plain", text: "This script is too long for the page’s address. Loading the page again leads back to the one before." });
      return;
    }
    window.history.replaceState(null, "", address);
    measured = address.slice("#compare/".length);
  }

  protected override content(): TemplateResult {
    const { choice, problem } = this;
    const wrong = problem === "" ? measuring.failure : problem;
    const form: Form | null = choice === null ? null : { scripts: measuring.scripts, choice, about: measuring.about, protocols: measuring.protocols, set: (change) => this.set(change) };
    return html`<div class="room">
      <header>
        <h1>Compare</h1>
        <p class="prose">One script, and two to four protocols that follow it: the same servers, clients, network, faults and seed, each by its own core. Every figure is read off their runs.</p>
      </header>
      ${wrong === "" ? nothing : html`<p class="failure" role="alert">${wrong} ${choice === null && problem !== "" ? html`<a href="#compare">Begin with another</a>` : nothing}</p>`}
      ${form === null ? html`<p class="soft" role="status">${wrong === "" ? "Loading…" : ""}</p>` : html`<div class="columns">${scriptList(form)} <div class="main">${this.compared(form)}</div></div>`}
    </div>`;
  }

  private compared(form: Form): TemplateResult {
    const { about, refused } = measuring;
    const ready = measuring.scripts.find(({ name }) => name === form.choice.name);
    return html`<h2>${about?.title ?? (ready === undefined ? "A script of your own" : apostrophes(ready.about))}</h2>
      ${settings(form)}
      ${refused === null ? nothing : html`<p class="failure" role="alert">The script cannot be followed: ${refused.words}</p>`}
      ${this.scriptText(form.choice)} ${about === null || refused !== null ? nothing : html`${this.diagrams(form.choice)} ${this.work()} ${this.table()} ${this.spread()} ${this.costs(about)}`}`;
  }

  private diagrams(choice: Choice): TemplateResult {
    const { runs, protocols, about } = measuring;
    const from = (addressOf(choice) ?? "#compare").slice(1);
    return html`<compare-diagrams .page=${this.run} .runs=${runs} .protocols=${protocols} until=${about?.until ?? 0} steady=${about?.steady ?? 0} from=${from}></compare-diagrams>`;
  }

  private table(): TemplateResult {
    const { many, one, protocols, about } = measuring;
    const showsMany = many !== null && !this.showsOne;
    const seed = about?.seed ?? 0;
    const ofMany = many === null ? "" : many.seeds === 1 ? `Seed ${many.from}` : `Seeds ${many.from} to ${many.from + many.seeds - 1}`;
    const choose = (showsOne: boolean, words: string): TemplateResult => html`<button aria-pressed=${this.showsOne === showsOne} @click=${() => (this.showsOne = showsOne)}>${words}</button>`;
    return html`${many === null ? nothing : html`<div class="segmented" role="group" aria-label="Whose figures">${choose(false, ofMany)} ${choose(true, `Seed ${seed} alone`)}</div>`}
      ${showsMany ? figures(ofMany, protocols, many.columns) : figures(`Seed ${seed}`, protocols, one)}`;
  }

  /** How the time without an answer is spread over many seeds. */
  private spread(): TemplateResult | typeof nothing {
    const { many } = measuring;
    const columns = many?.stage === "over" ? [...many.columns.values()] : [];
    return isSpread(columns) ? unservedPlot(measuring.protocols.flatMap((protocol) => many?.columns.get(protocol) ?? [])) : nothing;
  }

  /** What a change of leaders costs, by the entries that the leader is left with. */
  private costs({ entries }: ComparisonAbout): TemplateResult | typeof nothing {
    const { sweep, protocols } = measuring;
    if (entries === null) {
      return nothing;
    }
    const isRunning = sweep?.stage === "running";
    const toggle = (): void => (isRunning ? measuring.cancel("sweep") : measuring.measureEntries(ALL_ENTRIES));
    const batching = (single: boolean, words: string): TemplateResult => html`<button aria-pressed=${this.plotsSingle === single} @click=${() => (this.plotsSingle = single)}>${words}</button>`;
    return html`<section aria-labelledby="costs">
      <h3 id="costs">What a change of leaders costs, by entries uncommitted</h3>
      <div class="row">
        <button @click=${toggle}>${isRunning ? "Cancel" : "Measure 0 to 200 entries"}</button>
        ${isRunning ? html`<progress aria-label="Numbers of entries measured" max=${sweep.total} value=${sweep.done}></progress>` : nothing}
        <span class="soft" role="status">${sweep === null ? "" : `${count(sweep.done, "run")}${isRunning ? ` of ${sweep.total.toLocaleString("en")}` : ` in ${sweep.seconds.toFixed(1)} s`}`}</span>
      </div>
      ${sweep === null
        ? nothing
        : html`<div class="row">
              <select aria-label="Cost" @change=${(event: Event) => (this.cost = (event.target as HTMLSelectElement).value as Cost)}>
                ${Object.entries(COSTS).map(([name, { words }]) => html`<option value=${name} .selected=${name === this.cost}>${words}</option>`)}
              </select>
              <div class="segmented" role="group" aria-label="Entries in a message">${batching(false, "Batched")} ${batching(true, "One in a message")}</div>
            </div>
            ${entriesPlot({ points: sweep.points, protocols, cost: this.cost, single: this.plotsSingle, here: entries })}`}
    </section>`;
  }

  /** Many seeds: how many, and how far that is. */
  private work(): TemplateResult {
    const { many } = measuring;
    const isRunning = many?.stage === "running";
    const onSubmit = (event: Event): void => {
      event.preventDefault();
      if (isRunning) {
        measuring.cancel("many");
      } else {
        this.measure();
      }
    };
    return html`<form class="work" aria-label="Many seeds" @submit=${onSubmit}>
      <label><span>Seeds</span> ${numberField({ label: "Seeds", value: this.seeds, min: 1, max: SEEDS_MAX, step: 1, set: (seeds) => (this.seeds = Math.round(seeds)) })}</label>
      <button type="submit" class=${isRunning ? "" : "primary"}>${isRunning ? "Cancel" : "Measure"}</button>
      ${isRunning ? html`<progress aria-label="Runs measured" max=${many.total} value=${many.done}></progress>` : nothing}
      <p class="soft" role="status">${many === null ? "" : progressWords(many)}</p>
    </form>`;
  }

  private measure(): void {
    if (this.choice !== null) {
      this.showsOne = false;
      this.choice = { ...this.choice, seeds: this.seeds };
      this.write(this.choice);
      measuring.measure(this.seeds);
    }
  }

  private scriptText({ script }: Choice): TemplateResult {
    const take = (): void => {
      const area = this.renderRoot.querySelector<HTMLTextAreaElement>("#script");
      if (area !== null) {
        this.set({ name: "", script: area.value, protocols: null, seed: null, entries: null, single: false, seeds: null });
      }
    };
    return html`<details class="script">
      <summary>The script as JSON</summary>
      <textarea id="script" aria-label="Script as JSON" spellcheck="false" rows="18" .value=${live(this.draft ?? script)} @input=${(event: Event) => (this.draft = (event.target as HTMLTextAreaElement).value)}></textarea>
      <p class="row">
        <button @click=${take} aria-disabled=${this.draft === null || this.draft === script}>Compare this script</button>
        <span class="soft">Replicas go by their parts: leader, follower-1, follower-2, … <a href="#guide/comparing">All fields</a> are in the guide.</span>
      </p>
    </details>`;
  }
}

function progressWords({ done, total, seconds, stage, columns, seeds }: NonNullable<Measuring["many"]>): string {
  const runs = count(done, "run");
  const time = `${seconds.toFixed(1)} s`;
  if (stage === "running") {
    return `${runs} of ${total.toLocaleString("en")}`;
  }
  const whole = [...columns.keys()].map((protocol) => looksOf(protocol).title);
  return stage === "over" ? `${runs} in ${time}` : `Cancelled after ${runs}. ${whole.length === 0 ? "No protocol has all of its" : `${whole.join(", ")}: all`} ${count(seeds, "seed")}.`;
}
