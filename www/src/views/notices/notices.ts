// What the page has to say: errors, what an action in the past did, and limits reached.

import { html } from "lit";
import type { TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { icons } from "../../design/icons.js";
import type { Topic } from "../../engine/emitter.js";
import type { Notice } from "../../engine/notices.js";
import { Panel, base } from "../panel.js";
import { noticesStyles } from "./styles.js";

@customElement("playground-notices")
export class PlaygroundNotices extends Panel {
  static override styles = [base, noticesStyles];

  /** What it is called: a page may have a run in its text, which has notices of its own. */
  @property() label = "Notices";
  protected readonly topics: readonly Topic[] = ["notices"];

  protected override content(): TemplateResult {
    return html`<section aria-label=${this.label} aria-live="polite">
      <ul>
        ${repeat(this.run.notices.list, ({ id }) => id, (notice) => this.notice(notice))}
      </ul>
    </section>`;
  }

  private notice({ id, tone, text, action }: Notice): TemplateResult {
    return html`<li class=${tone}>
      <p title=${text}>${text}</p>
      ${action === undefined
        ? ""
        : html`<button
            @click=${() => {
              this.run.notices.dismiss(id);
              this.attempt(action.run);
            }}
          >
            ${action.label}
          </button>`}
      <button class="quiet icon" aria-label="Dismiss" @click=${() => this.run.notices.dismiss(id)}>${icons.close}</button>
    </li>`;
  }
}
