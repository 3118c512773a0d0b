// Break it: switch a rule off on purpose, and see what it was good for.

import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { apostrophes, count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { Panel, base } from "../panel.js";

@customElement("playground-mutations")
export class PlaygroundMutations extends Panel {
  static override styles = [
    base,
    css`
      label {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--s2);
        align-items: baseline;
        padding: 3px 0;
        font: var(--size-m) / 1.4 var(--serif);
      }

      small {
        color: var(--ink-2);
      }

      p {
        margin-bottom: var(--s2);
        font-size: var(--size-s);
        color: var(--ink-2);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario"];

  protected override content(): TemplateResult {
    const { catalogue, scenario } = this.run;
    const off = new Set(scenario.mutations ?? []);
    return html`<details class="section">
      <summary>
        <h2>Break it</h2>
        <span class="now">${off.size === 0 ? "all rules hold" : `${count(off.size, "rule")} off`}</span>
      </summary>
      <div class="body">
        <p>Switch a rule off, and the same run starts again without it. The checkers say what is lost.</p>
        ${catalogue.mutations.map(
          ({ name, text, source }) => html`<label>
            <input type="checkbox" .checked=${off.has(name)} @change=${() => this.toggle(name)} />
            <span>${apostrophes(text)} <small>${source}</small></span>
          </label>`,
        )}
      </div>
    </details>`;
  }

  private toggle(name: string): void {
    const { run } = this;
    const off = new Set(run.scenario.mutations ?? []);
    if (!off.delete(name)) {
      off.add(name);
    }
    const now = run.playhead.clock;
    this.attempt(() => run.restart({ ...run.scenario, mutations: [...off] }, now));
  }
}
