// What is selected, in words first; nothing selected, then the event that the playhead stands on.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { namesOf, perform } from "../../commands/perform.js";
import { shortcuts, titleOf } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { apostrophes, capital, seconds } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { CatalogueRule } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";
import { describe } from "../operation-words.js";
import { Panel, base } from "../panel.js";
import { entryBody } from "./entry.js";
import { eventBody } from "./event.js";
import { messageBody } from "./message.js";
import { nodeBody } from "./node.js";
import { operationBody } from "./operation.js";
import { inspectorStyles } from "./styles.js";

interface Shown {
  title: string;
  body: TemplateResult;
  /** The rules that fired in what is shown. */
  lit: readonly CatalogueRule[];
  /** Whether the rules of clients are the fitting ones. */
  client: boolean;
  /** What is read aloud. */
  spoken: string;
}

@customElement("playground-inspector")
export class PlaygroundInspector extends Panel {
  static override styles = [base, inspectorStyles];

  protected readonly topics: readonly Topic[] = ["time", "selection", "scenario", "playing", "records", "verdict"];
  protected override readonly pace = 150;

  protected override content(): TemplateResult {
    const { run } = this;
    const shown = this.shown();
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">${shown.title}</h2>
        ${this.why()}
        ${run.view.selection === null && !run.view.inspecting
          ? nothing
          : html`<button class="quiet icon" aria-label="Deselect" title="Deselect (Esc)" aria-keyshortcuts=${shortcuts("deselect")} @click=${() => (run.view.selection === null ? run.view.inspect(false) : run.view.select(null))}>${icons.close}</button>`}
      </div>
      ${shown.body} ${this.rules(shown)}
      <p class="out-of-sight" role="status" aria-label="What is shown">${run.playhead.playing ? "" : shown.spoken}</p>
    </section>`;
  }

  /** Asks for the causes of what is shown; a client and an entry have none. */
  private why(): TemplateResult | typeof nothing {
    const { run } = this;
    const { selection } = run.view;
    const looks = looksOf(run.catalogue.protocol);
    const isNode = selection?.kind === "node";
    const isServer = isNode && run.isReplica(selection.node) && !looks.crowned(run.moment.nodes()[selection.node]?.role ?? "");
    if (run.status.cursor === 0 || selection?.kind === "entry" || (isNode && !isServer)) {
      return nothing;
    }
    return html`<button class="why" aria-keyshortcuts=${shortcuts("why")} title=${titleOf("why", run, namesOf(run))} @click=${() => perform("why", run)}>${isServer ? `Why is it not the ${looks.leader}?` : "Why?"}</button>`;
  }

  /** Of several rules that fired, what changed most is told first. */
  private telling(rules: readonly CatalogueRule[]): readonly CatalogueRule[] {
    const first = looksOf(this.run.catalogue.protocol).tellingRules ?? [];
    return rules.toSorted((one, other) => Number(first.includes(other.name)) - Number(first.includes(one.name)));
  }

  private shown(): Shown {
    const { run } = this;
    const { selection } = run.view;
    if (selection === null) {
      return run.status.cursor === 0 ? this.nothing() : this.event(run.status.cursor - 1, "Playhead");
    }
    if (selection.kind === "node") {
      return this.node(selection.node);
    }
    if (selection.kind === "message") {
      return this.message(selection.message);
    }
    if (selection.kind === "entry") {
      return this.entry(selection.node, selection.index);
    }
    return selection.kind === "event" ? this.event(selection.event, "Selected") : this.operation(selection.operation);
  }

  private nothing(): Shown {
    const title = "Nothing has happened yet";
    return { title, body: html`<p class="prose">Press Play, or step forward by one event.</p>`, lit: [], client: false, spoken: title };
  }

  private node(process: number): Shown {
    const { run } = this;
    const node = run.moment.nodes()[process];
    if (node === undefined) {
      return this.nothing();
    }
    const last = this.lastEventOf(process);
    const title = `${run.isReplica(process) ? "Replica" : "Client"} ${node.name} at ${seconds(run.playhead.clock)}`;
    return {
      title,
      spoken: `${title}: ${node.condition === "up" ? node.role : node.condition}`,
      body: nodeBody(run, node),
      lit: last === null ? [] : run.moment.event(last).rules,
      client: !run.isReplica(process),
    };
  }

  private lastEventOf(process: number): number | null {
    const { records, status } = this.run;
    for (let event = status.cursor - 1; event >= Math.max(0, status.cursor - 5_000); event -= 1) {
      if (records.eventNode.at(event) === process) {
        return event;
      }
    }
    return null;
  }

  private message(index: number): Shown {
    const message = this.run.moment.message(index);
    const handled = message.handled_by === null ? [] : this.run.moment.event(message.handled_by).rules;
    const title = `Message ${index.toLocaleString("en")}`;
    const spoken = `${title}: ${message.kind} from ${this.run.name(message.from)} to ${this.run.name(message.to)}${message.label === "" ? "" : `, ${message.label}`}`;
    return { title, body: messageBody(this.run, message), lit: handled, client: !this.run.isReplica(message.to), spoken };
  }

  private event(index: number, word: string): Shown {
    const event = this.run.moment.event(index);
    const title = `${word}: event ${index.toLocaleString("en")} · ${seconds(event.time)}`;
    const at = event.node === null ? "" : `${this.run.name(event.node)}: `;
    return {
      title,
      spoken: `Event ${index} at ${seconds(event.time)}: ${at}${event.title}`,
      body: eventBody(this.run, event),
      lit: event.rules,
      client: event.node !== null && !this.run.isReplica(event.node),
    };
  }

  private entry(process: number, index: number): Shown {
    const { run } = this;
    const title = `Entry ${index} of ${run.name(process)} at ${seconds(run.playhead.clock)}`;
    return { title, body: entryBody(run, process, index), lit: [], client: false, spoken: title };
  }

  private operation(index: number): Shown {
    const operation = this.run.moment.operations()[index];
    if (operation === undefined) {
      return this.nothing();
    }
    const title = `Operation of ${this.run.name(operation.client)}`;
    return { title, body: operationBody(this.run, operation), lit: [], client: true, spoken: `${title}: ${describe(operation)}` };
  }

  /** The algorithm's lines, those that fired lit. */
  private rules({ lit: fired, client }: Shown): TemplateResult {
    const { catalogue } = this.run;
    const lit = this.telling(fired);
    const names = new Set(lit.map(({ name }) => name));
    const all = client ? catalogue.client_rules : catalogue.replica_rules;
    const title = client ? "The client’s rules" : `The rules of ${looksOf(catalogue.protocol).title}`;
    return html`
      ${lit.length === 0 ? nothing : html`<h3>${lit.length === 1 ? "The rule that fired" : "The rules that fired"}</h3>`}
      <ol class="rules lit-only">
        ${lit.map((rule) => this.rule(rule, true))}
      </ol>
      <details>
        <summary>${title}</summary>
        <ol class="rules">
          ${all.map((rule) => this.rule(rule, names.has(rule.name)))}
        </ol>
      </details>
    `;
  }

  private rule({ name, text, source }: CatalogueRule, lit: boolean): TemplateResult {
    return html`<li class=${lit ? "lit" : ""} data-rule=${name}>${apostrophes(capital(text))} <small>${source}</small></li>`;
  }
}
