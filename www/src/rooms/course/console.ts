// A console that talks to the course's node: a JSON message a line in, what the node prints out, each field explained.

import { LitElement, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { describeError, isDeath } from "../../engine/engine.js";
import type { CourseExample, CourseField, CourseTask } from "../../engine/engine.js";
import { base } from "../../views/panel.js";
import { consoleStyles } from "./console-styles.js";
import { ask } from "./course.js";
import type { CourseEngine } from "./course.js";

type Node = InstanceType<CourseEngine["CourseNode"]>;

interface Spoken {
  id: number;
  /** What was typed, what the node printed, a remark of it, or the page's own word. */
  who: "in" | "out" | "remark" | "page";
  text: string;
  /** The message, where the text is one. */
  message: unknown;
}

/** Older lines are dropped. */
const LINES_MAX = 200;
/** Longer lines are cut where they are shown; the node gets them whole. */
const SHOWN_MAX = 20_000;
/** What is nested deeper is shown as it was typed. */
const DEPTH_MAX = 40;
/** Objects whose keys are no fields: a store's, or the names of nodes. */
const BY_KEY: ReadonlySet<string> = new Set(["state", "match_indices", "messages_sent", "echo", "value", "held"]);

@customElement("course-console")
export class CourseConsole extends LitElement {
  static override styles = [base, consoleStyles];

  @property({ attribute: false }) task!: CourseTask;
  @property({ attribute: false }) fields: readonly CourseField[] = [];
  @state() private said: readonly Spoken[] = [];
  @state() private line = "";
  @state() private peers = false;
  private node: Node | undefined;
  private spoken = 0;
  /** Lines are answered one after the other. */
  private turn: Promise<void> = Promise.resolve();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("task")) {
      this.forget();
      // The message that the last one of the first example's lines has is a good one to change.
      this.line = this.task.examples[0]?.lines.at(-1) ?? "";
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.forget();
  }

  private forget(): void {
    this.node?.free();
    this.node = undefined;
    this.said = [];
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("said")) {
      const transcript = this.renderRoot.querySelector(".transcript");
      const last = transcript?.lastElementChild;
      if (transcript && last instanceof HTMLElement) {
        transcript.scrollTop = last.offsetTop - transcript.clientHeight + last.offsetHeight;
      }
    }
  }

  override render(): TemplateResult {
    return html`<div class="row examples" role="group" aria-label="Examples">
        ${this.task.examples.map((example) => html`<button @click=${() => this.play(example)}>${example.title}${example.is_refused ? " (is refused)" : ""}</button>`)}
      </div>
      <div class="transcript" role="log" aria-label="Conversation with the node" tabindex=${this.said.length === 0 ? -1 : 0}>${this.said.map((spoken) => this.spokenLine(spoken))}</div>
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          this.say([this.line]);
        }}
      >
        <label for="line">A message to the node, one JSON object. Enter sends it, Shift and Enter make a new line here.</label>
        <textarea
          id="line"
          spellcheck="false"
          autocomplete="off"
          .value=${this.line}
          @input=${(event: Event) => (this.line = (event.target as HTMLTextAreaElement).value)}
          @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        ></textarea>
        <div class="row">
          <button class="primary">Send</button>
          <button type="button" @click=${() => this.beginAnew()}>Begin anew</button>
          <label class="peers"
            ><input type="checkbox" .checked=${this.peers} @change=${() => this.showPeers()} />
            show what the node says to its peers</label
          >
        </div>
      </form>`;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.say([this.line]);
    }
  }

  private showPeers(): void {
    this.peers = !this.peers;
    this.beginAnew();
  }

  /** Another node, which has heard nothing yet. */
  private beginAnew(): void {
    this.forget();
  }

  private play(example: CourseExample): void {
    this.forget();
    this.line = example.lines.at(-1) ?? "";
    this.say(example.lines);
  }

  private say(lines: readonly string[]): void {
    this.turn = this.turn.then(() => this.talk(lines));
  }

  private async talk(lines: readonly string[]): Promise<void> {
    try {
      await ask((engine) => {
        this.node ??= new engine.CourseNode(this.peers);
        for (const line of lines) {
          // A line is a line: what was broken to be read is put together again.
          const text = line.replaceAll(/\s*\n\s*/g, " ");
          this.tell("in", text);
          for (const { is_message: isMessage, text: reply } of this.node.handle_line(text)) {
            this.tell(isMessage ? "out" : "remark", reply);
          }
        }
      });
    } catch (error) {
      this.tell("page", describeError(error));
      if (isDeath(error)) {
        this.node = undefined;
        this.tell("page", "The node died, which is a defect of ours. The next message goes to a new one: begin with init.");
      }
    }
  }

  private tell(who: Spoken["who"], text: string): void {
    this.spoken += 1;
    this.said = [...this.said.slice(1 - LINES_MAX), { id: this.spoken, who, text, message: who === "out" || who === "in" ? parsed(text) : undefined }];
  }

  private spokenLine({ who, text, message }: Spoken): TemplateResult {
    const kind = kindOf(message);
    const isError = kind === "error";
    const words = { in: "you", out: isError ? "error" : "node", remark: "standard error", page: "page" }[who];
    const shown = message === undefined ? text : pretty(message);
    return html`<div class="line ${who} ${isError ? "bad" : ""}">
      <span class="who">${words}</span>
      <div>
        <pre>${shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown}</pre>
        ${message === undefined || kind === null ? nothing : this.explained(message, kind)}
      </div>
    </div>`;
  }

  private explained(message: unknown, kind: string): TemplateResult | typeof nothing {
    const names = [...namesIn((message as { body?: unknown }).body)];
    const meanings = names.flatMap((name) => {
      const text = (this.fields.find((field) => field.name === name && field.kind === kind) ?? this.fields.find((field) => field.name === name && field.kind === ""))?.text;
      return text === undefined ? [] : [[name, text] as const];
    });
    return meanings.length === 0
      ? nothing
      : html`<details>
          <summary>What the fields say</summary>
          <dl>
            ${meanings.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}
          </dl>
        </details>`;
  }
}

/** How deep brackets stand in brackets, those in strings among them: more is not taken apart. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const sign of text) {
    depth += sign === "{" || sign === "[" ? 1 : sign === "}" || sign === "]" ? -1 : 0;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function parsed(text: string): unknown {
  if (text.length > SHOWN_MAX || depthOf(text) > DEPTH_MAX) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message as one reads it best: each field of the body on a line of its own, the type first. */
function pretty(message: unknown): string {
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return spaced(message);
  }
  const { src, dest, body, ...others } = message as Record<string, unknown>;
  const outer = Object.entries({ src, dest, ...others }).flatMap(([name, value]) => (value === undefined ? [] : [`${JSON.stringify(name)}: ${spaced(value)}`]));
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return `{ ${[...outer, ...(body === undefined ? [] : [`"body": ${spaced(body)}`])].join(", ")} }`;
  }
  const fields = Object.entries(body).toSorted(([one], [other]) => Number(other === "type") - Number(one === "type"));
  const inner = fields.map(([name, value]) => `    ${JSON.stringify(name)}: ${spaced(value)}`);
  return `{ ${outer.join(", ")},\n  "body": {\n${inner.join(",\n")} } }`;
}

/** JSON on one line, with space between. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(spaced).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${spaced(inner)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The type of a message; null where it has none. */
function kindOf(message: unknown): string | null {
  const kind = (message as { body?: { type?: unknown } } | null | undefined)?.body?.type;
  return typeof kind === "string" ? kind : null;
}

/** The names of all fields in a message's body, outer ones first. */
function namesIn(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    value.forEach((each) => namesIn(each, into));
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    entries.forEach(([name]) => into.add(name));
    entries.filter(([name]) => !BY_KEY.has(name)).forEach(([, inner]) => namesIn(inner, into));
  }
  return into;
}
