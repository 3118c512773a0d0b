// The guide: chapters of Markdown that the build has made into templates, a table of contents, a search.
//
// The way inside is a chapter and a section: `#guide/links/the-format`. `#guide/all` has all chapters on one page, for paper.

import { LitElement, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { chapters } from "virtual:guide";

import type { Run } from "../../engine/run.js";
import { base } from "../../views/panel.js";
import { search } from "./search.js";
import type { Hit } from "./search.js";
import { contentsStyles, quietLinks } from "../contents-styles.js";
import { guideStyles } from "./styles.js";

export const draw = (_run: Run, path: string): TemplateResult => html`<playground-guide path=${path}></playground-guide>`;

type Chapter = (typeof chapters)[number];

/** All chapters on one page. */
const ALL = "all";

@customElement("playground-guide")
export class PlaygroundGuide extends LitElement {
  static override styles = [base, quietLinks, contentsStyles, guideStyles];

  /** A chapter's name, and after a stroke a section's. */
  @property() path = "";
  @state() private words = "";
  @query("input[type=search]") private field!: HTMLInputElement;

  private get chapter(): Chapter | undefined {
    const [name = ""] = this.path.split("/");
    return name === "" ? chapters[0] : chapters.find((chapter) => chapter.name === name);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.onKey);
  }

  /** "/" leads to the search, from wherever nothing is written. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    if (event.key === "/" && !(target instanceof HTMLInputElement)) {
      event.preventDefault();
      this.field.select();
      this.field.focus();
    }
  };

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("path")) {
      const [name = "", section] = this.path.split("/");
      const heading = section === undefined ? null : this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(section)}`);
      (heading ?? this.renderRoot.querySelector<HTMLElement>("h1"))?.scrollIntoView({ block: "start" });
      // Whoever followed a link reads on from there, with the keyboard too; who has just come starts at the top of the page.
      if (heading !== null || name !== "") {
        (heading ?? this.renderRoot.querySelector<HTMLElement>("h1"))?.focus({ preventScroll: true });
      }
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="frame">
      <nav aria-label="Guide" @keydown=${(event: KeyboardEvent) => this.walk(event)}>
        <input type="search" aria-label="Search the guide" placeholder="Search  /" .value=${this.words} @input=${() => (this.words = this.field.value)} />
        ${this.words.trim() === "" ? this.contents() : this.hits(search(this.words))}
      </nav>
      <article>${this.page()}</article>
    </div>`;
  }

  private page(): TemplateResult {
    if (this.path === ALL) {
      return html`${chapters.map(({ body }) => html`<section class="chapter">${body}</section>`)}`;
    }
    const { chapter } = this;
    if (chapter === undefined) {
      return html`<h1 tabindex="-1">There is no such chapter</h1>
        <p>The table of contents has those that there are.</p>`;
    }
    const place = chapters.indexOf(chapter);
    const [before, after] = [chapters[place - 1], chapters[place + 1]];
    return html`${chapter.body}
      <footer>
        ${before === undefined ? nothing : html`<a href="#guide/${before.name}" rel="prev">← ${before.title}</a>`} ${after === undefined ? nothing : html`<a href="#guide/${after.name}" rel="next">${after.title} →</a>`}
      </footer>`;
  }

  private contents(): TemplateResult {
    const here = this.path === ALL ? undefined : this.chapter;
    return html`<ul>
        ${chapters.map(
          (chapter) => html`<li>
            <a href="#guide/${chapter.name}" aria-current=${chapter === here ? "page" : "false"}>${chapter.title}</a>
            ${chapter === here ? sections(chapter) : nothing}
          </li>`,
        )}
      </ul>
      <p class="soft"><a href="#guide/${ALL}">All chapters on one page</a>, to print</p>
      <p class="soft"><a href="./licences.txt">Licences</a> of all that the page is made of</p>`;
  }

  private hits(found: readonly Hit[]): TemplateResult {
    const count = found.length === 0 ? "Nothing found" : found.length === 1 ? "One section" : `${found.length} sections`;
    return html`<p class="soft" role="status">${count}</p>
      <ol class="hits" aria-label="Found">
        ${found.map(
          ({ href, chapter, title, excerpt }) => html`<li>
            <a href=${href}><strong>${title}</strong>${title === chapter ? nothing : html`<span class="soft">${chapter}</span>`}<span>${excerpt}</span></a>
          </li>`,
        )}
      </ol>`;
  }

  /** Arrows walk from the search through what was found; Escape ends the search. */
  private walk(event: KeyboardEvent): void {
    const links = [...this.renderRoot.querySelectorAll<HTMLElement>(".hits a")];
    const stops = [this.field, ...links];
    const place = stops.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.words = "";
      this.field.focus();
    } else if (event.key === "Enter" && place === 0) {
      links[0]?.click();
    } else if (step !== undefined && place >= 0 && links.length > 0) {
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, place + step))]?.focus();
    }
  }
}

/** The second level of headings, in the table of contents. */
function sections({ name, sections: all }: Chapter): TemplateResult {
  const listed = all.filter(({ level }) => level === 2);
  return html`<ul>
    ${listed.map(({ id, title }) => html`<li><a href="#guide/${name}/${id}">${title}</a></li>`)}
  </ul>`;
}
