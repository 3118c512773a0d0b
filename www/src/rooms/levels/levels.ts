// You are the node: levels in which the learner plays one process of a run, and the core judges. `#levels/raft-one-vote`
// leads to one of them; `#levels/own` to one that was opened from a file.

import { LitElement, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { count } from "../../design/words.js";
import { describeError } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { PROTOCOLS, isKnown } from "../../protocols/protocol.js";
import { base } from "../../views/panel.js";
import { contentsStyles, foldedContents, quietLinks } from "../contents-styles.js";
import { failureStyles } from "../failure-styles.js";
import { LEVELS } from "./data/all.js";
import { Mistaken } from "./exam.js";
import type { Mistake } from "./exam.js";
import type { Level } from "./level.js";
import { mistakesPart } from "./level-page.js";
import type { PlaygroundLevel } from "./level-page.js";
import { levelIn } from "./read.js";
import { roomStyles } from "./room-styles.js";
import { scoreOf } from "./scores.js";
import "./level-page.js";

export const draw = (run: Run, path: string): TemplateResult => html`<playground-levels .run=${run} path=${path}></playground-levels>`;

/** The way to a level from a file. */
const OWN = "own";
/** A level's file is no larger. */
const BYTES_MAX = 400_000;

/** It stays when the room is left. */
let own: Level | undefined;

@customElement("playground-levels")
export class PlaygroundLevels extends LitElement {
  static override styles = [base, quietLinks, contentsStyles, foldedContents, failureStyles, roomStyles];

  @property({ attribute: false }) run!: Run;
  /** A level's name; empty for all. */
  @property() path = "";
  @state() private mistakes: readonly Mistake[] = [];

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("path") && changed.get("path") !== undefined) {
      this.parentElement?.scrollTo({ top: 0 });
      void this.begin();
    }
  }

  /** Whoever reads begins at the title, which a level has once it is drawn. */
  private async begin(): Promise<void> {
    const level = this.renderRoot.querySelector<PlaygroundLevel>("playground-level");
    await level?.updateComplete;
    (level?.renderRoot ?? this.renderRoot).querySelector<HTMLElement>("h1")?.focus();
  }

  protected override render(): TemplateResult {
    const level = this.path === OWN ? own : LEVELS.find(({ name }) => name === this.path);
    return html`<div class="frame" @playground-score=${() => this.requestUpdate()}>
      <nav class="wide" aria-label="Levels">${this.way()}</nav>
      <details class="way">
        <summary>${level?.title ?? "All levels"}</summary>
        <nav aria-label="Levels, folded">${this.way()}</nav>
      </details>
      <article>${this.page(level)}</article>
    </div>`;
  }

  private page(level: Level | undefined): TemplateResult {
    if (level !== undefined) {
      const following = level === own ? undefined : LEVELS[LEVELS.indexOf(level) + 1];
      return html`<playground-level .run=${this.run} .level=${level} .following=${following}></playground-level>`;
    }
    if (this.path === "" || this.path === OWN) {
      return this.overview();
    }
    return html`<h1 tabindex="-1">There is no such level</h1>
      <p class="lead">There is no level “${this.path.slice(0, 60)}”. <a href="#levels">All levels</a></p>`;
  }

  private way(): TemplateResult {
    return html`<a href="#levels" aria-current=${this.path === "" ? "page" : "false"}>All levels</a>
      ${byProtocol().map(
        ([title, levels]) => html`<h2>${title}</h2>
          <ul>
            ${levels.map(({ name, title: words }) => html`<li><a href="#levels/${name}" aria-current=${name === this.path ? "page" : "false"}><span>${words}</span>${mark(name)}</a></li>`)}
          </ul>`,
      )}`;
  }

  private overview(): TemplateResult {
    return html`<h1 tabindex="-1">You are the node</h1>
      <p class="lead">
        You play one server of a real run; the others run by themselves. Whenever your server must answer, the run halts and asks you. The protocol’s own core judges: it is asked what it does with the same message. A wrong answer may
        come into the world, and you see what it breaks, if anything.
      </p>
      ${byProtocol().map(
        ([title, levels]) => html`<section aria-label=${title}>
          <h2>${title}</h2>
          <ol class="all">
            ${levels.map((level) => entry(level))}
          </ol>
        </section>`,
      )}
      ${this.ownPart()}`;
  }

  private ownPart(): TemplateResult {
    return html`<section aria-labelledby="own">
      <h2 id="own">A level of your own</h2>
      <p class="own">
        A level is a file of JSON: <a href="#guide/levels">how to write one</a>. It is held against the core when it is opened, and each mistake is told with its place. <a href=${exampleAddress()} download="level.json">The first level as a file</a>.
      </p>
      <p class="row"><label>Open a file <input type="file" accept=".json,application/json" @change=${(event: Event) => void this.openFile(event)} /></label></p>
      ${this.mistakes.length === 0 ? nothing : mistakesPart(this.mistakes)}
    </section>`;
  }

  private async openFile(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    this.mistakes = [];
    if (file === undefined) {
      return;
    }
    try {
      if (file.size > BYTES_MAX) {
        throw new Mistaken([{ place: "the file", words: `it has ${file.size.toLocaleString("en")} bytes, and may have ${BYTES_MAX.toLocaleString("en")}` }]);
      }
      const level = levelIn(await file.text());
      if (!isKnown(level.scenario.protocol)) {
        throw new Mistaken([{ place: "scenario.protocol", words: `there are ${PROTOCOLS.map(([name]) => name).join(", ")}` }]);
      }
      // It has a score of its own, whatever it is called.
      own = { ...level, name: OWN };
      window.location.hash = `#levels/${OWN}`;
      this.requestUpdate();
    } catch (error) {
      this.mistakes = error instanceof Mistaken ? error.mistakes : [{ place: "the file", words: describeError(error) }];
    }
  }
}

function byProtocol(): [string, Level[]][] {
  return PROTOCOLS.flatMap(([protocol, { title }]): [string, Level[]][] => {
    const levels = LEVELS.filter(({ scenario }) => scenario.protocol === protocol);
    return levels.length === 0 ? [] : [[title, levels]];
  });
}

function mark(name: string): TemplateResult | typeof nothing {
  const score = scoreOf(name);
  return score?.passed === true ? html`<b class="good" role="img" aria-label="passed">✓</b>` : nothing;
}

function entry({ name, title, role, minutes, questions, about }: Level): TemplateResult {
  const score = scoreOf(name);
  const how = score === undefined ? "" : ` · ${score.right} of ${score.of} right at first`;
  return html`<li>
    <a href="#levels/${name}">${title}</a> ${mark(name)}
    <small>You are ${role} · ${count(questions.length, "question")} · ${minutes} min${how}</small>
    <p>${about}</p>
  </li>`;
}

/** The first level as its file. */
function exampleAddress(): string {
  return `data:application/json,${encodeURIComponent(JSON.stringify(LEVELS[0], null, 2))}`;
}
