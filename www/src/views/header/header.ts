// The title, the prepared runs, and the verdict: always in sight.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { KEYS_EVENT, namesOf } from "../../commands/perform.js";
import { sheet } from "../../commands/sheet.js";
import { shortcuts, titleOf } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { setTheme } from "../../design/palette.js";
import type { Theme } from "../../design/palette.js";
import { count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { GalleryEntry } from "../../engine/engine.js";
import { openFirstVisit } from "../../engine/link.js";
import { PROTOCOLS } from "../../protocols/protocol.js";
import { ROOMS } from "../../rooms/rooms.js";
import { Panel, base } from "../panel.js";
import { badge } from "../verdict/badge.js";
import { headerStyles } from "./styles.js";
import "./share.js";

/** How many prepared runs are one click away; the others are in the menu. */
const QUICK = 3;
const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

@customElement("playground-header")
export class PlaygroundHeader extends Panel {
  static override styles = [base, headerStyles];

  protected readonly topics: readonly Topic[] = ["time", "scenario", "playing", "verdict", "story"];
  protected override readonly pace = 250;

  /** The room that is entered; empty in the playground. */
  @property() room = "";
  /** The way back to the room in which the run was opened. */
  @property({ attribute: false }) wayBack: { address: string; words: string } | null = null;
  @state() private theme: Theme = "system";
  @state() private dismissed: GalleryEntry | undefined;
  /** On a narrow screen, whether all that is said of the run is shown. */
  @state() private whole = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(KEYS_EVENT, this.openKeys);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(KEYS_EVENT, this.openKeys);
  }

  /** The prepared run that this one began as: what was changed since leaves it its title. */
  private get chosen(): GalleryEntry | undefined {
    const { title } = this.run.scenario;
    return this.run.entries.find(({ scenario }) => scenario.title === title);
  }

  private readonly openKeys = (): void => {
    this.renderRoot.querySelector<HTMLElement>("#settings")?.togglePopover();
  };

  protected override content(): TemplateResult {
    return html`
      <header>
        <h1>Consensus playground</h1>
        ${ROOMS.length === 0 ? nothing : this.rooms()} ${this.room === "" ? this.ofRun() : nothing}
        ${this.room !== "" || this.wayBack === null ? nothing : html`<a class="back" href=${this.wayBack.address}>${this.wayBack.words}</a>`}
        <nav class="page" aria-label="Page">
          ${this.room === "" ? html`<button class="quiet tour" title="The story of the first visit: two minutes" @click=${() => void this.openFirstVisit()}>First steps</button>` : nothing}
          ${this.room === "" ? html`<playground-share .run=${this.run}></playground-share>` : nothing}
          <button class="quiet hint" popovertarget="settings" title="The keys (?)" aria-keyshortcuts=${shortcuts("keys")}>Keys <kbd>?</kbd></button>
          <button class="quiet icon" popovertarget="settings" aria-label="Settings and keys" title=${titleOf("keys", this.run, namesOf(this.run))} aria-keyshortcuts=${shortcuts("keys")}>${icons.more}</button>
        </nav>
        <div id="settings" popover aria-label="Settings and keys">${this.settings()}</div>
      </header>
      ${this.room === "" ? this.about() : nothing}
    `;
  }

  /** The way to the other rooms of the page, and back. */
  private rooms(): TemplateResult {
    const here = ROOMS.find(({ name }) => name === this.room);
    const leave = (): void => this.renderRoot.querySelector<HTMLElement>("#rooms")?.hidePopover();
    const way = (name: string, title: string, about: string): TemplateResult =>
      html`<a class="entry" href="#${name}" aria-current=${name === this.room ? "page" : "false"} @click=${leave}><strong>${title}</strong><span>${about}</span></a>`;
    return html`<button class="rooms" popovertarget="rooms" title="The rooms of this page">${here?.title ?? "Rooms"} <span aria-hidden="true">▾</span></button>
      <div id="rooms" popover aria-label="Rooms">
        ${way("", "Playground", "A simulated cluster, its messages, and what you do to it.")} ${ROOMS.map(({ name, title, about }) => way(name, title, about))}
      </div>`;
  }

  /** What is said and chosen of the run that is shown. */
  private ofRun(): TemplateResult {
    const { chosen } = this;
    const first = this.run.entries.slice(0, QUICK);
    // The one that is shown is always named: if need be, in the place of the last of these.
    const quick = chosen === undefined || first.includes(chosen) ? first : [...first.slice(0, -1), chosen];
    return html`${this.protocols()}
        <nav class="quick" aria-label="Prepared runs">
          ${quick.map((entry) => html`<button title=${entry.about} aria-current=${entry === chosen} @click=${() => this.open(entry)}>${entry.title}</button>`)}
        </nav>
        <button class="menu ${this.run.entries.length > QUICK ? "always" : ""}" popovertarget="runs" title="All prepared runs">
          <span class="title">${chosen?.title ?? "Prepared runs"}</span><span class="others">More</span>
          <span aria-hidden="true">▾</span>
        </button>
        ${badge(this.run, (action) => this.attempt(action))}
        <div id="runs" popover aria-label="Prepared runs">${this.run.entries.map((entry) => this.entry(entry))}</div>`;
  }

  /** What happens in a prepared run, as long as it is the one that was prepared; and its story, while nobody reads it. */
  private about(): TemplateResult | typeof nothing {
    const { chosen } = this;
    const { seed, mutations } = this.run.scenario;
    const { story } = this.run;
    const isPrepared = chosen !== undefined && seed === chosen.scenario.seed && String(mutations ?? "") === String(chosen.scenario.mutations ?? "");
    const about = isPrepared && chosen !== this.dismissed ? chosen : undefined;
    if (story.told || (about === undefined && !story.exists)) {
      return nothing;
    }
    const words = html`<p class=${this.whole ? "whole" : ""}>${about?.about} <b>Watch:</b> ${about?.watch}</p>
      <button class="quiet more" aria-expanded=${this.whole} @click=${() => (this.whole = !this.whole)}>${this.whole ? "Less" : "More"}</button>`;
    const read = html`<button class="story" @click=${() => this.readStory()}>Story: ${count(story.captions.length, "caption")}</button>`;
    return html`<section class="about" aria-label=${about === undefined ? "Captions of this run" : "About this run"}>
      ${about === undefined ? nothing : words} ${story.exists ? read : nothing}
      ${about === undefined ? nothing : html`<button class="quiet icon" aria-label="Hide what this run is about" title="Hide" @click=${() => (this.dismissed = about)}>${icons.close}</button>`}
    </section>`;
  }

  private entry(entry: GalleryEntry): TemplateResult {
    return html`<button class="entry" aria-current=${entry === this.chosen} @click=${() => this.open(entry)}>
      <strong>${entry.title}</strong><span>${entry.about}</span>
    </button>`;
  }

  private open(entry: GalleryEntry): void {
    this.renderRoot.querySelector<HTMLElement>("#runs")?.hidePopover();
    this.attempt(() => {
      this.run.restart(entry.scenario);
    });
  }

  private reseed(): void {
    this.attempt(() => {
      this.run.restart({ ...this.run.scenario, seed: this.run.freshSeed() });
    });
  }

  /** Where the card is not there yet, it begins by itself when it comes. */
  private readStory(): void {
    this.run.story.open();
    window.dispatchEvent(new CustomEvent("playground-read"));
  }

  private writeStory(): void {
    this.renderRoot.querySelector<HTMLElement>("#settings")?.hidePopover();
    window.dispatchEvent(new CustomEvent("playground-write"));
  }

  private async openFirstVisit(): Promise<void> {
    try {
      this.run.story.open();
      await openFirstVisit(this.run);
    } catch (error) {
      this.run.notices.report(error);
    }
  }

  private async choose(select: HTMLSelectElement): Promise<void> {
    try {
      await this.run.choose(select.value);
    } catch (error) {
      // The run before stays, and so does its name.
      select.value = this.run.catalogue.protocol;
      this.run.notices.report(error);
    }
  }

  /** Which protocol runs. */
  private protocols(): TemplateResult {
    const now = this.run.catalogue.protocol;
    return html`<select class="protocol" aria-label="Protocol" title="Protocol" @change=${(event: Event) => void this.choose(event.target as HTMLSelectElement)}>
      ${PROTOCOLS.map(([name, { title }]) => html`<option value=${name} .selected=${name === now}>${title}</option>`)}
    </select>`;
  }

  private settings(): TemplateResult {
    return html`
      <h2>Theme</h2>
      <div class="segmented" role="group" aria-label="Theme">
        ${THEMES.map(
          ([theme, name]) => html`<button
            aria-pressed=${this.theme === theme}
            @click=${() => {
              this.theme = theme;
              setTheme(theme);
            }}
          >
            ${name}
          </button>`,
        )}
      </div>
      <h2>Seed</h2>
      <p class="row">
        <span class="mono">${this.run.scenario.seed ?? "default"}</span>
        <button @click=${() => this.reseed()}>Run again with a fresh seed</button>
      </p>
      <h2>Captions</h2>
      <p class="row"><button @click=${() => this.writeStory()}>Edit captions</button></p>
      <h2>Keys</h2>
      <dl>
        ${sheet(namesOf(this.run)).map(({ keys, words }) => html`<dt>${keys}</dt>
          <dd>${words}</dd>`)}
      </dl>
      <h2>Engine</h2>
      <p class="mono soft">version <output data-engine-version>${this.run.engineVersion}</output></p>
    `;
  }
}
