// The story of a run: its captions, one at a time, with the way back and forth. A presenter's remote moves in it, too:
// it sends PageUp and PageDown.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { pressOn, wasPressed } from "../../commands/keys.js";
import { apostrophes, count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Caption, CaptionAsk } from "../../engine/engine.js";
import { FIRST_VISIT } from "../../engine/link.js";
import { Panel, base } from "../panel.js";
import { ByItself } from "./by-itself.js";
import { followOn, look } from "./look.js";
import type { PlaygroundStoryEditor } from "./editor.js";
import { storyStyles } from "./styles.js";

/** The runs to which the first visit leads in the end. */
const WAYS_OUT: readonly (readonly [string, string])[] = [
  ["#run=cut-the-leader-off", "A linearizable key-value store, cut in two"],
  ["#run=pbft-two-faced-primary", "PBFT: a primary that equivocates"],
];
/** What wants a key for itself. */
const TAKES_KEYS = "input:not([type=range]), select, textarea, dialog, [popover]";

@customElement("playground-story")
export class PlaygroundStory extends Panel {
  static override styles = [base, storyStyles];

  protected readonly topics: readonly Topic[] = ["story", "scenario", "playing", "records"];
  protected override readonly pace = 60;

  /** In somebody else's page: it does not begin by itself, is not written there, and leads out of it. */
  @property({ type: Boolean }) guest = false;

  /** The caption to which the reader's eye was led last. */
  private ledTo: Caption | undefined;
  /** Play has gone on from there. */
  private isUnderWay = false;
  private unlisten: (() => void) | undefined;
  /** The caption that was asked for in vain. */
  @state() private missed = -1;
  private editor: PlaygroundStoryEditor | undefined;
  private readonly byItself = new ByItself(
    () => this.run,
    () => this.requestUpdate(),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = this.run.emitter.listen((topics) => {
      if (topics.has("scenario")) {
        this.onScenario();
      }
      if (topics.has("story") || topics.has("playing")) {
        this.follow();
      }
    });
    window.addEventListener("keydown", this.onKey, { capture: true });
    window.addEventListener("keydown", this.takeOver, { capture: true });
    window.addEventListener("pointerdown", this.takeOver, { capture: true });
    window.addEventListener("playground-write", this.write);
    window.addEventListener("playground-read", this.open);
    this.onScenario();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
    this.byItself.stop();
    this.editor?.remove();
    window.removeEventListener("keydown", this.onKey, { capture: true });
    window.removeEventListener("keydown", this.takeOver, { capture: true });
    window.removeEventListener("pointerdown", this.takeOver, { capture: true });
    window.removeEventListener("playground-write", this.write);
    window.removeEventListener("playground-read", this.open);
  }

  /** A run that was just opened is shown at its first caption, unless a link says where its reader stood. */
  private onScenario(): void {
    const { story, opened, hasMoreThanItBeganWith: isActedOn } = this.run;
    if (!story.takeUp()) {
      return;
    }
    this.ledTo = undefined;
    this.missed = -1;
    this.byItself.stop();
    this.wasRead = story.told;
    if (!story.told || opened !== null || isActedOn) {
      return;
    }
    if (this.isFirstVisit) {
      this.beginFirstVisit();
    } else {
      this.go(0);
    }
  }

  /** Whether it was begun since the run was loaded. */
  private wasRead = false;

  private get isFirstVisit(): boolean {
    const { entries, scenario } = this.run;
    return entries.find(({ name }) => name === FIRST_VISIT)?.title === scenario.title;
  }

  private beginFirstVisit(): void {
    if (ByItself.allowed && !this.guest) {
      this.byItself.begin();
    } else {
      this.go(0);
    }
  }

  /** Where the playhead stands at a caption's moment, the eye is led to what it is about: once. */
  private follow(): void {
    if (this.run.playhead.playing && this.ledTo !== undefined && !this.isUnderWay) {
      this.isUnderWay = true;
      followOn(this.run);
    }
    const { story, playhead, status } = this.run;
    if (!story.told) {
      this.letGo();
    }
    const { current } = story;
    const moment = story.momentOf(story.index);
    if (!story.told || playhead.playing || current === undefined || current === this.ledTo) {
      return;
    }
    if (moment === null || status.cursor !== moment.events) {
      return;
    }
    this.ledTo = current;
    this.isUnderWay = false;
    this.attempt(() => {
      look(this.run, current, moment);
      this.run.view.leaveToStory();
    });
    this.byItself.arrived();
  }

  /** Nobody reads it any more: the diagram is the reader's again. */
  private letGo(): void {
    this.byItself.stop();
    if (this.ledTo !== undefined) {
      this.ledTo = undefined;
      followOn(this.run);
    }
  }

  // What the reader does

  /** It is read from its beginning, and where it was left when it is taken up again. */
  private readonly open = (): void => {
    this.run.story.open();
    this.go(this.wasRead ? Math.max(0, this.run.story.index) : 0);
    this.wasRead = true;
  };

  /** Where the story is written is fetched when it is asked for. */
  private readonly write = (): void => {
    this.byItself.stop();
    this.run.playhead.pause();
    this.run.story.locate();
    import("./editor.js")
      .then(() => this.openEditor())
      .catch((error: unknown) => this.run.notices.report(error));
  };

  /** It stands over the whole page: this card may be hidden meanwhile. */
  private async openEditor(): Promise<void> {
    this.editor ??= document.createElement("playground-story-editor");
    this.editor.run = this.run;
    document.body.append(this.editor);
    await this.editor.updateComplete;
    this.editor.show();
  }

  private leave(event: Event): void {
    const isPressed = wasPressed(event.currentTarget);
    this.byItself.stop();
    this.run.story.leave();
    this.run.view.select(null);
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const again = this.renderRoot.querySelector<HTMLElement>("button.story");
      again?.focus();
      // Whoever pressed it with the pointer means the page with the next key.
      if (again !== null && isPressed) {
        pressOn(again);
      }
    });
  }

  private go(index: number): void {
    this.attempt(() => {
      if (index < 0 || index >= this.run.story.captions.length) {
        return;
      }
      this.ledTo = undefined;
      this.missed = this.run.story.go(index) === "there" ? -1 : index;
      this.follow();
    });
  }

  /** Where something is asked for that the next caption waits for, Next does it. */
  private next(): void {
    const { story } = this.run;
    const { index } = story;
    this.attempt(() => {
      if (story.momentOf(index + 1) === null && !story.isDone(index)) {
        story.act(index);
      }
      this.go(index + 1);
    });
  }

  private act(): void {
    const { story, playhead } = this.run;
    this.attempt(() => {
      if (story.act(story.index)) {
        playhead.play();
      }
    });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const isWanted = event.key === "PageDown" || event.key === "PageUp";
    const isTaken = !(target instanceof Element) || target.closest(TAKES_KEYS) !== null;
    if (!isWanted || isTaken || !this.run.story.told || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.byItself.stop();
    if (event.key === "PageDown") {
      this.next();
    } else {
      this.go(this.run.story.index - 1);
    }
  };

  /** Whoever touches anything but the card has taken over. */
  private readonly takeOver = (event: Event): void => {
    const isTab = event instanceof KeyboardEvent && event.key === "Tab";
    if (this.byItself.on && !isTab && !event.composedPath().includes(this)) {
      this.byItself.letGo();
    }
  };

  // The card

  protected override content(): TemplateResult {
    const { story } = this.run;
    this.toggleAttribute("told", story.told);
    if (!story.told) {
      return html`${story.exists ? this.folded() : nothing}`;
    }
    return this.card(story.index, story.captions.length);
  }

  /** A story that was left is taken up again where it stood. */
  private folded(): TemplateResult {
    return html`<button class="story" @click=${this.open}>Story: ${count(this.run.story.captions.length, "caption")}</button>`;
  }

  private card(index: number, total: number): TemplateResult {
    const { current } = this.run.story;
    const ask = current?.ask;
    const isLast = index === total - 1;
    const hasAsk = ask !== undefined || (isLast && this.isFirstVisit);
    return html`<section class="card ${hasAsk ? "" : "alone"}" aria-label="Story">
      <div class="words" aria-live="polite" tabindex="0" role="group" aria-label="Caption">
        <h2>${apostrophes(current?.title ?? this.run.scenario.title ?? "A story")}</h2>
        <span class="count">${index < 0 ? nothing : `${index + 1} of ${total}`}</span>
        <span class="marks" aria-hidden="true">${this.run.story.captions.map((_, each) => html`<i class=${each === index ? "here" : each < index ? "read" : ""}></i>`)}</span>
        <p>${apostrophes(this.text(current, ask))}</p>
      </div>
      <div class="ask" tabindex=${ask === undefined ? nothing : 0} role="group" aria-label="Your turn">
        ${ask === undefined ? nothing : this.ask(ask)} ${isLast && this.isFirstVisit ? waysOut(this.guest) : nothing}
      </div>
      <div class="ways">
        <span class="aside">
          <button class="quiet" @click=${(event: Event) => this.leave(event)}>Leave<span class="long"> the story</span></button>
          ${this.isFirstVisit || this.guest ? nothing : html`<button class="quiet write" @click=${this.write}>Edit captions</button>`}
        </span>
        ${this.isFirstVisit && index < total - 1 ? this.pause() : nothing}
        <button ?disabled=${index <= 0} title="The caption before (PgUp)" @click=${() => this.back(index)}>Back</button>
        <button
          class=${this.isWaiting ? "" : "primary"}
          ?disabled=${isLast}
          title="The next caption (PgDn)"
          @click=${() => this.forth()}
        >Next</button>
      </div>
    </section>`;
  }

  private back(index: number): void {
    this.byItself.stop();
    this.go(index - 1);
  }

  private forth(): void {
    this.byItself.stop();
    this.next();
  }

  /** What is said: the answer, once something is chosen; and that a moment has not come, where it has not. */
  private text(current: Caption | undefined, ask: CaptionAsk | undefined): string {
    if (this.missed >= 0) {
      const title = this.run.story.captions[this.missed]?.title ?? "";
      return `“${title}” is not reached: what was done to the run has changed its course. Go back, or play on.`;
    }
    if (ask !== undefined && "question" in ask && this.run.story.choiceOf(this.run.story.index) !== undefined) {
      return ask.question.answer;
    }
    const moments = count(this.run.story.captions.length, "moment");
    return current === undefined ? `${moments}, one after another. Next leads to the first.` : (current.text ?? "");
  }

  /** Whether it is the reader's turn. */
  private get isWaiting(): boolean {
    const { story } = this.run;
    return story.current?.ask !== undefined && "act" in story.current.ask && !story.isDone(story.index);
  }

  private pause(): TemplateResult {
    const { on } = this.byItself;
    const toggle = (): void => (on ? this.byItself.stop() : this.byItself.begin());
    return html`<button @click=${toggle}>${on ? "Pause" : "Play"}<span class="long"> the story</span></button>`;
  }

  private ask(ask: CaptionAsk): TemplateResult {
    if ("act" in ask) {
      const isDone = this.run.story.isDone(this.run.story.index);
      const words = `${isDone ? "Done: " : ""}${ask.act.words}`;
      return html`<p>Your turn</p>
        <div class="choices">
          <button class="primary" ?disabled=${isDone} @click=${() => this.act()}>${words}</button>
        </div>`;
    }
    const { question, choices, right } = ask.question;
    const chosen = this.run.story.choiceOf(this.run.story.index);
    return html`<p>${apostrophes(question)}</p>
      <div class="choices">${choices.map((choice, ordinal) => this.choice(choice, ordinal, right, chosen))}</div>`;
  }

  private choice(words: string, ordinal: number, right: number, chosen: number | undefined): TemplateResult {
    const isRight = chosen !== undefined && ordinal === right;
    const isWrong = chosen === ordinal && ordinal !== right;
    const sign = isRight ? "✓ " : isWrong ? "✗ " : "";
    const choose = (): void => {
      this.byItself.stop();
      this.run.story.choose(ordinal);
    };
    const kind = isRight ? "right" : isWrong ? "wrong" : "";
    const isChosen = chosen === ordinal;
    return html`<button class=${kind} aria-pressed=${isChosen} ?disabled=${chosen !== undefined} @click=${choose}>
      ${sign}${apostrophes(words)}
    </button>`;
  }
}

/** Where the first story leads: out of somebody else's page, to the whole playground. */
function waysOut(isGuest: boolean): TemplateResult {
  const way = (address: string, words: string): TemplateResult =>
    isGuest ? html`<a href="./${address}" target="_blank" rel="noopener">${words}</a>` : html`<a href=${address}>${words}</a>`;
  return html`<p>Two runs to begin with</p>
    <div class="ends">${WAYS_OUT.map(([address, words]) => way(address, words))}</div>`;
}
