// What can be done to the process or the message that was clicked, beside the click: a toolbar. Arrow keys move in it,
// Escape closes it and gives the focus back.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";

import type { Topic } from "../../engine/emitter.js";
import type { MessageView, NodeView } from "../../engine/engine.js";
import { epochWords, hasDisks, looksOf } from "../../protocols/protocol.js";
import { control, offered } from "../controls.js";
import { floatingStyles } from "../floating-styles.js";
import { groupControls } from "../groups.js";
import { Panel, base } from "../panel.js";
import { idleClient, isolate } from "../partition/presets.js";
import { isAlone } from "../side/cut-off.js";
import { actionsStyles } from "./actions-styles.js";
import { ACTIONS_EVENT } from "./ask.js";
import type { Asked } from "./ask.js";
import { diskOffers, diskState, killOffer, lawlessDiskOffers, lieOffers, messageOffers, powerOffers, timerOffers } from "./offers.js";
import type { Offer } from "./offers.js";

type Subject = { kind: "node"; node: number } | { kind: "message"; message: number };

interface Group {
  title: string;
  offers: readonly Offer[];
}

interface Shown {
  /** `n3`, `message 12` */
  whom: string;
  what: TemplateResult;
  /** Where it can be acted on, if not here. */
  elsewhere?: TemplateResult;
  /** The first needs no title. */
  groups: readonly Group[];
}

@customElement("playground-actions")
export class PlaygroundActions extends Panel {
  static override styles = [base, floatingStyles, actionsStyles];

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario"];
  protected override readonly pace = 100;

  @query("[popover]") private floating!: HTMLElement;
  @state() private subject: Subject | null = null;
  @state() private isWhole = false;
  private letGo: (() => void) | undefined;
  /** Where the focus came from. */
  private backTo: Asked["backTo"] = null;
  private isEscaped = false;

  constructor() {
    super();
    groupControls(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(ACTIONS_EVENT, this.onAsked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(ACTIONS_EVENT, this.onAsked);
    this.letGo?.();
  }

  protected override content(): TemplateResult {
    const shown = this.subject === null ? null : this.subject.kind === "node" ? this.node(this.subject.node) : this.message(this.subject.message);
    return html`<div popover data-group class="float" role="toolbar" aria-orientation="horizontal" aria-label=${shown === null ? "Actions" : `Actions on ${shown.whom}`} @toggle=${this.onToggle} @keydown=${this.onKey}>
      ${shown === null ? nothing : this.groups(shown)}
    </div>`;
  }

  /** What is wanted most comes first; the rest is there for the asking. */
  private groups({ what, whom, elsewhere, groups: [first, ...rest] }: Shown): TemplateResult {
    const more = control({ words: "More", name: `More on ${whom}`, kind: "quiet", act: () => void this.showAll() });
    return html`<p class="what">${what}</p>
      <div class="row">${first?.offers.map((offer) => offered(this.run, offer, (act) => this.attempt(act)))} ${elsewhere} ${rest.length > 0 && !this.isWhole ? more : nothing}</div>
      ${this.isWhole ? rest.map(({ title, offers }) => html`<p class="group">${title}</p><div class="row">${offers.map((offer) => offered(this.run, offer, (act) => this.attempt(act)))}</div>`) : nothing}`;
  }

  /** The focus goes on where the button stood. */
  private async showAll(): Promise<void> {
    const at = this.buttons().length - 1;
    this.isWhole = true;
    await this.updateComplete;
    this.buttons()[at]?.focus();
  }

  private node(process: number): Shown | null {
    const node = this.run.moment.nodes()[process];
    if (node === undefined) {
      return null;
    }
    const { run } = this;
    const isReplica = run.isReplica(process);
    const what = node.condition !== "up" ? node.condition : isReplica ? `${node.role}, ${epochWords(run.catalogue, node.epoch)}` : node.role;
    const first: Group = { title: "", offers: [...powerOffers(run, node), this.cutOff(node)] };
    return { whom: node.name, what: html`<b>${node.name}</b> ${what}`, groups: isReplica ? [first, ...this.ofReplica(node)] : [first] };
  }

  private ofReplica(node: NodeView): Group[] {
    const { run } = this;
    const disk = diskState(run, node.name);
    const timers = timerOffers(node);
    return [
      ...(timers.length === 0 ? [] : [{ title: "Timers", offers: timers }]),
      ...(hasDisks(run.scenario)
        ? [{ title: "Process and disk", offers: [killOffer(run, node), ...diskOffers(node, disk)] }, { title: "Beyond the fault model", offers: lawlessDiskOffers(node, disk) }]
        : [{ title: "Process", offers: [killOffer(run, node)] }]),
      ...(looksOf(run.catalogue.protocol).liars === undefined ? [] : [{ title: "Liar", offers: lieOffers(node) }]),
    ];
  }

  private cutOff(node: NodeView): Offer {
    const { run } = this;
    const { name, place } = node;
    const isReplica = run.isReplica(place);
    const groups = isReplica ? isolate(run.catalogue, place, idleClient(run)) : isolate(run.catalogue, place, place);
    const [alone = []] = groups;
    return { words: "Cut off", name: `Cut off ${name}`, title: `Only ${alone.join(" and ")} still ${alone.length === 1 ? "hears itself" : "reach each other there"}`, action: { partition: { groups } }, why: isAlone(run, node, groups) ? `${name} is cut off already.` : null };
  }

  private message(index: number): Shown | null {
    const { run } = this;
    if (index >= run.status.messages) {
      return null;
    }
    const message: MessageView = run.moment.message(index);
    const what = html`<b>${message.kind}</b> ${run.name(message.from)} → ${run.name(message.to)}`;
    const { in_flight: isOnItsWay, sent_by: sentBy } = message;
    const back = control({ words: "Back to when it was sent", act: () => this.attempt(() => run.playhead.seek(sentBy + 1)) });
    return {
      whom: `message ${index.toLocaleString("en")}`,
      what,
      groups: [{ title: "", offers: messageOffers(message) }],
      ...(isOnItsWay || run.status.cursor === sentBy + 1 ? {} : { elsewhere: back }),
    };
  }

  // Opening and closing

  private readonly onAsked = (event: Event): void => void this.open((event as CustomEvent<Asked>).detail);

  private async open({ box, backTo }: Asked): Promise<void> {
    const { selection } = this.run.view;
    if (selection === null || (selection.kind !== "node" && selection.kind !== "message")) {
      return;
    }
    try {
      const { keepBeside } = await import("../floating.js");
      this.subject = selection;
      this.isWhole = false;
      await this.updateComplete;
      this.letGo?.();
      this.floating.showPopover();
      this.letGo = keepBeside({ getBoundingClientRect: () => box }, this.floating, "right-start");
      this.backTo = backTo;
      if (backTo !== null) {
        this.buttons()[0]?.focus();
      }
    } catch (error) {
      this.run.notices.report(error);
    }
  }

  private readonly onToggle = (event: Event): void => {
    if ((event as ToggleEvent).newState === "closed") {
      this.letGo?.();
      this.subject = null;
      if (this.isEscaped) {
        this.backTo?.focus();
      }
    }
    this.isEscaped = false;
  };

  private buttons(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll("button")];
  }

  /** Escape closes the toolbar, and nothing else. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.isEscaped = true;
    }
  };
}
