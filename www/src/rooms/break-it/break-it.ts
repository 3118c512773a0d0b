// Break it: a rule is switched off, and runs are hunted until one of them misses it. The first that does is made small.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import { describeError } from "../../engine/engine.js";
import type { HuntGround, Shrunk } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";
import { ruleName } from "../../protocols/rules.js";
import { Panel, base } from "../../views/panel.js";
import { quietLinks } from "../contents-styles.js";
import { failureStyles } from "../failure-styles.js";
import { openBroken } from "../open-broken.js";
import { searchStyles } from "../search-styles.js";
import { form } from "./form.js";
import { Hunt } from "./hunt.js";
import type { Job } from "./hunt.js";
import { result } from "./result.js";
import { breakItStyles } from "./styles.js";

export const draw = (run: Run, path: string): TemplateResult => html`<playground-break-it .run=${run} path=${path}></playground-break-it>`;

/** What was found stays when the room is left, and is there when it is entered again. */
const hunt = new Hunt();
let job: Job = { protocol: "raft", mutation: "old-term-committed", replicas: 5, faults: 6, liars: null, seeds: 2_000 };

@customElement("playground-break-it")
export class PlaygroundBreakIt extends Panel {
  static override styles = [base, quietLinks, failureStyles, searchStyles, breakItStyles];

  protected readonly topics: readonly Topic[] = [];

  /** A protocol and a rule, as the address names them: `raft/old-term-committed`. */
  @property() path = "";
  @state() private problem = "";
  private unlisten: (() => void) | undefined;
  private isFollowed = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = hunt.listen(() => this.onNews());
    hunt.open();
    this.onNews();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Nobody watches any more.
    this.unlisten?.();
    hunt.cancel();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("path") && hunt.grounds.length > 0) {
      this.follow();
    }
  }

  private onNews(): void {
    if (!this.isFollowed && hunt.grounds.length > 0) {
      this.follow();
    }
    this.requestUpdate();
  }

  /** Chooses what the address names. */
  private follow(): void {
    this.isFollowed = true;
    const [name = "", mutation = ""] = this.path.split("/");
    const ground = hunt.grounds.find(({ protocol }) => protocol === name);
    this.problem = "";
    if (ground !== undefined) {
      const known = mutation === "" || ground.mutations.some(({ rule }) => rule.name === mutation);
      const isSame = name === job.protocol;
      job = { ...(isSame ? job : fresh(ground)), mutation: known ? mutation : "" };
      this.problem = known ? "" : `${looksOf(name).title} has no rule “${mutation.slice(0, 40)}”.`;
    } else {
      const first = hunt.grounds.find(({ protocol }) => protocol === job.protocol);
      job = first === undefined || hunt.current !== null ? job : { ...fresh(first), mutation: job.mutation };
      this.problem = name === "" ? "" : `There is no protocol “${name.slice(0, 40)}” to hunt.`;
    }
  }

  protected override content(): TemplateResult {
    const { current, grounds, isRunning } = hunt;
    const problem = this.problem === "" ? hunt.failure : this.problem;
    return html`<div class="room">
      <header>
        <h1>Break it</h1>
        <p class="prose">
          Switch one rule off, and look for the smallest run that pays for it. Each seed is a run of its own: servers crash, messages are lost, whoever leads is cut off when it matters most. The first run that breaks a promise is
          made small, and opens in the playground.
        </p>
      </header>
      ${problem === "" ? nothing : html`<p class="failure" role="alert">${problem}</p>`}
      ${grounds.length === 0
        ? html`<p class="soft" role="status">${problem === "" ? "Loading…" : ""}</p>`
        : html`<div class="columns">
            ${form({
              grounds,
              job,
              running: isRunning,
              choose: (protocol) => this.choose(protocol),
              set: (change) => this.set(change),
              start: () => hunt.start(job),
              cancel: () => hunt.cancel(),
            })}
            ${current === null
              ? html`<p class="soft">Nothing was hunted yet. With “${ruleName("old-term-committed")}” switched off, Raft fails within a second: it is figure 8 of its paper.</p>`
              : result({
                  hunting: current,
                  ground: grounds.find(({ protocol }) => protocol === current.job.protocol),
                  hands: hunt.handsCount,
                  isOwn: hunt.isOwn,
                  open: (shrunk) => void this.show(current.job, shrunk),
                  copy: (link) => void this.copy(link),
                })}
          </div>`}
    </div>`;
  }

  private choose(protocol: string): void {
    const ground = hunt.grounds.find((each) => each.protocol === protocol);
    if (ground !== undefined) {
      this.set(fresh(ground));
    }
  }

  private set(change: Partial<Job>): void {
    job = { ...job, ...change };
    this.problem = "";
    // A link to what is chosen; no new entry in the browser's history for every choice.
    window.history.replaceState(null, "", `#break-it/${job.protocol}${job.mutation === "" ? "" : `/${job.mutation}`}`);
    this.requestUpdate();
  }

  /** Opens the small run where it breaks the promise, with the reason. */
  private async show({ protocol, mutation }: Job, { scenario, event, promise }: Shrunk): Promise<void> {
    if (scenario === null) {
      return;
    }
    try {
      const title = mutation === "" ? looksOf(protocol).title : `${looksOf(protocol).title} without “${ruleName(mutation)}”`;
      await openBroken(this.run, { ...scenario, title }, event, promise);
    } catch (error) {
      this.problem = describeError(error);
    }
  }

  private async copy(link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(new URL(link, window.location.href).href);
      window.dispatchEvent(new CustomEvent("playground-say", { detail: "The link was copied." }));
    } catch (error) {
      this.problem = `The link could not be copied: ${describeError(error)}`;
    }
  }
}

/** What is chosen when a protocol is chosen. */
function fresh({ protocol, replicas, faults }: HuntGround): Job {
  return { ...job, protocol, mutation: "", replicas, faults, liars: null };
}
