// The title, the prepared runs, and the verdict: always in sight.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icons } from "../../design/icons.js";
import { setTheme } from "../../design/palette.js";
import type { Theme } from "../../design/palette.js";
import type { Topic } from "../../engine/emitter.js";
import type { GalleryEntry, Verdict } from "../../engine/engine.js";
import { PROTOCOLS, looksOf } from "../../protocols/protocol.js";
import { describe } from "../operation-words.js";
import { keysOf } from "../../commands/keys.js";
import { Panel, base } from "../panel.js";
import { showWhy } from "../responsible.js";
import { ROOMS } from "../../rooms/rooms.js";
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
  static override styles = [
    base,
    css`
      header {
        display: flex;
        gap: var(--s2) var(--s3);
        align-items: center;
        min-height: 46px;
        padding: var(--s1) var(--s4);
      }

      h1 {
        font: 600 var(--size-xl) / 1.2 var(--serif);
        white-space: nowrap;
      }

      .protocol {
        max-width: 158px;
        padding: 2px 4px;
        field-sizing: content;
        font-weight: 600;
      }

      .verdict {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-width: 116px;
        font-weight: 600;
        color: var(--ink-2);
      }

      .verdict svg {
        flex: none;
        width: 14px;
        height: 14px;
        fill: currentColor;
      }

      .verdict span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .verdict.linearizable {
        color: var(--good);
      }

      .verdict.not-linearizable {
        color: var(--bad);
      }

      /* What is wrong is never cut short: it may take a second line. */
      .verdict.not-linearizable span[aria-hidden] {
        max-height: 3.9em;
        overflow-wrap: anywhere;
        line-height: 1.3;
        white-space: normal;
      }

      .why {
        flex: none;
        margin-left: calc(-1 * var(--s2));
        color: var(--bad);
        border-color: var(--bad);
      }

      nav.page {
        display: flex;
        gap: var(--s2);
        align-items: center;
        margin-left: auto;
      }

      /* Where room is short, titles of other runs are cut before the verdict is. */
      .quick {
        display: flex;
        flex: 0 100 auto;
        gap: 2px;
        min-width: calc(12em + 4px);
      }

      .quick button {
        flex: 0 8 auto;
        min-width: 4em;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        border-color: transparent;
        background: none;
        color: var(--ink-2);
      }

      .quick button:hover {
        color: var(--ink);
      }

      .quick button[aria-current="true"] {
        flex-shrink: 1;
        color: var(--ink);
        font-weight: 600;
        background: var(--sunk);
        border-color: var(--rule);
      }

      .rooms {
        font-weight: 600;
      }

      a.entry {
        color: inherit;
        text-decoration: none;
        border-radius: var(--radius-s);
      }

      a.entry:hover {
        background: var(--sunk);
      }

      .menu {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-width: 0;
      }

      .menu :is(.title, .others) {
        overflow: hidden;
        max-width: 200px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      @media (min-width: 1400px) {
        .verdict.linearizable {
          flex: none;
        }
      }

      @media (min-width: 1240px) {
        .menu {
          flex: none;
        }

        .menu:not(.always),
        .title {
          display: none;
        }
      }

      @media (max-width: 1239px) {
        .quick,
        .others {
          display: none;
        }
      }

      @media (max-width: 1279px) {
        .hint {
          display: none;
        }
      }

      [popover] {
        position: fixed;
        inset: 50px auto auto var(--menu-left, 16px);
        margin: 0;
        width: min(440px, calc(100vw - 32px));
        max-height: calc(100vh - 140px);
        padding: var(--s2);
        color: var(--ink);
        background: var(--raised);
        border: 1px solid var(--rule-strong);
        border-radius: var(--radius);
        box-shadow: 0 10px 36px var(--shade);
      }

      #settings {
        inset: 50px 16px auto auto;
        padding: var(--s4);
      }

      #settings h2 {
        margin: var(--s4) 0 var(--s2);
      }

      #settings h2:first-child {
        margin-top: 0;
      }

      .entry {
        display: block;
        width: 100%;
        padding: var(--s2) var(--s3);
        text-align: left;
        white-space: normal;
        border-color: transparent;
        background: none;
      }

      .entry:is([aria-current="true"], [aria-current="page"]) {
        background: var(--sunk);
      }

      .entry strong {
        display: block;
        font-weight: 600;
      }

      .entry span {
        font: var(--size-m) / 1.45 var(--serif);
        color: var(--ink-2);
      }

      .about {
        display: flex;
        gap: var(--s2);
        align-items: center;
        padding: 1px var(--s3) 3px var(--s4);
        border-top: 1px solid var(--rule);
        background: var(--sunk);
      }

      .about p {
        flex: 1;
        padding: 2px 0;
        font: var(--size-m) / 1.4 var(--serif);
      }

      .about button {
        min-width: 26px;
        min-height: 26px;
      }

      .about .more {
        display: none;
      }

      kbd {
        padding: 0 4px;
        font: inherit;
        border: 1px solid var(--rule-2);
        border-radius: var(--radius-s);
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px var(--s4);
      }

      dt {
        font-family: var(--mono);
        font-size: var(--size-s);
      }

      @media (max-width: 760px) {
        header {
          flex-wrap: wrap;
          padding: var(--s1) var(--s3);
        }

        .hint {
          display: none;
        }

        .about {
          padding: 1px var(--s3);
        }

        .about p:not(.whole) {
          display: -webkit-box;
          overflow: hidden;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 2;
        }

        .about .more {
          display: block;
          padding: 0 4px;
        }

        h1 {
          flex: 1 0 55%;
          font-size: var(--size-l);
        }

        nav.page {
          order: 1;
        }

        .menu {
          order: 2;
          max-width: 48%;
        }

        .verdict {
          order: 3;
          flex: 1 1 40%;
          font-size: var(--size-s);
          line-height: 1.25;
        }

        .verdict span {
          white-space: normal;
        }
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["time", "scenario", "playing", "verdict"];
  protected override readonly pace = 250;

  /** The room that is entered; empty in the playground. */
  @property() room = "";
  @state() private theme: Theme = "system";
  @state() private dismissed: GalleryEntry | undefined;
  /** On a narrow screen, whether all that is said of the run is shown. */
  @state() private whole = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("playground-keys", this.openKeys);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("playground-keys", this.openKeys);
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
        <nav class="page" aria-label="Page">
          ${this.room === "" ? html`<button class="quiet tour" title="One minute: the page in five stops" @click=${() => window.dispatchEvent(new CustomEvent("playground-tour"))}>Tour</button>` : nothing}
          ${this.room === "" ? html`<playground-share .run=${this.run}></playground-share>` : nothing}
          <button class="quiet hint" popovertarget="settings" title="The keys (?)">Keys <kbd>?</kbd></button>
          <button class="quiet icon" popovertarget="settings" aria-label="Settings and keys" title="Settings and keys (?)">${icons.more}</button>
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
        ${this.verdict()}
        <div id="runs" popover aria-label="Prepared runs">${this.run.entries.map((entry) => this.entry(entry))}</div>`;
  }

  /** What happens in a prepared run, as long as it is the one that was prepared. */
  private about(): TemplateResult | typeof nothing {
    const { chosen } = this;
    const { seed, mutations } = this.run.scenario;
    if (chosen === undefined || chosen === this.dismissed || seed !== chosen.scenario.seed || String(mutations ?? "") !== String(chosen.scenario.mutations ?? "")) {
      return nothing;
    }
    return html`<section class="about" aria-label="About this run">
      <p class=${this.whole ? "whole" : ""}>${chosen.about} <b>Watch:</b> ${chosen.watch}</p>
      <button class="quiet more" aria-expanded=${this.whole} @click=${() => (this.whole = !this.whole)}>${this.whole ? "Less" : "More"}</button>
      <button class="quiet icon" aria-label="Hide what this run is about" title="Hide" @click=${() => (this.dismissed = chosen)}>${icons.close}</button>
    </section>`;
  }

  private verdict(): TemplateResult {
    const verdict = this.run.verdict();
    if (verdict === null) {
      return html`<div class="verdict" role="status" aria-label="Verdict"><span>${this.run.playing ? "judged when paused" : "judging…"}</span></div>`;
    }
    const sign = verdict.kind === "linearizable" ? icons.check : verdict.kind === "not-linearizable" ? icons.cross : "";
    return html`<div class="verdict ${verdict.kind}" role="status" aria-label="Verdict" title=${verdict.sentence}>
        ${sign}${verdict.kind === "not-linearizable"
          ? html`<span aria-hidden="true">${this.short(verdict)}</span><span class="out-of-sight">${verdict.sentence}</span>`
          : html`<span>${verdict.sentence}</span>`}
      </div>
      ${verdict.kind === "not-linearizable" ? html`<button class="why" title="The two operations that contradict each other, and their messages" @click=${() => this.attempt(() => this.why())}>Show why</button>` : nothing}`;
  }

  /** A violation is told in full beside the clients' history; here is room for the operation alone. */
  private short(verdict: Verdict): string {
    const blamed = verdict.blamed === null ? undefined : this.run.operations()[verdict.blamed];
    return blamed === undefined ? verdict.sentence : `not linearizable: ${this.run.name(blamed.client)}’s ${describe(blamed)}`;
  }

  private why(): void {
    window.dispatchEvent(new CustomEvent("playground-show", { detail: "playground-diagram" }));
    showWhy(this.run);
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

  private async choose(select: HTMLSelectElement): Promise<void> {
    try {
      await this.run.choose(select.value);
    } catch (error) {
      // The run before stays, and so does its name.
      select.value = this.run.catalogue.protocol;
      this.run.report(error);
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
      <h2>Keys</h2>
      <dl>
        ${keysOf(looksOf(this.run.catalogue.protocol)).map(([key, meaning]) => html`<dt>${key}</dt>
          <dd>${meaning}</dd>`)}
      </dl>
      <h2>Engine</h2>
      <p class="mono soft">version <output data-engine-version>${this.run.engineVersion}</output></p>
    `;
  }
}
