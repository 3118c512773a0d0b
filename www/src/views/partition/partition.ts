// The partition editor: every process, clients too, is put on a side; what a cut will do is shown before it is done.

import { html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

import { pressOn, wasPressed } from "../../commands/keys.js";
import { count } from "../../design/words.js";
import type { CutChange } from "../../engine/changes.js";
import { linkOf } from "../../engine/codes.js";
import type { Topic } from "../../engine/emitter.js";
import type { Link } from "../../engine/engine.js";
import { TICKS_PER_SECOND } from "../../engine/playhead.js";
import { control } from "../controls.js";
import { Panel, base } from "../panel.js";
import { cutOff } from "../side/cut-off.js";
import { LETTERS, effect } from "./effect.js";
import { bridge, halves, linksBetween, linksFrom, majorityRing, sidesOf } from "./presets.js";
import { sameSet, without } from "./sets.js";
import { cutNow, isFaulty, tryWrite } from "./standing.js";
import { partitionStyles } from "./styles.js";
import "./link-latency.js";
import "./matrix.js";

interface Preset {
  words: string;
  title: string;
  act: () => void;
  why?: string | null;
}

@customElement("playground-partition")
export class PlaygroundPartition extends Panel {
  static override styles = [base, partitionStyles];

  protected readonly topics: readonly Topic[] = ["records", "scenario", "plan", "time"];
  protected override readonly pace = 250;

  @state() private groups: string[][] = [];
  @state() private mode: "sides" | "links" = "sides";
  /** The directed links that would be cut, where sides cannot say it. */
  @state() private links: ReadonlySet<number> | null = null;
  @state() private touched = false;
  @state() private over = -1;
  @state() private timed = false;
  @state() private forSeconds = 2;

  private processes: readonly string[] = [];
  /** What the editor stands in, where that opens and closes. */
  private floats: Element | null = null;
  private standingCut: CutChange | undefined;
  private drag: { name: string; x: number; y: number; moved: boolean } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.floats = this.closest("[popover]");
    this.floats?.addEventListener("toggle", this.onToggle);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.floats?.removeEventListener("toggle", this.onToggle);
    // Nobody sees the plan any more.
    this.run.view.setPlan(null);
  }

  /** What is planned is shown while the plan can be seen. */
  private readonly onToggle = (event: Event): void => this.preview((event as ToggleEvent).newState === "open" && this.touched);

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { processes } = this.run.catalogue;
    if (processes !== this.processes) {
      this.processes = processes;
      this.reset();
    }
    this.showStanding();
  }

  /** As long as nobody plans another one, the editor shows the partition that is there. */
  private showStanding(): void {
    const { cuts } = this.run.records.changes;
    const standing = cuts.findLast(({ event }) => event < this.run.status.cursor);
    if (standing === this.standingCut || this.touched) {
      return;
    }
    this.standingCut = standing;
    if (this.mode === "links") {
      this.links = new Set(standing?.cut ?? []);
      return;
    }
    if (standing === undefined || standing.cut.size === 0 || sameSet(standing.cut, this.wanted)) {
      return;
    }
    const sides = sidesOf(standing.cut, this.processes);
    if (sides !== null && sides.length <= LETTERS.length) {
      this.groups = sides;
      this.links = null;
    }
  }

  /** A minority with a client of its own is what a person mostly wants to see. */
  private reset(): void {
    this.groups = halves(this.run.catalogue);
    this.links = this.mode === "links" ? new Set() : null;
    this.standingCut = undefined;
    this.touched = false;
  }

  private get wanted(): ReadonlySet<number> {
    return this.links ?? linksBetween(this.groups, this.processes);
  }

  private get current(): ReadonlySet<number> {
    return cutNow(this.run);
  }

  protected override content(): TemplateResult {
    const current = this.current;
    const same = sameSet(current, this.wanted);
    const restored = without(current, this.wanted);
    const onlyRestores = restored.length > 0 && without(this.wanted, current).length === 0;
    return html`<section aria-labelledby="title">
      <h2 id="title">Cut the network</h2>
      ${this.mode === "sides" ? this.sides() : this.matrix()}
      <div class="row presets" role="group" aria-label="Prepared partitions">${this.presets()}</div>
      <p class="effect" id="effect">${effect(this.run, { links: this.wanted, sides: this.links === null ? this.groups : null }, { restored, isThere: same && current.size > 0 })}</p>
      <div class="row">
        <button
          class=${current.size > 0 && same ? "" : "primary"}
          aria-label=${onlyRestores ? nothing : "Cut the network"}
          aria-describedby="effect"
          aria-disabled=${same ? "true" : nothing}
          title=${same ? (current.size > 0 ? "The network is cut like this already" : "This would cut nothing") : nothing}
          @click=${() => (same ? undefined : this.attempt(() => this.cut()))}
          @pointerenter=${() => this.preview(true)}
          @pointerleave=${() => this.preview(this.touched)}
          @focus=${() => this.preview(true)}
          @blur=${() => this.preview(this.touched)}
        >
          ${onlyRestores ? `Restore ${count(restored.length, "way")}` : "Cut"}
        </button>
        ${control({ words: "Heal", kind: current.size > 0 && same ? "primary" : "", why: current.size === 0 ? "Nothing is cut." : null, act: () => this.attempt(() => this.heal()) })}
        <label class="timed" title="The network heals by itself after this much virtual time">
          <input type="checkbox" aria-label="Heal by itself" .checked=${this.timed} @change=${(event: Event) => (this.timed = (event.target as HTMLInputElement).checked)} />
          after
          <input type="number" min="0.1" max="60" step="0.1" aria-label="Seconds until the network heals" .value=${String(this.forSeconds)} @change=${this.onSeconds} />
          s
        </label>
      </div>
      ${tryWrite(this.run, current)}
      <p class="row">
        ${control({
          words: "Remove all faults",
          title: "Heals every link, restarts and resumes every process, mends every disk, reforms every liar, and sets loss, duplication and reordering to nought",
          why: isFaulty(this.run) ? null : "There is no fault to remove.",
          act: () => this.attempt(() => this.removeFaults()),
        })}
      </p>
    </section>`;
  }

  // Sides

  private sides(): TemplateResult {
    return html`<div class="groups">
      ${this.groups.map(
        (group, side) => html`<div class="group ${this.over === side ? "over" : ""}" role="group" aria-label="Side ${LETTERS[side]}" data-group=${side}>
          <span class="letter" aria-hidden="true">${LETTERS[side]}</span>
          ${group.map((name) => this.chip(name, side))}
        </div>`,
      )}
    </div>`;
  }

  private chip(name: string, group: number): TemplateResult {
    const client = !this.run.isReplica(this.processes.indexOf(name));
    return html`<button
      class="chip ${client ? "client" : ""}"
      aria-label="${name}, on side ${LETTERS[group]}"
      title="Drag to another side, or press its letter"
      data-chip=${name}
      @pointerdown=${(event: PointerEvent) => this.onDown(event, name)}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointercancel=${this.onUp}
      @click=${(event: MouseEvent) => this.onClick(event, name, group)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, name, group)}
    >
      ${name}
    </button>`;
  }

  private move(name: string, to: number): void {
    if (to < 0 || to >= this.groups.length) {
      return;
    }
    const order = (group: string[]): string[] => group.toSorted((one, other) => this.processes.indexOf(one) - this.processes.indexOf(other));
    this.groups = this.groups.map((group, side) => {
      const rest = group.filter((other) => other !== name);
      return side === to ? order([...rest, name]) : rest;
    });
    this.change(null);
  }

  private onKey(event: KeyboardEvent, name: string, group: number): void {
    const isArrow = event.key.startsWith("Arrow");
    // After a press of the pointer, the arrows are the page's.
    if (event.ctrlKey || event.metaKey || event.altKey || (isArrow && wasPressed(event.currentTarget))) {
      return;
    }
    const letter = LETTERS.indexOf(event.key.toUpperCase());
    const to = event.key === "ArrowRight" || event.key === "ArrowDown" ? group + 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? group - 1 : event.key.length === 1 ? letter : -1;
    if (to >= 0 && to < this.groups.length) {
      event.preventDefault();
      event.stopPropagation();
      this.move(name, to);
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`[data-chip="${name}"]`)?.focus());
    }
  }

  /** A click, without a drag, moves a process to the next side. */
  private onClick(event: MouseEvent, name: string, group: number): void {
    if (event.detail !== 0 && this.drag?.moved === true) {
      return;
    }
    this.move(name, (group + 1) % this.groups.length);
    void this.updateComplete.then(() => {
      const chip = this.renderRoot.querySelector<HTMLElement>(`[data-chip="${name}"]`);
      chip?.focus();
      if (event.detail !== 0 && chip !== null) {
        pressOn(chip);
      }
    });
  }

  private onDown(event: PointerEvent, name: string): void {
    this.drag = { name, x: event.clientX, y: event.clientY, moved: false };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  private readonly onMove = (event: PointerEvent): void => {
    if (this.drag === null || event.buttons === 0) {
      return;
    }
    const dx = event.clientX - this.drag.x;
    const dy = event.clientY - this.drag.y;
    if (!this.drag.moved && Math.hypot(dx, dy) < 5) {
      return;
    }
    this.drag.moved = true;
    const chip = event.currentTarget as HTMLElement;
    chip.classList.add("dragged");
    chip.style.translate = `${dx}px ${dy}px`;
    this.over = this.groupAt(event);
  };

  private readonly onUp = (event: PointerEvent): void => {
    const chip = event.currentTarget as HTMLElement;
    chip.classList.remove("dragged");
    chip.style.translate = "";
    const { drag } = this;
    this.over = -1;
    if (drag?.moved === true && event.type === "pointerup") {
      this.move(drag.name, this.groupAt(event));
    }
  };

  private groupAt(event: PointerEvent): number {
    for (const group of this.renderRoot.querySelectorAll<HTMLElement>(".group")) {
      const box = group.getBoundingClientRect();
      if (event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom) {
        return Number(group.dataset["group"]);
      }
    }
    return -1;
  }

  // Links

  private matrix(): TemplateResult {
    return html`<playground-matrix
      .processes=${this.processes}
      .cut=${this.wanted}
      @toggle-link=${(event: CustomEvent<number>) => {
        const next = new Set(this.wanted);
        if (!next.delete(event.detail)) {
          next.add(event.detail);
        }
        this.change(next);
      }}
    ></playground-matrix>
    <playground-link-latency .run=${this.run}></playground-link-latency>`;
  }

  private setMode(mode: "sides" | "links"): void {
    this.mode = mode;
    if (mode === "links" && !this.touched) {
      this.links = this.current;
    } else if (mode === "sides") {
      this.links = null;
    }
    this.preview(this.touched);
  }

  // Prepared partitions

  private presets(): TemplateResult[] {
    const { catalogue } = this.run;
    const sides = (groups: string[][]) => (): void => {
      this.mode = "sides";
      this.groups = groups;
      this.change(null);
    };
    const cuts = (links: ReadonlySet<number>) => (): void => {
      this.mode = "links";
      this.change(links);
    };
    const { whom, groups, node, why } = cutOff(this.run);
    const all: Preset[] = [
      { words: `Isolate the ${whom}`, title: `The ${whom} alone, with a client that waits for nothing`, act: sides(groups), why: node === null ? why : null },
      { words: "In half", title: "A minority and a majority, each with clients", act: sides(halves(catalogue)) },
      { words: "Bridge", title: "Two halves, and one process in the middle that both can reach", act: cuts(bridge(catalogue)) },
      { words: "Ring", title: "Each process sees a majority, no two the same one", act: cuts(majorityRing(catalogue)) },
      { words: "One way", title: "What A says does not reach the other sides; what they say reaches A", act: cuts(linksFrom(this.groups, catalogue.processes)) },
    ];
    return [
      ...all.map((preset) => control({ ...preset, kind: "quiet" })),
      html`<button type="button" class="quiet" title="Each way between two processes by itself" aria-pressed=${this.mode === "links"} @click=${() => this.setMode(this.mode === "links" ? "sides" : "links")}>Link by link</button>`,
      ...(this.mode === "sides" ? [this.groupCount()] : []),
    ];
  }

  private groupCount(): TemplateResult {
    const last = this.groups.at(-1) ?? [];
    return html`${control({
      words: "+ Side",
      kind: "quiet",
      title: "Another side",
      why: this.groups.length >= LETTERS.length ? `There are ${LETTERS.length} sides, and no letters for more.` : null,
      act: () => (this.groups = [...this.groups, []]),
    })}
    ${this.groups.length > 2 && last.length === 0
      ? html`<button type="button" class="quiet" title="Take the empty side away" @click=${() => (this.groups = this.groups.slice(0, -1))}>− Side</button>`
      : nothing}`;
  }

  // What it would do, and doing it

  private change(links: ReadonlySet<number> | null): void {
    this.links = links;
    this.touched = true;
    this.preview(true);
  }

  private preview(shown: boolean): void {
    this.run.view.setPlan(shown ? this.wanted : null);
  }

  private cut(): void {
    const { run } = this;
    let done: boolean;
    if (this.links === null) {
      done = run.act({ partition: { groups: this.groups.filter((group) => group.length > 0) } });
    } else {
      const restore = without(this.current, this.wanted).map((key) => this.link(key));
      const cut = without(this.wanted, this.current).map((key) => this.link(key));
      done = (restore.length === 0 || run.act({ restore: { links: restore } })) && (cut.length === 0 || run.act({ cut: { links: cut } }));
    }
    if (done && this.timed && this.current.size > 0) {
      run.deeds.healAfter(Math.round(this.forSeconds * TICKS_PER_SECOND));
    }
    this.touched = false;
    this.preview(false);
  }

  private heal(): void {
    this.run.act("heal");
    this.touched = false;
    this.preview(false);
  }

  private removeFaults(): void {
    this.run.act("remove_faults");
    this.touched = false;
    this.preview(false);
  }

  private link(key: number): Link {
    const { from, to } = linkOf(key);
    return { from: this.processes[from] ?? "", to: this.processes[to] ?? "" };
  }

  private readonly onSeconds = (event: Event): void => {
    const value = Number((event.target as HTMLInputElement).value);
    this.forSeconds = Number.isFinite(value) ? Math.min(60, Math.max(0.1, value)) : 2;
    this.timed = true;
  };
}
