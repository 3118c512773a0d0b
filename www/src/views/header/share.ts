// A link to the run: copied, shown, and what is in it.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { perform } from "../../commands/perform.js";
import { shortcuts } from "../../commands/table.js";
import { icons } from "../../design/icons.js";
import { count, list, seconds } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { describeError } from "../../engine/engine.js";
import { addressOf, comparison } from "../../engine/link.js";
import { loadLinkText } from "../../engine/link-text.js";
import { looksOf } from "../../protocols/protocol.js";
import { Panel, base } from "../panel.js";
import { shareStyles } from "./share-styles.js";

/** Programs that pass on text have been seen to cut addresses that are longer. */
const SAFE_LENGTH = 2_000;

/** A link as it was made, or why there is none. */
type Made = { address: string; frame: string; content: string; trouble: null } | { trouble: string };

@customElement("playground-share")
export class PlaygroundShare extends Panel {
  static override styles = [base, shareStyles];

  protected readonly topics: readonly Topic[] = ["scenario"];

  @state() private made: Made | null = null;
  @state() private said = "";

  protected override content(): TemplateResult {
    return html`<button class="quiet share" popovertarget="share" title="Copy a link to this run, as it is now" @pointerenter=${fetchAhead} @focus=${fetchAhead} @click=${this.onPress}>${icons.share}<span>Share</span></button>
      <div id="share" popover role="dialog" aria-label="A link to this run">${this.made === null ? nothing : this.inside(this.made)}
        <p><button aria-keyshortcuts=${shortcuts("save")} @click=${() => perform("save", this.run)}>Save as…</button></p>
      </div>`;
  }

  private inside(made: Made): TemplateResult {
    if (made.trouble !== null) {
      return html`<h2>No link to this run</h2>
        <p class="trouble" role="alert">${made.trouble}</p>
        <p>A link carries everything that was done to the run. A run with less done to it fits.</p>`;
    }
    const { address, frame, content } = made;
    return html`<h2>A link to this run, as it is now</h2>
      <div class="address">
        <input type="text" readonly aria-label="Link" .value=${address} @focus=${selectAll} />
        <button aria-label="Copy the link" @click=${() => void this.copy(address, "Link")}>Copy</button>
      </div>
      <p class="said" role="status">${this.said}</p>
      <p>${content}</p>
      <p class="soft">
        It has ${address.length.toLocaleString("en")} characters. What stands after the # stays in the browser of whoever opens it: no server sees it.
        ${address.length > SAFE_LENGTH ? "Some programs cut addresses of this length when they pass them on; a link that was cut is refused." : ""}
      </p>
      ${this.origin()}
      <h2>To put it into a page of yours</h2>
      <div class="address">
        <input type="text" readonly aria-label="HTML" .value=${frame} @focus=${selectAll} />
        <button aria-label="Copy the HTML" @click=${() => void this.copy(frame, "HTML")}>Copy</button>
      </div>`;
  }

  /** Where the run came from, if from a link. */
  private origin(): TemplateResult | typeof nothing {
    const { opened } = this.run;
    return opened === null ? nothing : html`<p class="soft">This run was opened from a link. ${comparison(opened, this.run.engineVersion)}${this.run.hasMoreThanItBeganWith ? " Since then, more was done to it." : ""}</p>`;
  }

  /** The press that closes what is open copies nothing. */
  private readonly onPress = (): void => {
    if (this.renderRoot.querySelector("[popover]:popover-open") === null) {
      void this.share();
    }
  };

  private async share(): Promise<void> {
    this.said = "";
    this.made = await this.make();
    if (this.made.trouble === null) {
      await this.copy(this.made.address, "Link");
    }
  }

  private async make(): Promise<Made> {
    try {
      this.run.playhead.pause();
      await loadLinkText();
      return { address: addressOf(this.run), frame: this.frame(), content: this.whatIsInIt(), trouble: null };
    } catch (error) {
      return { trouble: `This run is too much for a link, or cannot be written as one: ${describeError(error)}.` };
    }
  }

  /** Where the browser does not let us write to its clipboard, the text stands there selected. */
  private async copy(text: string, field: "Link" | "HTML"): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.said = field === "Link" ? "The link is copied." : "The HTML is copied.";
    } catch {
      // The dialog opens when the press has been dealt with.
      await new Promise((resume) => requestAnimationFrame(resume));
      this.renderRoot.querySelector<HTMLElement>(`input[aria-label=${field}]`)?.focus();
      this.said = "It is selected for you to copy: this browser does not let the page do so.";
    }
  }

  /** What shows the run in somebody else's page. */
  private frame(): string {
    const title = `A run of ${looksOf(this.run.catalogue.protocol).title}`;
    // These heights hold for every set of panels, at every width (tests/browser/embed-heights.spec.ts).
    const [captions, height] = this.run.story.exists ? ["&captions=shown", 760] : ["", 640];
    const address = `${addressOf(this.run, "./embed.html")}${captions}`;
    return `<iframe src="${address}" title="${title}" width="100%" height="${height}" style="border: 0" loading="lazy"></iframe>`;
  }

  private whatIsInIt(): string {
    const { catalogue, scenario, status } = this.run;
    const off = scenario.mutations?.length ?? 0;
    const done = scenario.interventions?.length ?? 0;
    const parts = [
      `${looksOf(catalogue.protocol).title} with ${count(catalogue.replicas, "replica")} and ${count(catalogue.processes.length - catalogue.replicas, "client")}`,
      ...(scenario.seed === undefined ? [] : [`seed ${scenario.seed}`]),
      ...(off === 0 ? [] : [`${count(off, "rule")} switched off`]),
      done === 0 ? "nothing done to it by hand" : `${count(done, "thing")} done to it`,
      count(status.events, "event"),
    ];
    return `In it: ${list(parts)}, with the playhead after event ${status.cursor.toLocaleString("en")}, at ${seconds(status.now)}; the engine’s version, ${catalogue.engine_version}, and the trace hash, by which whoever opens it knows that it is the same run.`;
  }
}

/** A browser that lets the page write to its clipboard lets it do so right after a press only. */
function fetchAhead(): void {
  // Whether it can be had is said once it is needed.
  loadLinkText().catch(() => undefined);
}

function selectAll({ target }: Event): void {
  (target as HTMLInputElement).select();
}
