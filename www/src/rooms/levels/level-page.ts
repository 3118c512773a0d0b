// A level, played: the run so far, the question beneath it, and at the end what came of it.

import { LitElement, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { paintEpochsBy } from "../../design/palette.js";
import { count } from "../../design/words.js";
import type { Continuation } from "../../engine/clone.js";
import { describeError } from "../../engine/engine.js";
import { Engines } from "../../engine/engines.js";
import type { Run } from "../../engine/run.js";
import { countsFromZero, looksOf } from "../../protocols/protocol.js";
import { base } from "../../views/panel.js";
import { quietLinks } from "../contents-styles.js";
import { failureStyles } from "../failure-styles.js";
import { openBroken } from "../open-broken.js";
import { Mistaken } from "./exam.js";
import type { Mistake } from "./exam.js";
import type { Level } from "./level.js";
import { Play } from "./play.js";
import { questionPart } from "./question.js";
import { note } from "./scores.js";
import { levelStyles } from "./styles.js";
import { standing } from "./world.js";
import type { Worldly } from "./world.js";
import "../../views/diagram/diagram.js";

/** Of a guest. */
const OWN = new Engines(() => undefined);

/** The level that is played, or was last. */
let kept: Promise<Play> | undefined;
let keptLevel: Level | undefined;

/** The level as it was left, or from its beginning. */
async function playOf(level: Level, engines: Engines): Promise<Play> {
  if (kept === undefined || keptLevel !== level) {
    void kept?.then((play) => play.close()).catch(() => undefined);
    keptLevel = level;
    kept = Play.of(level, engines);
  }
  try {
    return await kept;
  } catch (error) {
    keptLevel = undefined;
    throw error;
  }
}

/** Epochs have the colours that they have in a run. */
function paintAs({ catalogue }: Run): void {
  paintEpochsBy(catalogue.epoch_places, countsFromZero(catalogue.protocol));
}

@customElement("playground-level")
export class PlaygroundLevel extends LitElement {
  static override styles = [base, quietLinks, failureStyles, levelStyles];

  /** The run of the page, in which a world is opened. A guest in somebody else's page has none. */
  @property({ attribute: false }) run: Run | undefined;
  /** What was answered before, as `Play.chosen` tells it. */
  @property({ attribute: false }) answers: Play["chosen"] | undefined;
  @property({ attribute: false }) level!: Level;
  /** The level after this one. */
  @property({ attribute: false }) following: Level | undefined;
  @state() play: Play | null = null;
  @state() private mistakes: readonly Mistake[] = [];
  @state() private failure = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("level") || (changed.has("answers") && this.answers !== undefined)) {
      void this.begin(this.level);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave();
  }

  /** What was played stays, for whoever comes back. The colours of epochs are the page's run's again. */
  private leave(): void {
    this.play = null;
    if (this.run !== undefined) {
      paintAs(this.run);
    }
  }

  private async begin(level: Level): Promise<void> {
    this.leave();
    this.mistakes = [];
    this.failure = "";
    try {
      const play = await playOf(level, this.run?.engines ?? OWN);
      if (this.level === level && this.isConnected) {
        play.changed = () => this.onChange();
        paintAs(play.run);
        this.play = play;
        this.restore(play);
      }
    } catch (error) {
      if (this.level !== level) {
        return;
      }
      if (error instanceof Mistaken) {
        this.mistakes = error.mistakes;
      } else {
        this.failure = describeError(error);
      }
    }
  }

  /** What was answered before is answered again; not where somebody plays already. */
  private restore(play: Play): void {
    const { answers } = this;
    if (answers !== undefined && play.chosen.every((chosen) => chosen.length === 0)) {
      play.answer(answers);
    }
  }

  private onChange(): void {
    const { play } = this;
    if (play !== null) {
      note(play.level.name, { right: play.rightAtFirst, of: play.exam.posed.length, passed: play.isPassed });
      this.dispatchEvent(new CustomEvent("playground-score", { bubbles: true, composed: true }));
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { level, play } = this;
    const { protocol } = level.scenario;
    return html`<header class="title">
        <h1 tabindex="-1">${level.title}</h1>
        <p class="soft">${looksOf(protocol).title} · ${count(level.questions.length, "question")} · about ${count(level.minutes, "minute")}</p>
      </header>
      ${play === null ? this.waiting() : this.playing(play)}`;
  }

  private waiting(): TemplateResult {
    if (this.mistakes.length > 0) {
      return mistakesPart(this.mistakes);
    }
    return this.failure === "" ? html`<p class="soft" role="status">Starting the run…</p>` : html`<p class="failure" role="alert">The level could not be started: ${this.failure}</p>`;
  }

  private playing(play: Play): TemplateResult {
    const { posed, level, standing: stands } = play;
    const acts: Worldly = {
      enter: (ordinal) => void this.turn(() => play.enter(ordinal)),
      next: () => void this.turn(() => play.goTo(play.place + 1)),
      before: () => void this.turn(() => play.goTo(play.place - 1)),
      back: () => void this.turn(() => play.back()),
      hunt: () => void play.hunt().catch((error: unknown) => this.fail(error)),
      open: this.run === undefined ? null : (continuation) => void this.open(continuation).catch((error: unknown) => this.fail(error)),
    };
    return html`<p class="about">${play.place === 0 && stands === null ? level.about : nothing}</p>
      <figure class=${stands === null ? "" : "large"}>
        <h2 class="out-of-sight">The run</h2>
        <playground-diagram bare .run=${play.run}></playground-diagram>
      </figure>
      <p class="whole">The whole run so far. ${level.role} itself sees only what reaches it.</p>
      ${posed === undefined ? this.ending(play) : stands === null ? questionPart(play, posed, acts) : standing(play, posed, stands, acts)}
      ${this.failure === "" ? nothing : html`<p class="failure" role="alert">${this.failure}</p>`}`;
  }

  /** Something else is shown: whoever reads begins there, with the keyboard too. */
  private async turn(act: () => void): Promise<void> {
    this.failure = "";
    try {
      act();
    } catch (error) {
      this.fail(error);
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#asked, #stands, #ended")?.focus({ preventScroll: true });
    this.renderRoot.querySelector("figure")?.scrollIntoView({ block: "nearest" });
  }

  private ending(play: Play): TemplateResult {
    const { level, exam, rightAtFirst, isPassed } = play;
    const { following } = this;
    return html`<section class="node ended" aria-labelledby="ended">
      <h2 id="ended" tabindex="-1">${isPassed ? "Passed" : "Not passed yet"}</h2>
      <p role="status"><b class=${isPassed ? "good" : ""}>${rightAtFirst} of ${exam.posed.length} right at first</b>${isPassed ? "." : `; it takes ${level.reach}.`} ${level.end}</p>
      <div class="row">
        ${following === undefined ? nothing : html`<a class="button primary" href="#levels/${following.name}">Next: ${following.title}</a>`}
        <button @click=${() => void this.turn(() => play.again())}>Play again</button>
        <button class="quiet" @click=${() => void this.turn(() => play.goTo(exam.posed.length - 1))}>Back</button>
      </div>
    </section>`;
  }

  private fail(error: unknown): void {
    this.failure = describeError(error);
  }

  /** Opens a world in the playground, where it breaks a promise, or where it parts from the level. */
  private async open({ scenario, broken, entered }: Continuation): Promise<void> {
    const title = `${this.level.title}, with another answer`;
    if (this.run === undefined) {
      return;
    }
    await openBroken(this.run, { ...scenario, title }, broken?.event ?? entered, broken?.promise ?? null);
  }
}

/** What is wrong with a level, each with its place. */
export function mistakesPart(mistakes: readonly Mistake[]): TemplateResult {
  return html`<section class="failure" role="alert" aria-label="What is wrong with the level">
    <p>The level cannot be played:</p>
    <ul>
      ${mistakes.map(({ place, words }) => html`<li><code>${place}</code>: ${words}</li>`)}
    </ul>
  </section>`;
}
