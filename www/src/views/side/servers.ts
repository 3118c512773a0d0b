// Every process with what can be done to its power: crash and restart, pause and resume.

import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { killOffer, powerOffers } from "../actions/offers.js";
import { offered } from "../controls.js";
import { Panel, base } from "../panel.js";

@customElement("playground-servers")
export class PlaygroundServers extends Panel {
  static override styles = [
    base,
    css`
      ul {
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: 2.2em 3.6em 1fr;
        gap: var(--s2);
        align-items: center;
        padding: 2px 0;
      }

      .row {
        flex-wrap: nowrap;
        gap: 4px;
      }

      li button {
        padding: 2px 7px;
        font-size: var(--size-s);
      }

      b.client {
        font-weight: 400;
      }

      .down,
      .paused {
        font-weight: 600;
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario", "time", "records"];
  protected override readonly pace = 200;

  protected override content(): TemplateResult {
    const nodes = this.run.moment.nodes();
    const out = nodes.filter(({ condition }) => condition !== "up").length;
    return html`<details class="section">
      <summary>
        <h2>Crash, pause or restart a server</h2>
        <span class="now">${out === 0 ? "all are up" : `${count(out, "process", "processes")} out`}</span>
      </summary>
      <ul class="body" aria-label="Processes">
        ${nodes.map((node) => html`<li>
          <b class=${this.run.isReplica(node.place) ? "" : "client"}>${node.name}</b>
          <span class=${node.condition}>${node.condition}</span>
          <span class="row">${[...powerOffers(this.run, node), ...(this.run.isReplica(node.place) ? [killOffer(this.run, node)] : [])].map((offer) => offered(this.run, offer, (act) => this.attempt(act)))}</span>
        </li>`)}
      </ul>
    </details>`;
  }
}
