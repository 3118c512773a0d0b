// What a person may ask of the cluster, through a client of choice.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";

import { list, show } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { Command, FieldValue } from "../../engine/engine.js";
import { Panel, base } from "../panel.js";
import { isQuiet, setQuiet } from "./switches.js";

type Kind = "put" | "get" | "cas" | "delete";
const KINDS: readonly Kind[] = ["put", "get", "cas", "delete"];

@customElement("playground-commands")
export class PlaygroundCommands extends Panel {
  static override styles = [
    base,
    css`
      label {
        display: flex;
        gap: 7px;
        align-items: baseline;
        margin-bottom: var(--s2);
      }

      label input {
        margin: 0;
        accent-color: var(--ink);
      }

      form {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }

      input[type="text"] {
        width: 7ch;
        font-family: var(--mono);
        font-size: var(--size-s);
      }

      select {
        padding: 2px 4px;
      }

      .queue {
        margin-top: var(--s2);
        font: var(--size-m) / 1.4 var(--serif);
        color: var(--ink-2);
        overflow-wrap: anywhere;
      }

      .queued {
        padding-left: var(--s2);
        color: var(--ink);
        border-left: 3px solid var(--ink);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario", "time", "records"];
  protected override readonly pace = 150;

  @state() private client = "";
  @state() private kind: Kind = "put";
  private key = "x";
  private value = "1";
  private expected = "0";

  protected override content(): TemplateResult {
    const { catalogue } = this.run;
    const clients = catalogue.processes.slice(catalogue.replicas);
    if (!clients.includes(this.client)) {
      this.client = clients[0] ?? "";
    }
    // Where there is one value, it can be proposed and asked for.
    const only = catalogue.only_key;
    if (only !== null) {
      this.key = only;
      this.expected = "";
      this.kind = this.kind === "get" ? "get" : "cas";
    }
    const quiet = isQuiet(this.run);
    return html`<details class="section">
      <summary><h2>${only === null ? "Send a command" : "Propose a value"}</h2></summary>
      <div class="body">
        <label title="From here on, clients ask for nothing of their own accord">
          <input type="checkbox" .checked=${live(quiet)} @change=${() => this.attempt(() => setQuiet(this.run, !quiet))} />
          No workload: I send the commands
        </label>
        ${clients.length === 0 ? html`<p class="soft">This cluster has no clients.</p>` : this.form(clients)}
      </div>
    </details>`;
  }

  private form(clients: readonly string[]): TemplateResult {
    const only = this.run.catalogue.only_key !== null;
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        this.run.act({ invoke: { client: this.client, command: this.command() } });
      }}
    >
      <select aria-label="Client" @change=${(event: Event) => (this.client = (event.target as HTMLSelectElement).value)}>
        ${clients.map((name) => html`<option ?selected=${name === this.client}>${name}</option>`)}
      </select>
      <select aria-label="Command" @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value as Kind)}>
        ${KINDS.filter((kind) => !only || kind === "get" || kind === "cas").map((kind) => html`<option value=${kind} .selected=${kind === this.kind}>${only && kind === "cas" ? "propose" : kind}</option>`)}
      </select>
      ${only ? (this.kind === "cas" ? text("Value", this.value, (value) => (this.value = value)) : nothing) : this.operands()}
      <button type="submit">Send</button>
    </form>
    ${this.queue()}`;
  }

  private operands(): TemplateResult {
    return html`
      ${text("Key", this.key, (value) => (this.key = value))}
      ${this.kind === "cas" ? html`from ${text("Expected value", this.expected, (value) => (this.expected = value), "Expected value; left empty, the key must not be there")} to` : nothing}
      ${this.kind === "put" ? "=" : nothing}
      ${this.kind === "put" || this.kind === "cas" ? text(this.kind === "cas" ? "New value" : "Value", this.value, (value) => (this.value = value)) : nothing}`;
  }

  /** A client has one command under way at a time: what is sent meanwhile waits its turn, and is seen to. */
  private queue(): TemplateResult | typeof nothing {
    const node = this.run.moment.nodes().find(({ name }) => name === this.client);
    const value = (field: string): FieldValue => node?.volatile.find(({ name }) => name === field)?.value ?? null;
    const current = value("operation");
    const waiting = value("waiting");
    const queued = Array.isArray(waiting) ? waiting.map((each) => this.words(each)) : [];
    if (current === null) {
      return nothing;
    }
    const then = queued.length === 0 ? "what you send now is next" : queued.length === 1 ? `yours is next: ${queued.join("")}` : `next are ${list(queued)}`;
    return html`<p class="queue ${queued.length > 0 ? "queued" : ""}" role="status" aria-label="Queue">${this.client} waits for its ${this.words(current)}; ${then}.</p>`;
  }

  private words(value: FieldValue): string {
    return show(value, (process) => this.run.name(process));
  }

  private command(): Command {
    const { key, value, expected } = this;
    const commands: Record<Kind, Command> = {
      get: { get: { key } },
      put: { put: { key, value } },
      // Nothing expected: the key must not be there.
      cas: { cas: { key, expected: expected === "" ? null : expected, new: value } },
      delete: { delete: { key } },
    };
    return commands[this.kind];
  }
}

function text(label: string, value: string, set: (value: string) => void, title = label): TemplateResult {
  return html`<input type="text" aria-label=${label} title=${title} .value=${value} @input=${(event: Event) => set((event.target as HTMLInputElement).value)} />`;
}
