// The lock with a lease: four lanes over time, drawn from the model's run, with its switches.

import { LitElement, html, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { describeError } from "../../engine/engine.js";
import type { LockParty, LockRun, LockSettings } from "../../engine/engine.js";
import { base } from "../../views/panel.js";
import { ask } from "./course.js";
import { WIDTH, lockStyles } from "./lock-styles.js";
import { reading } from "./style.js";

const LANES: readonly (readonly [LockParty, string])[] = [
  ["a", "client A"],
  ["service", "lock service"],
  ["store", "store"],
  ["b", "client B"],
];
const LANE = 62;
const LEFT = 92;
const TOP = 20;
/** The letter of an event in the picture; the list below says it in words. */
const SIGNS: Readonly<Record<string, string>> = { accepted: "✓", overwrote: "✗", refused: "∅", read: "r", wrote: "w", expired: "e", granted: "g", released: "f" };

const PRESETS: readonly (readonly [string, Partial<LockSettings>])[] = [
  ["All is well", { pause_ms: 0, service_clock_percent: 100, fencing: false }],
  ["A stands still", { pause_ms: 150, service_clock_percent: 100, fencing: false }],
  ["A fast clock", { pause_ms: 0, service_clock_percent: 300, fencing: false }],
  ["Saved by the token", { pause_ms: 150, service_clock_percent: 100, fencing: true }],
];

@customElement("course-lock")
export class CourseLock extends LitElement {
  static override styles = [base, reading, lockStyles];

  @state() private settings: LockSettings = { lease_ms: 100, work_ms: 40, pause_ms: 150, service_clock_percent: 100, clients_check: true, fencing: false };
  @state() private played: LockRun | null = null;
  @state() private failure = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void this.play();
  }

  private async play(): Promise<void> {
    const { settings } = this;
    try {
      this.played = await ask((engine) => engine.play_lock(settings));
      this.failure = "";
    } catch (error) {
      this.failure = describeError(error);
    }
  }

  private set(change: Partial<LockSettings>): void {
    this.settings = { ...this.settings, ...change };
    void this.play();
  }

  override render(): TemplateResult {
    const { settings } = this;
    return html`<div class="segmented" role="group" aria-label="Prepared settings">
        ${PRESETS.map(([name, preset]) => html`<button aria-pressed=${Object.entries(preset).every(([key, value]) => settings[key as keyof LockSettings] === value)} @click=${() => this.set(preset)}>${name}</button>`)}
      </div>
      <div class="dials">
        ${this.dial("lease_ms", "Length of the lease", 20, 300, "ms")} ${this.dial("work_ms", "Work between read and write", 0, 200, "ms")}
        ${this.dial("pause_ms", "A stands still before its write", 0, 400, "ms")} ${this.dial("service_clock_percent", "Speed of the service’s clock", 25, 400, "%")}
      </div>
      ${this.check("clients_check", "A client looks at its clock right before it writes")} ${this.check("fencing", "The store refuses a token below one that it has seen")}
      ${this.failure === "" ? "" : html`<p class="broken" role="alert">${this.failure}</p>`} ${this.played === null ? "" : this.outcome(this.played)}`;
  }

  private dial(name: "lease_ms" | "work_ms" | "pause_ms" | "service_clock_percent", title: string, min: number, max: number, unit: string): TemplateResult {
    return html`<label for=${name}>${title}</label>
      <input id=${name} type="range" min=${min} max=${max} step="5" .value=${String(this.settings[name])} @input=${(event: Event) => this.set({ [name]: Number((event.target as HTMLInputElement).value) })} />
      <output for=${name}>${this.settings[name]} ${unit}</output>`;
  }

  private check(name: "clients_check" | "fencing", title: string): TemplateResult {
    return html`<label class="check"><input type="checkbox" .checked=${this.settings[name]} @change=${() => this.set({ [name]: !this.settings[name] })} /> ${title}</label>`;
  }

  private outcome(run: LockRun): TemplateResult {
    return html`<p class="outcome ${run.is_corrupted ? "lost" : ""}" role="status">${run.sentence} The file: ${run.file.join(", ") || "empty"}.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Timeline">${this.timeline(run)}</div>
      <p class="soft">
        A frame on a client’s lane: it takes itself for the holder. A box at the service: a lease, with its token. Grey: standing still. r read, w write sent, g granted, f released, e lease
        ended; at the store ✓ written, ✗ written over another’s line, ∅ refused.
      </p>
      <details class="more">
        <summary>All events</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="All events">
          <table>
            <thead>
              <tr>
                <th scope="col">ms</th>
                <th scope="col">where</th>
                <th scope="col">what</th>
              </tr>
            </thead>
            <tbody>
              ${run.events.map(
                ({ at_ms: at, party, text }) => html`<tr>
                  <td class="mono">${at}</td>
                  <td>${LANES.find(([each]) => each === party)?.[1]}</td>
                  <td>${text}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>`;
  }

  private timeline(run: LockRun): TemplateResult {
    const height = TOP + LANES.length * LANE + 24;
    const end = Math.max(run.end_ms, 100);
    const across = (at: number): number => LEFT + 10 + (at / end) * (WIDTH - LEFT - 26);
    const down = (party: LockParty): number => TOP + LANES.findIndex(([each]) => each === party) * LANE + LANE / 2;
    const bar = ({ party, kind, token, from_ms: from, to_ms: to }: LockRun["spans"][number]): SVGTemplateResult => svg`
      <rect class=${kind} x=${across(from)} y=${down(party) - 16} width=${Math.max(2, across(to) - across(from))} height="32" rx="3"></rect>
      ${kind === "lease" ? svg`<text x=${across(from) + 3} y=${down(party) - 19}>${token}</text>` : ""}`;
    const marks = run.events.filter(({ kind }) => kind in SIGNS);
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * end));
    return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of ${run.end_ms} milliseconds. ${run.sentence}">
      ${LANES.map(
        ([party, name]) => svg`<text x="0" y=${down(party) + 4}>${name}</text>
          <line class="lane" x1=${LEFT} x2=${WIDTH - 8} y1=${down(party)} y2=${down(party)}></line>`,
      )}
      ${["lease", "believes", "paused"].map((kind) => run.spans.filter((span) => span.kind === kind).map((span) => bar(span)))}
      ${marks.map(
        ({ at_ms: at, party, kind }) => svg`<circle class="event ${kind}" cx=${across(at)} cy=${down(party)} r="8"></circle>
          <text class="sign ${kind}" x=${across(at)} y=${down(party) + 4} text-anchor="middle">${SIGNS[kind]}</text>`,
      )}
      ${ticks.map((at) => svg`<text x=${across(at)} y=${height - 6} text-anchor=${at === end ? "end" : "middle"}>${at} ms</text>`)}
    </svg>`;
  }
}
