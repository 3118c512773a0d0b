// What the page has to say: errors, what an action in the past did, and limits reached.

import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { icons } from "../../design/icons.js";
import type { Topic } from "../../engine/emitter.js";
import type { Notice } from "../../engine/notices.js";
import { Panel, base } from "../panel.js";

@customElement("playground-notices")
export class PlaygroundNotices extends Panel {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto var(--s4) 76px auto;
        z-index: var(--layer-notice);
        width: min(420px, calc(100vw - 2 * var(--s4)));
      }

      li {
        display: flex;
        gap: var(--s3);
        align-items: flex-start;
        margin-top: var(--s2);
        padding: var(--s2) var(--s2) var(--s2) var(--s3);
        list-style: none;
        background: var(--raised);
        border: 1px solid var(--rule-strong);
        border-left: 4px solid var(--ink);
        border-radius: var(--radius);
        box-shadow: 0 6px 24px var(--shade);
      }

      li.bad {
        border-left-color: var(--bad);
      }

      p {
        flex: 1;
        padding: 3px 0;
        overflow-wrap: anywhere;
      }

      @media (max-width: 760px) {
        :host {
          inset: auto var(--s3) 150px var(--s3);
          width: auto;
        }
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["notices"];

  protected override content(): TemplateResult {
    return html`<section aria-label="Notices" aria-live="polite">
      <ul>
        ${repeat(this.run.notices, ({ id }) => id, (notice) => this.notice(notice))}
      </ul>
    </section>`;
  }

  private notice({ id, tone, text, action }: Notice): TemplateResult {
    return html`<li class=${tone}>
      <p>${text}</p>
      ${action === undefined
        ? ""
        : html`<button
            @click=${() => {
              this.run.dismiss(id);
              this.attempt(action.run);
            }}
          >
            ${action.label}
          </button>`}
      <button class="quiet icon" aria-label="Dismiss" @click=${() => this.run.dismiss(id)}>${icons.close}</button>
    </li>`;
  }
}
