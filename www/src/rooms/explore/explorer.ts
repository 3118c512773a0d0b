// The explorer: every state that a model can reach, and the shortest way to break a promise where a rule is switched
// off.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import { describeError } from "../../engine/engine.js";
import type { ExplorationProperty, Scenario } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { Panel, base } from "../../views/panel.js";
import { failureStyles } from "../failure-styles.js";
import { searchStyles } from "../search-styles.js";
import { catches } from "./catches.js";
import { form } from "./form.js";
import { result } from "./result.js";
import { Search } from "./search.js";
import type { Job } from "./search.js";
import { explorerStyles } from "./styles.js";

export const draw = (run: Run, path: string): TemplateResult => html`<playground-explorer .run=${run} path=${path}></playground-explorer>`;

/** Virtual time that the diagram shows before and after a counterexample. */
const AROUND_TICKS = 5_000;

const FIRST: Job = { model: "paxos", mutation: "", statesMax: 10_000_000, depthMax: null, megabytesMax: 1_000 };

/** What was found stays when the room is left, and is there when it is entered again. */
const search = new Search();
let job = FIRST;

@customElement("playground-explorer")
export class PlaygroundExplorer extends Panel {
  static override styles = [base, failureStyles, searchStyles, explorerStyles];

  protected readonly topics: readonly Topic[] = [];

  /** A model and a rule, as the address names them: `paxos/promise-not-durable`. */
  @property() path = "";
  @state() private problem = "";
  private unlisten: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = search.listen(() => this.requestUpdate());
    void this.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Nobody watches any more.
    this.unlisten?.();
    search.cancel();
  }

  private async open(): Promise<void> {
    try {
      await search.open();
      this.follow();
    } catch (error) {
      this.problem = `The explorer could not be loaded: ${describeError(error)}`;
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("path") && search.models.length > 0) {
      this.follow();
    }
  }

  /** Chooses what the address names. */
  private follow(): void {
    const [name = "", mutation = ""] = this.path.split("/");
    const model = search.models.find((each) => each.name === name);
    this.problem = "";
    if (model !== undefined) {
      const known = mutation === "" || model.mutations.some((each) => each.name === mutation);
      job = { ...job, model: name, mutation: known ? mutation : "" };
      this.problem = known ? "" : `The model ${name} has no rule “${mutation}”.`;
    } else if (name !== "") {
      this.problem = `There is no model “${name}”.`;
    }
    this.requestUpdate();
  }

  protected override content(): TemplateResult {
    const { current, models, isRunning } = search;
    return html`<div class="room">
      <header>
        <h1>Explorer</h1>
        <p class="prose">
          A run shows one order of events. Here all of them are tried: every order in which messages arrive, every loss, crash and restart that a model allows, on the real cores, breadth first. What
          is found is a fact about all states within a model’s bounds, and about nothing beyond them.
        </p>
      </header>
      ${this.problem === "" ? nothing : html`<p class="failure" role="alert">${this.problem}</p>`}
      ${models.length === 0
        ? html`<p class="soft" role="status">${this.problem === "" ? "Loading…" : ""}</p>`
        : html`<div class="columns">
            ${form({
              models,
              job,
              running: isRunning,
              set: (change) => this.set(change),
              start: () => this.start([job]),
              cancel: () => search.cancel(),
            })}
            <div>
              ${current === null
                ? html`<p class="soft idle">Nothing was explored yet. “paxos” takes some seconds: single-decree Paxos with two proposers, a crash and a lost message.</p>`
                : result({ running: current, model: models.find(({ name }) => name === current.job.model), show: (shown) => void this.show(shown) })}
              ${catches({ models, model: job.model, found: search.catches, current, running: isRunning, explore: (rows) => this.start(rows.map((row) => ({ ...job, ...row }))) })}
            </div>
          </div>`}
    </div>`;
  }

  private set(change: Partial<Job>): void {
    job = { ...job, ...change };
    this.problem = "";
    // A link to what is chosen; no new entry in the browser's history for every choice.
    window.history.replaceState(null, "", `#explore/${job.model}${job.mutation === "" ? "" : `/${job.mutation}`}`);
    this.requestUpdate();
  }

  private start(jobs: readonly Job[]): void {
    search.explore(jobs).catch((error: unknown) => (this.problem = describeError(error)));
  }

  /** Opens a path as a run in the playground: the same cores, the same steps. */
  private async show({ name, path }: ExplorationProperty): Promise<void> {
    const { current } = search;
    try {
      const scenario = await search.scenario(name);
      if (scenario === null || current === null) {
        throw new Error("This model has no runs: it is no cluster of real cores.");
      }
      const { model, mutation } = current.job;
      const end = endOf(scenario);
      await this.run.fetchAndLoad({ ...scenario, title: `${model}${mutation === "" ? "" : ` without ${mutation}`}: ${path?.steps.length ?? 0} steps` }, end);
      this.run.view.lookAt(0, end + AROUND_TICKS);
      const last = this.run.moment.violations().at(-1);
      if (last !== undefined) {
        this.run.view.select({ kind: "event", event: last });
      }
      window.location.hash = "";
    } catch (error) {
      this.problem = describeError(error);
    }
  }
}

/** The moment of the last step. */
function endOf(scenario: Scenario): number {
  return scenario.interventions?.reduce((latest, { at }) => Math.max(latest, at), 0) ?? 0;
}
