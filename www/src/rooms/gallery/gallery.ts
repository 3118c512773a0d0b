// All prepared runs, as cards with pictures made from the runs themselves: by protocol, and by what happens in them. A
// card is a link to its run. `#runs/raft` shows one protocol's alone.

import { LitElement, html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { runs } from "virtual:runs";

import { apostrophes } from "../../design/words.js";
import type { Run } from "../../engine/run.js";
import { ACTS } from "../../pictures/act.js";
import type { Act } from "../../pictures/act.js";
import type { PreparedRun } from "../../pictures/make.js";
import { SIZE } from "../../pictures/size.js";
import { PROTOCOLS, looksOf } from "../../protocols/protocol.js";
import { base } from "../../views/panel.js";
import { galleryStyles } from "./styles.js";

type Pictures = Readonly<Record<string, SVGTemplateResult>>;

/** The runs to begin with, by their names. */
const FIRST = ["cut-the-leader-off", "pbft-two-faced-primary"];
/** What fetches the pictures of a protocol's runs. */
const FETCH: Readonly<Record<string, () => Promise<{ pictures: Pictures }>>> = {
  raft: () => import("virtual:pictures/raft"),
  paxos: () => import("virtual:pictures/paxos"),
  "multi-paxos": () => import("virtual:pictures/multi-paxos"),
  viewstamped: () => import("virtual:pictures/viewstamped"),
  pbft: () => import("virtual:pictures/pbft"),
  tendermint: () => import("virtual:pictures/tendermint"),
};

/** As a link writes it. */
export const addressOf = ({ name, protocol }: PreparedRun): string => `#run=${name}&protocol=${protocol}`;

@customElement("playground-gallery")
export class PlaygroundGallery extends LitElement {
  static override styles = [base, galleryStyles];

  @property({ attribute: false }) run!: Run;
  /** The protocol whose runs alone are shown; empty for all. */
  @property() path = "";
  @state() private pictures: Pictures = {};

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("path")) {
      for (const protocol of new Set(this.shown().map((each) => each.protocol))) {
        void this.fetch(protocol);
      }
    }
  }

  private async fetch(protocol: string): Promise<void> {
    try {
      const more = await FETCH[protocol]?.();
      this.pictures = { ...this.pictures, ...more?.pictures };
    } catch (error) {
      this.run.notices.report(error);
    }
  }

  private shown(): readonly PreparedRun[] {
    return this.path === "" ? runs : runs.filter(({ protocol }) => protocol === this.path);
  }

  override render(): TemplateResult {
    const shown = this.shown();
    const first = this.path === "" ? FIRST.flatMap((name) => runs.find((each) => each.name === name) ?? []) : [];
    const rest = shown.filter((each) => !first.includes(each));
    const protocols = PROTOCOLS.filter(([name]) => rest.some(({ protocol }) => protocol === name));
    return html`<article>
      <h1 tabindex="-1">Prepared runs</h1>
      <p class="lead">Each is a run of the real protocol, and yours to change from where it opens. The pictures are drawn from the runs themselves.</p>
      <nav class="filter" aria-label="Protocols">${this.way("", "All")} ${PROTOCOLS.map(([name, { title }]) => this.way(name, title))}</nav>
      ${first.length === 0 ? nothing : html`<ul class="cards first" aria-label="To begin with">${first.map((each) => this.card(each))}</ul>`}
      ${protocols.map(([name, { title }]) => this.section(title, rest.filter(({ protocol }) => protocol === name)))}
      ${shown.length === 0 ? html`<p>There is no protocol “${this.path.slice(0, 40)}” on this page.</p>` : nothing}
    </article>`;
  }

  private way(path: string, title: string): TemplateResult {
    return html`<a href="#runs${path === "" ? "" : `/${path}`}" aria-current=${path === this.path ? "page" : "false"}>${title}</a>`;
  }

  private section(title: string, own: readonly PreparedRun[]): TemplateResult {
    const acts = Object.entries(ACTS).map(([act, words]) => [words, own.filter((each) => each.act === (act as Act))] as const);
    return html`<section aria-label=${title}>
      <h2>${title}</h2>
      ${acts.map(([words, cards]) =>
        cards.length === 0
          ? nothing
          : html`<h3>${words}</h3>
              <ul class="cards">
                ${cards.map((each) => this.card(each))}
              </ul>`,
      )}
    </section>`;
  }

  private card(each: PreparedRun): TemplateResult {
    const { name, title, about, protocol, entry } = each;
    const isShown = this.run.catalogue.protocol === protocol && this.run.scenario.title === title;
    const kind = [looksOf(protocol).title, ...(entry === undefined ? [] : ["from the course"])].join(" · ");
    return html`<li>
      <a class="card" href=${addressOf(each)} aria-labelledby="title-${name}" aria-describedby="about-${name}" aria-current=${isShown ? "true" : "false"}>
        <svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" aria-hidden="true">${this.pictures[name] ?? svg``}</svg>
        <strong id="title-${name}">${apostrophes(title)}</strong>
        <span class="about" id="about-${name}">${apostrophes(firstSentence(about))}</span>
        <small>${kind}</small>
      </a>
    </li>`;
  }
}

function firstSentence(text: string): string {
  return /^.*?[.?!](?= [A-Z“]|$)/.exec(text)?.[0] ?? text;
}

export function draw(run: Run, path: string): TemplateResult {
  return html`<playground-gallery .run=${run} path=${path}></playground-gallery>`;
}
