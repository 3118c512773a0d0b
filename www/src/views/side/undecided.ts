// The adversary of Fischer, Lynch and Paterson: a scheduler that only chooses when messages arrive, and keeps the
// cluster undecided for as long as one likes.

import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";

import { count, seconds } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { control } from "../controls.js";
import { Panel, base } from "../panel.js";
import { concernsUndecided } from "./switches.js";

@customElement("playground-undecided")
export class PlaygroundUndecided extends Panel {
  static override styles = [
    base,
    css`
      p {
        margin-bottom: var(--s2);
        font: var(--size-m) / 1.45 var(--serif);
        color: var(--ink-2);
      }

      a {
        color: inherit;
      }

      .state {
        margin-top: var(--s2);
        color: var(--ink);
      }
    `,
  ];

  protected readonly topics: readonly Topic[] = ["scenario", "records", "plan", "time"];
  protected override readonly pace = 300;

  protected override content(): TemplateResult {
    const { run } = this;
    const held = run.moment.heldBack();
    if (held === null) {
      return html``;
    }
    const what = run.catalogue.protocol === "paxos" ? "the acceptance that would complete a majority" : "the vote that would complete a majority";
    return html`<details class="section" ?open=${concernsUndecided(run)}>
      <summary>
        <h2>Keep it undecided</h2>
        <span class="now">${run.playhead.undecided ? `${count(held, "message")} held back` : "off"}</span>
      </summary>
      <div class="body">
        <p>
          A scheduler loses nothing and stops nobody. It only holds back ${what}, until that is of no use any more. Every message arrives in the end.
          <a href="#course/lesson/flp">What that shows</a>
        </p>
        <div class="row">
          ${control({ words: "Keep it undecided", why: run.playhead.undecided ? "It is being kept undecided." : null, act: () => this.attempt(() => run.deeds.keepUndecided(true)) })}
          ${control({ words: "Let go", why: !run.playhead.undecided && held === 0 ? "No message is held back." : null, act: () => this.attempt(() => run.deeds.keepUndecided(false)) })}
        </div>
        <p class="state" role="status">${this.state(held)}</p>
      </div>
    </details>`;
  }

  private state(held: number): string {
    const { run } = this;
    const isDecided =
      run.moment.quorums().ballots.some(({ is_chosen: isChosen }) => isChosen) || run.moment.nodes().some(({ role, log }) => role === "leader" || (log?.commit_index ?? 0) > 0);
    const now = `At ${seconds(run.status.now, 1)}`;
    if (run.playhead.undecided) {
      return isDecided ? `${now}: it was decided before the scheduler began.` : `${now}: nothing is decided, ${count(held, "message")} held back.`;
    }
    return "";
  }
}
