// The rule book: the rules that can be switched off, and the lines of the algorithm, those that fired at the playhead
// marked. Searched by whatever stands in them.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";

import { apostrophes, capital, count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import type { CatalogueRule } from "../../engine/engine.js";
import { looksOf } from "../../protocols/protocol.js";
import { ruleName } from "../../protocols/rules.js";
import { Panel, base } from "../panel.js";
import { ruleBookStyles } from "./rule-book-styles.js";
import { setRule } from "./switches.js";

@customElement("playground-rule-book")
export class PlaygroundRuleBook extends Panel {
  static override styles = [base, ruleBookStyles];

  protected readonly topics: readonly Topic[] = ["scenario", "time"];
  protected override readonly pace = 300;

  @state() private wanted = "";

  protected override content(): TemplateResult {
    const { run } = this;
    const { catalogue, scenario } = run;
    const off = new Set(scenario.mutations ?? []);
    const mutations = catalogue.mutations.filter((rule) => this.isWanted(`${ruleName(rule.name)} ${text(rule)}`));
    const { cursor } = run.status;
    const fired = new Set(cursor === 0 ? [] : run.moment.event(cursor - 1).rules.map(({ name }) => name));
    return html`<div class="body">
      <h2>Switch a rule off</h2>
      <p>Each says what happens without it. The run starts anew, and the checks say what is lost. ${off.size === 0 ? "All rules hold." : `${capital(count(off.size, "rule"))} off.`}</p>
      <input type="search" aria-label="Search the rules" placeholder="Search" .value=${live(this.wanted)} @input=${(event: Event) => (this.wanted = (event.target as HTMLInputElement).value)} />
      <p class="out-of-sight" role="status">${this.wanted === "" ? "" : `${count(mutations.length, "rule")} that can be switched off`}</p>
      <ul aria-label="Rules that can be switched off">
        ${mutations.map((rule) => this.switch(rule, !off.has(rule.name)))}
      </ul>
      ${this.lines(`The rules of ${looksOf(catalogue.protocol).title}`, catalogue.replica_rules, fired)}
      ${this.lines("The client’s rules", catalogue.client_rules, fired)}
    </div>`;
  }

  private isWanted(words: string): boolean {
    return words.toLowerCase().includes(this.wanted.trim().toLowerCase());
  }

  private switch(rule: CatalogueRule, holds: boolean): TemplateResult {
    return html`<li>
      <label>
        <input type="checkbox" .checked=${live(holds)} @change=${() => this.attempt(() => setRule(this.run, rule.name, !holds))} />
        <span><b>${ruleName(rule.name)}</b></span>
      </label>
      <p class=${holds ? "" : "off"}>${holds ? "" : html`<b>Off.</b> `}${apostrophes(rule.text)} <small>${rule.source}</small></p>
    </li>`;
  }

  /** Lines of the algorithm; folded, unless they are searched for. */
  private lines(title: string, rules: readonly CatalogueRule[], fired: ReadonlySet<string>): TemplateResult | typeof nothing {
    const wanted = rules.filter((rule) => this.isWanted(text(rule)));
    const lit = rules.filter(({ name }) => fired.has(name)).length;
    if (wanted.length === 0) {
      return nothing;
    }
    return html`<details ?open=${this.wanted !== ""}>
      <summary>${title}: ${wanted.length}${lit === 0 ? "" : `, ${lit} fired at this event`}</summary>
      <ol>
        ${wanted.map((rule) => html`<li class=${fired.has(rule.name) ? "lit" : ""} data-rule=${rule.name}>${apostrophes(capital(rule.text))} <small>${rule.source}</small></li>`)}
      </ol>
    </details>`;
  }
}

function text({ text: words, source }: CatalogueRule): string {
  return `${words} ${source}`;
}
