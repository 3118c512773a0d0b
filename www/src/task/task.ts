// A task in somebody else's page, or started by a learning platform: one goal, one level, or the questions of one lesson,
// whose score and state the platform around is told. `task.html#goal=stale-read`, `task.html#level=raft-one-vote`,
// `task.html#lesson=commit-rule`; a package names its task in the page itself.

import { LitElement, css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { setTheme } from "../design/palette.js";
import { describeError } from "../engine/engine.js";
import { base } from "../views/panel.js";
import { platforms } from "./platform.js";
import type { Platform, Progress, TaskState } from "./platform.js";

export type Kind = "goal" | "level" | "lesson";
const KINDS: readonly Kind[] = ["goal", "level", "lesson"];
/** What draws each: fetched if it is asked for. */
const SOURCES: Readonly<Record<Kind, () => Promise<Draw>>> = {
  goal: async () => (await import("./goal.js")).draw,
  level: async () => (await import("./level.js")).draw,
  lesson: async () => (await import("./lesson.js")).draw,
};

/** Draws a task by its name. Throws what is wrong with the name. */
export type Draw = (asked: Asked) => TemplateResult;

export interface Asked {
  name: string;
  /** The run to begin with, where the task has one. */
  run: string;
  /** What is known from last time. */
  known: TaskState | null;
  report: (progress: Progress) => void;
}

const THEMES = ["light", "dark"] as const;

@customElement("playground-task")
export class PlaygroundTask extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        background: var(--paper);
      }

      main {
        display: flow-root;
        max-width: 1000px;
        margin: 0 auto;
        padding: var(--s4);
      }

      .kept {
        padding: var(--s2) var(--s3);
        background: var(--sunk);
        border-left: 3px solid var(--rule-strong);
      }
    `,
  ];

  @state() private draw: Draw | undefined;
  @state() private failure = "";
  @state() private known: TaskState | null = null;
  /** What a platform could not keep. */
  @state() private remarks: readonly string[] = [];
  private readonly wishes = wished();
  private around: readonly Platform[] = [];
  private reported = "";

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => window.location.reload());
    void this.begin();
  }

  private async begin(): Promise<void> {
    const { kind, name, theme } = this.wishes;
    setTheme(THEMES.find((each) => each === theme) ?? "system");
    if (kind === undefined) {
      this.failure = "The address names no task: #goal= and a goal’s name, #level= and a level’s, or #lesson= and a lesson’s.";
      return;
    }
    this.around = platforms(`${kind}/${name}`, (known) => (this.known = known));
    try {
      this.draw = await SOURCES[kind]();
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  private readonly report = (progress: Progress): void => {
    const text = JSON.stringify(progress);
    if (text !== this.reported) {
      this.reported = text;
      this.remarks = this.around.map((platform) => platform.report(progress)).filter((remark) => remark !== "");
    }
  };

  protected override render(): TemplateResult {
    const { draw, failure, known, report } = this;
    const { name, run } = this.wishes;
    if (failure !== "") {
      return html`<main><p role="alert">${failure}</p></main>`;
    }
    return html`<main>
      ${draw === undefined ? html`<p class="soft" role="status">Starting…</p>` : draw({ name, run, known, report })}
      <div role="status">${this.remarks.map((remark) => html`<p class="kept">${remark}</p>`)}</div>
    </main>`;
  }
}

/** What the address asks for; in a package, what is written in the page. */
function wished(): { kind: Kind | undefined; name: string; run: string; theme: string | null } {
  const written = document.querySelector<HTMLMetaElement>("meta[name=playground-task]")?.content ?? "";
  const { search, hash } = window.location;
  const asked = new URLSearchParams([...new URLSearchParams(written), ...new URLSearchParams(hash.replace(/^#/, "")), ...new URLSearchParams(search)]);
  const kind = KINDS.find((each) => asked.has(each));
  return { kind, name: kind === undefined ? "" : (asked.get(kind) ?? ""), run: asked.get("run") ?? "", theme: asked.get("theme") };
}

