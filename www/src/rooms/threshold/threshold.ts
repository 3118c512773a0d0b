// The threshold: how many replicas it takes to bear so many liars, as an argument, as a picture, and tried out.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import type { ThresholdReport, ThresholdShown } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { Panel, base } from "../../views/panel.js";
import { honestQuorum, keepsAgreement, keepsProgress, questions, sharingQuorum } from "./arithmetic.js";
import type { Sizes } from "./arithmetic.js";
import { inequalities, lens, silence } from "./lens.js";
import { thresholdStyles } from "./styles.js";
import { Trials, keyOf } from "./trials.js";

export const draw = (run: Run): TemplateResult => html`<playground-threshold .run=${run}></playground-threshold>`;

const REPLICAS_MAX = 16;
/** Runs of each question. Larger clusters need more of them until the liars happen upon what breaks agreement. */
const SEEDS = 150;
/** Liars that the table is made for: with more, runs grow long. */
const TABLE_LIARS_MAX = 2;

@customElement("playground-threshold")
export class PlaygroundThreshold extends Panel {
  static override styles = [base, thresholdStyles];

  protected readonly topics: readonly Topic[] = [];

  @state() private sizes: Sizes = { n: 4, f: 1, q: 3 };
  private readonly trials = new Trials(() => this.requestUpdate());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.trials.close();
  }

  protected override content(): TemplateResult {
    return html`<article class="room">
      <h1>Quorums: how many may lie?</h1>
      ${argument()} ${this.picture()} ${this.tried()}
    </article>`;
  }

  private picture(): TemplateResult {
    const { sizes } = this;
    const { n, f, q } = sizes;
    const set = (change: Partial<Sizes>): void => {
      const wanted = { ...sizes, ...change };
      this.sizes = { n: wanted.n, f: Math.min(wanted.f, wanted.n - 1), q: Math.min(wanted.q, wanted.n) };
    };
    const slider = (name: keyof Sizes, words: string, min: number, max: number): TemplateResult =>
      html`<label
        ><span><i>${name}</i>, ${words}</span>
        <input type="range" aria-label="${name}, ${words}" min=${min} max=${max} step="1" .value=${String(sizes[name])} @input=${(event: Event) => set({ [name]: (event.target as HTMLInputElement).valueAsNumber })} />
        <output>${sizes[name]}</output></label
      >`;
    return html`<section aria-labelledby="picture">
      <h2 id="picture">See it</h2>
      <div class="sliders">
        ${slider("n", "replicas", 2, REPLICAS_MAX)} ${slider("f", "liars among them", 0, n - 1)} ${slider("q", "to a quorum", 1, n)}
        <div class="row">
          <button @click=${() => set({ q: honestQuorum(n, f) })}>q = n − f = ${honestQuorum(n, f)}</button>
          <button @click=${() => set({ q: Math.min(n, sharingQuorum(n, f)) })}>q = ⌈(n + f + 1)/2⌉ = ${sharingQuorum(n, f)}</button>
        </div>
      </div>
      <div class="pictures">
        <figure>
          ${lens(sizes)}
          <figcaption>Two quorums that share as few as they can; the liars (≠) stand where they do most harm.</figcaption>
        </figure>
        <figure>
          ${silence(sizes)}
          <figcaption>The liars say nothing.</figcaption>
        </figure>
      </div>
      ${inequalities(sizes)} ${this.choice()}
      <div class="row">
        <button class="primary" ?disabled=${this.trials.current !== null} @click=${() => this.trials.start([sizes], SEEDS)}>Try n = ${n}, f = ${f}, q = ${q} in PBFT</button>
        ${this.trials.current === null ? nothing : html`<button @click=${() => this.trials.stop()}>Stop</button>`}
      </div>
      ${questions(f).some((each) => keyOf(each) === keyOf(sizes)) && f <= TABLE_LIARS_MAX ? nothing : html`<div class="scroll">${this.table([sizes], "Your own choice, tried out")}</div>`}
    </section>`;
  }

  private choice(): TemplateResult {
    const { n, f } = this.sizes;
    const [least, most] = [sharingQuorum(n, f), honestQuorum(n, f)];
    return least <= most
      ? html`<p class="why">n = ${n} ≥ 3f + 1 = ${3 * f + 1}: ${least === most ? html`q = ${least} keeps both.` : html`any q from ${least} to ${most} keeps both.`}</p>`
      : html`<p class="why">
          n = ${n} &lt; 3f + 1 = ${3 * f + 1}: no quorum keeps both. Agreement asks for q ≥ ${least}, progress for q ≤ ${most}. Whichever you choose, the other is lost.
        </p>`;
  }

  private tried(): TemplateResult {
    const f = Math.max(1, Math.min(TABLE_LIARS_MAX, this.sizes.f));
    const all = questions(f);
    const running = this.trials.current !== null;
    return html`<section aria-labelledby="tried">
      <h2 id="tried">Try it</h2>
      <p class="why">
        Nothing below is scripted. PBFT runs with n replicas of which ${f === 1 ? "one lies" : `${f} lie`} and with quorums of q, once for each of ${SEEDS} seeds. The seed draws what fails besides, and what the liars do: they
        plot together in every second run. Counted is in how many runs honest replicas committed different requests with one number, and in how many a client was not served although all other faults were over. (Where
        agreement is lost, a client may be left without an answer too: replies that differ do not add up.)
      </p>
      <div class="row">
        <button class="primary" ?disabled=${running} @click=${() => this.trials.start(all, SEEDS)}>Run the table for f = ${f}</button>
        ${running ? html`<button @click=${() => this.trials.stop()}>Stop</button>` : nothing}
        <span class="soft" role="status">${this.progress()}</span>
      </div>
      ${this.trials.failure === "" ? nothing : html`<p class="lost" role="alert">${this.trials.failure}</p>`}
      <div class="scroll" tabindex="0" role="group" aria-label="The table, scrollable">${this.table(all, "What was seen")}</div>
    </section>`;
  }

  private progress(): string {
    const { current } = this.trials;
    const report = current === null ? undefined : this.trials.of(current);
    return current === null ? "" : `n = ${current.n}, q = ${current.q}: run ${report?.seeds_done ?? 0} of ${report?.seeds ?? SEEDS}`;
  }

  private table(all: readonly Sizes[], label: string): TemplateResult {
    return html`<table aria-label=${label}>
      <thead>
        <tr>
          ${["n", "f", "q", "arithmetic says", "runs", "agreement", "progress"].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${all.map((sizes) => this.row(sizes))}
      </tbody>
    </table>`;
  }

  private row(sizes: Sizes): TemplateResult {
    const { n, f, q } = sizes;
    const report = this.trials.of(sizes);
    const lost = [...(keepsAgreement(sizes) ? [] : ["agreement can be lost"]), ...(keepsProgress(sizes) ? [] : ["progress can be lost"])];
    const says = lost.length === 0 ? "both are kept" : lost.join(", ");
    return html`<tr data-testid="trial" data-n=${n} data-q=${q} class=${n === 3 * f + 1 ? "edge" : ""}>
      <th scope="row">${n}${n === 3 * f + 1 ? html` <small>= 3f + 1</small>` : n === 3 * f ? html` <small>= 3f</small>` : nothing}</th>
      <td>${f}</td>
      <td>${q} <small>${[...(q === honestQuorum(n, f) ? ["n − f"] : []), ...(q === Math.min(n, sharingQuorum(n, f)) ? ["⌈(n+f+1)/2⌉"] : [])].join(" = ")}</small></td>
      <td>${says}</td>
      <td class="number">${report === undefined ? html`<span class="soft">not yet</span>` : `${report.seeds_done}${report.ended ? "" : " …"}`}</td>
      ${this.found("agreement", report, report?.disagreements, report?.broken)} ${this.found("progress", report, report?.stalls, report?.stalled)}
    </tr>`;
  }

  private found(what: "agreement" | "progress", report: ThresholdReport | undefined, times: number | undefined, shown: ThresholdShown | null | undefined): TemplateResult {
    if (report === undefined) {
      return html`<td class="soft">–</td>`;
    }
    if (times === undefined || times === 0 || shown === null || shown === undefined) {
      return html`<td class="kept">✓ ${what === "agreement" ? "kept" : "made"}</td>`;
    }
    return html`<td class="lost">
      ✗ ${what === "agreement" ? "broken" : "stalled"} in ${times}
      <button title=${shown.sentence} @click=${() => void this.show(shown)}>See run ${shown.seed}</button>
    </td>`;
  }

  /** Opens a run that was found in the playground, where it shows what it shows. */
  private async show({ scenario, event, sentence }: ThresholdShown): Promise<void> {
    const { run } = this;
    try {
      await run.engines.of("pbft");
      run.load({ ...scenario, title: `n = ${scenario.replicas}, q = ${scenario.pbft?.quorum}: ${sentence}` }, 0);
      run.playhead.step(event + 1);
      run.view.select({ kind: "event", event });
      window.location.hash = "";
    } catch (error) {
      run.notices.report(error);
    }
  }
}

function argument(): TemplateResult {
  return html`<section class="argument" aria-labelledby="argument">
    <h2 id="argument">Why it takes 3f + 1</h2>
    <ol>
      <li>
        Of <i>n</i> replicas, <i>f</i> may lie. A decision rests on a <i>quorum</i>: on what <i>q</i> of them say. Two quorums of <i>q</i> share at least <b>2<i>q</i> − <i>n</i></b> replicas, for together they name 2<i>q</i>, and
        there are only <i>n</i>.
      </li>
      <li>
        <b>Agreement.</b> A liar in both may vouch for one thing here and for another there; an honest replica does not. So two quorums must share one that is honest, whoever lies:
        <b>2<i>q</i> − <i>n</i> ≥ <i>f</i> + 1</b>.
      </li>
      <li>
        <b>Progress.</b> Liars may also say nothing, and nobody can tell that from a slow network. So the honest ones must be a quorum by themselves: <b><i>q</i> ≤ <i>n</i> − <i>f</i></b>.
      </li>
      <li>
        Both at once: 2(<i>n</i> − <i>f</i>) − <i>n</i> ≥ 2<i>q</i> − <i>n</i> ≥ <i>f</i> + 1, hence <b><i>n</i> ≥ 3<i>f</i> + 1</b>. With <i>n</i> = 3<i>f</i> + 1, <i>q</i> = 2<i>f</i> + 1 is the one that keeps both.
      </li>
    </ol>
    <p class="soft">Signatures do not help here: they stop a liar from speaking for others, and not from saying two things. The bound for a network without time limits is that of Bracha and Toueg (1985); PBFT states it in section 3 of the paper of 1999.</p>
  </section>`;
}
