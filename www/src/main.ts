import { LitElement, css, html } from "lit";
import { customElement, state } from "lit/decorators.js";

import init, { engine_version } from "../pkg/consensus_playground.js";

/** The whole page. Until the engine is there it says so; if the engine cannot start it says why. */
@customElement("playground-app")
export class PlaygroundApp extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 1rem/1.5 system-ui, sans-serif;
      margin: 2rem;
    }
  `;

  @state() private engine = "";
  @state() private failure = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.start();
  }

  private async start(): Promise<void> {
    try {
      await init();
      this.engine = engine_version();
    } catch (error) {
      this.failure = String(error);
    }
  }

  override render() {
    return html`
      <main>
        <h1>Consensus playground</h1>
        ${this.failure === ""
          ? html`<p>Engine <output data-engine-version>${this.engine}</output></p>`
          : html`<p role="alert">The engine did not start: ${this.failure}</p>`}
      </main>
    `;
  }
}
