// The title, the prepared runs, and the verdict: always in sight.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { KEYS_EVENT, namesOf, perform } from "../../commands/perform.js";
import { sheet } from "../../commands/sheet.js";
import { COMMANDS, keyLabel, shortcuts, titleOf as titleOfCommand } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { setTheme } from "../../design/palette.js";
import type { Theme } from "../../design/palette.js";
import { apostrophes } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { GalleryEntry } from "../../engine/engine.js";
import { openFirstVisit } from "../../engine/link.js";
import { isChanged, preparedOf, titleOf } from "../../engine/origin.js";
import { PROTOCOLS } from "../../protocols/protocol.js";
import { ROOMS } from "../../rooms/rooms.js";
import { groupControls } from "../groups.js";
import { Panel, base } from "../panel.js";
import { badge } from "../verdict/badge.js";
import { headerStyles } from "./styles.js";
import "./share.js";

/** How many prepared runs are one click away; the others are in the menu. */
const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** The room to which the name of the run leads: in a menu it is named, too. */
const RUNS = "runs";

/** Then the links and the choice of the protocol are in menus. */
const NARROW = matchMedia("(max-width: 1100px)");

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
  @state() private isNarrow = NARROW.matches;

  constructor() {
    super();
    groupControls(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(KEYS_EVENT, this.openKeys);
    NARROW.addEventListener("change", this.onWidth);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(KEYS_EVENT, this.openKeys);
    NARROW.removeEventListener("change", this.onWidth);
  }

  private readonly onWidth = ({ matches }: MediaQueryListEvent): void => {
    this.isNarrow = matches;
  };

  private get chosen(): GalleryEntry | undefined {
    return preparedOf(this.run);
  }

  private readonly openKeys = (): void => {
    this.renderRoot.querySelector<HTMLElement>("#settings")?.togglePopover();
  };

  protected override content(): TemplateResult {
    const isHere = this.room === "";
    return html`
      <header>
        ${this.isNarrow ? this.menuOfRooms() : html`<h1>Consensus playground</h1>${this.rooms()}`}
        <div class="bar" role="group" aria-label="This run, and the page" data-group>
          ${isHere ? this.ofRun() : nothing}
          ${isHere && this.wayBack !== null ? html`<a class="back" href=${this.wayBack.address}>${this.wayBack.words}</a>` : nothing}
          <nav class="page" aria-label="Page">
            ${isHere && !this.isNarrow && this.wayBack === null ? this.firstSteps() : nothing}
            ${isHere ? html`<playground-share .run=${this.run}></playground-share>` : nothing}
            <button class="quiet icon" popovertarget="settings" aria-label="Settings and keys" title=${titleOfCommand("keys", this.run, namesOf(this.run))} aria-keyshortcuts=${shortcuts("keys")}>${icons.more}</button>
          </nav>
        </div>
        <div id="settings" popover aria-label="Settings and keys">${this.settings()}</div>
      </header>
    `;
  }

  private firstSteps(): TemplateResult {
    return html`<button class="quiet tour" title="The story of the first visit: two minutes" @click=${() => void this.openFirstVisit()}>First steps</button>`;
  }

  /** The ways to the other rooms of the page, and back. */
  private rooms(): TemplateResult {
    const leave = (): void => this.renderRoot.querySelector<HTMLElement>("#rooms")?.hidePopover();
    const way = (name: string, title: string, about: string): TemplateResult =>
      html`<a href="#${name}" title=${about} aria-current=${name === this.room ? "page" : "false"} @click=${leave}>${title}</a>`;
    return html`<nav class="rooms" aria-label="Rooms" data-group>
      ${way("", "Playground", "A simulated cluster, its messages, and what you do to it.")} ${ROOMS.filter(({ name }) => this.isNarrow || name !== RUNS).map(({ name, title, about }) => way(name, title, about))}
    </nav>`;
  }

  private menuOfRooms(): TemplateResult {
    return html`<h1 class="out-of-sight">Consensus playground</h1>
      <button class="quiet icon" popovertarget="rooms" aria-label="Menu" title="Where to go">${icons.menu}</button>
      <div id="rooms" popover aria-label="Menu">
        ${this.rooms()} ${this.room === "" ? html`<p class="row">${this.firstSteps()} ${this.protocols()}</p>` : nothing}
      </div>`;
  }

  /** What is said and chosen of the run that is shown. */
  private ofRun(): TemplateResult {
    const { chosen } = this;
    return html`<div class="run">
        ${this.isNarrow ? nothing : this.protocols()}
        <a class="menu" href="#runs/${this.run.catalogue.protocol}" title="All prepared runs">
          <span class="title">${apostrophes(titleOf(this.run))}</span>
          <span aria-hidden="true">▾</span>
        </a>
      </div>
      ${chosen !== undefined && isChanged(this.run) ? this.asPrepared(chosen) : nothing}
      <div class="finding">${badge(this.run, (action) => this.attempt(action))}</div>`;
  }

  /** The way back, where something was changed by hand. */
  private asPrepared({ scenario }: GalleryEntry): TemplateResult {
    const again = (): void => this.attempt(() => this.run.restart(scenario));
    return html`<button class="quiet again" title="This run was changed. It starts again as it was prepared." @click=${again}>As prepared</button>`;
  }

  private reseed(): void {
    this.attempt(() => {
      this.run.restart({ ...this.run.scenario, seed: this.run.freshSeed() });
    });
  }

  private writeStory(): void {
    this.renderRoot.querySelector<HTMLElement>("#settings")?.hidePopover();
    window.dispatchEvent(new CustomEvent("playground-write"));
  }

  private openPalette(): void {
    this.renderRoot.querySelector<HTMLElement>("#settings")?.hidePopover();
    perform("palette", this.run);
  }

  private present(): void {
    this.renderRoot.querySelector<HTMLElement>("#settings")?.hidePopover();
    this.attempt(() => perform("present", this.run));
  }

  private async openFirstVisit(): Promise<void> {
    this.renderRoot.querySelector<HTMLElement>("#rooms")?.hidePopover();
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
      <p class="row">
        <button @click=${() => this.writeStory()}>Edit captions</button>
        <button title=${titleOfCommand("present", this.run, namesOf(this.run))} aria-keyshortcuts=${shortcuts("present")} @click=${() => this.present()}>Present</button>
      </p>
      <h2>Keys</h2>
      <p class="row"><button aria-keyshortcuts=${shortcuts("palette")} @click=${() => this.openPalette()}>${COMMANDS.palette.words(namesOf(this.run))} <kbd>${keyLabel("palette")}</kbd></button></p>
      <dl>
        ${sheet(namesOf(this.run)).map(({ keys, words }) => html`<dt>${keys}</dt>
          <dd>${words}</dd>`)}
      </dl>
      <h2>Engine</h2>
      <p class="mono soft">version <output data-engine-version>${this.run.engineVersion}</output></p>
    `;
  }
}
