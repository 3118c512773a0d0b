// The rail: the one press, what else can go wrong, which rules are off. What there is much of floats beside it, and is
// fetched when it is opened first.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";

import { apostrophes, capital, count } from "../../design/words.js";
import type { Topic } from "../../engine/emitter.js";
import { looksOf } from "../../protocols/protocol.js";
import { ruleName } from "../../protocols/rules.js";
import { control } from "../controls.js";
import { floatingStyles } from "../floating-styles.js";
import { Panel, base } from "../panel.js";
import { cutNow, standingCut } from "../partition/standing.js";
import { cutOff } from "./cut-off.js";
import { railStyles } from "./rail-styles.js";
import { concernsUndecided, isQuiet, restartWith, setRule } from "./switches.js";

type Contents = typeof import("./contents.js");
type Opened = "faults" | "rules" | "set-up";

@customElement("playground-rail")
export class PlaygroundRail extends Panel {
  static override styles = [base, railStyles, floatingStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario"];
  protected override readonly pace = 150;

  @state() private contents: Contents | null = null;
  @state() private opened: Opened | null = null;
  private letGo: (() => void) | undefined;
  /** Who closes it by a key or its button goes on where it was opened; who clicks elsewhere is there already. */
  private givesFocusBack = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // What floats is closed with its rail, and says nothing of it.
    this.letGo?.();
    this.opened = null;
  }

  protected override content(): TemplateResult {
    const { run } = this;
    const all = `All ${count(run.catalogue.mutations.length, "rule")}`;
    return html`<section aria-label="Faults">
        ${this.cut()}
        ${concernsUndecided(run) ? control({ words: "Kept undecided", title: "Opens “Keep it undecided”", kind: "word", act: () => void this.open("faults", "playground-undecided") }) : nothing}
        ${isQuiet(run) ? control({ words: "Send a command by hand", title: "There is no workload: clients do what you have them do", kind: "word", act: () => void this.open("faults", "playground-commands") }) : nothing}
        ${this.opener("faults", "Other faults")}
      </section>
      <section aria-label="Rules switched off">
        ${this.switchedOff()}
        ${this.opener("rules", all)}
      </section>
      <section aria-label="Set-up of the run">${this.opener("set-up", "Set-up and workload")}</section>
      ${this.floating("faults", "Other faults", (contents) => contents.faults(run))} ${this.floating("rules", all, (contents) => contents.ruleBook(run))}
      ${this.floating("set-up", "Set-up and workload", (contents) => contents.setUp(run))}`;
  }

  private cut(): TemplateResult {
    const { run } = this;
    const cut = cutNow(run);
    const { whom, groups, why } = cutOff(run);
    return html`${control({
      words: `Cut off the ${whom}`,
      title: groups.length === 0 ? "" : `Only ${(groups[0] ?? []).join(" and ")} still reach each other there`,
      why,
      kind: "press",
      act: () => this.attempt(() => run.act({ partition: { groups } })),
    })}
    ${cut.size === 0 ? nothing : html`<div>${control({ words: "Heal the cut", kind: "word", act: () => this.attempt(() => run.act("heal")) })} ${standingCut(run, cut)}</div>`}`;
  }

  /** Nobody should take this run for the protocol's own. */
  private switchedOff(): TemplateResult | typeof nothing {
    const { run } = this;
    const off = run.catalogue.mutations.filter(({ name }) => (run.scenario.mutations ?? []).includes(name));
    const settings = looksOf(run.catalogue.protocol).settingsOff?.(run.scenario) ?? [];
    if (off.length + settings.length === 0) {
      return nothing;
    }
    return html`<h2>Switched off</h2>
      <ul>
        ${off.map(({ name, text }) => this.off(ruleName(name), apostrophes(text), () => setRule(run, name, true)))}
        ${settings.map(({ name, text, on }) => this.off(name, capital(text), () => restartWith(run, on)))}
      </ul>`;
  }

  private off(name: string, text: string, switchOn: () => void): TemplateResult {
    return html`<li>
      <label title="${text} Ticked, it is on again: the run starts anew.">
        <input type="checkbox" .checked=${live(false)} @change=${() => this.attempt(switchOn)} />
        ${name}
      </label>
    </li>`;
  }

  // What floats beside it

  private opener(id: Opened, words: string): TemplateResult {
    return html`<button type="button" class="word opens" popovertarget=${id} aria-haspopup="dialog" aria-expanded=${this.opened === id} @pointerenter=${() => void this.fetch()}>${words}</button>`;
  }

  private floating(id: Opened, words: string, draw: (contents: Contents) => TemplateResult): TemplateResult {
    return html`<div id=${id} popover class="float" role="dialog" aria-label=${words} @toggle=${(event: ToggleEvent) => void this.onToggle(id, event)} @keydown=${this.onKey}>
      <button type="button" class="quiet icon close" popovertarget=${id} popovertargetaction="hide" @click=${() => (this.givesFocusBack = true)} aria-label="Close: ${words}" title="Close (Esc)">×</button>
      ${this.contents === null ? html`<p class="soft">Loading…</p>` : draw(this.contents)}
    </div>`;
  }

  /** Opens what floats, and unfolds a section of it. */
  private async open(id: Opened, section: string): Promise<void> {
    await this.fetch();
    await this.updateComplete;
    const floating = this.renderRoot.querySelector<HTMLElement>(`#${id}`);
    floating?.showPopover();
    drawAnew(floating);
    const panel = this.renderRoot.querySelector<Panel>(section);
    await panel?.updateComplete;
    const details = panel?.renderRoot.querySelector("details");
    if (details !== null && details !== undefined) {
      details.open = true;
      details.scrollIntoView({ block: "nearest" });
      details.querySelector<HTMLElement>("select, input, button")?.focus();
    }
  }

  private async fetch(): Promise<void> {
    try {
      this.contents ??= await import("./contents.js");
    } catch (error) {
      this.run.notices.report(error);
    }
  }

  private async onToggle(id: Opened, event: ToggleEvent): Promise<void> {
    const floating = event.target as HTMLElement;
    const button = this.renderRoot.querySelector<HTMLElement>(`[popovertarget="${id}"]`);
    if (event.newState === "closed") {
      this.letGo?.();
      this.opened = null;
      if (this.givesFocusBack) {
        button?.focus();
      }
      return;
    }
    this.opened = id;
    this.givesFocusBack = false;
    await this.fetch();
    await this.updateComplete;
    drawAnew(floating);
    if (this.contents !== null && button !== null && floating.matches(":popover-open")) {
      this.letGo = this.contents.keepBeside(button, floating, "right-start");
    }
  }

  /** Escape closes what floats, and nothing else. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.givesFocusBack = true;
    }
  };
}

/** What was closed was not drawn. */
function drawAnew(floating: HTMLElement | null): void {
  for (const each of floating?.children ?? []) {
    if (each instanceof Panel) {
      each.requestUpdate();
    }
  }
}
