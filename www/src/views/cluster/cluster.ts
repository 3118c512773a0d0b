// The cluster as a ring: who is up, who leads in which term, whose timer runs out, and what is on its way.

import { html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { wasPressed } from "../../commands/keys.js";
import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { apostrophes } from "../../design/words.js";
import { linkKey } from "../../engine/codes.js";
import type { Topic } from "../../engine/emitter.js";
import type { Catalogue, NodeView } from "../../engine/engine.js";
import { epochName, epochWords, looksOf } from "../../protocols/protocol.js";
import { tallyWords } from "../../protocols/words.js";
import { groupControls } from "../groups.js";
import { Panel, base } from "../panel.js";
import { clusterStyles } from "./styles.js";

interface Point {
  x: number;
  y: number;
}

const CENTRE: Point = { x: 140, y: 120 };
const RING = 84;
const CLIENTS_Y = 254;
/** With more replicas than this, names stand outside the ring, and links are taken for granted. */
const CROWD = 15;
/** Votes that are drawn as dots; more are a number. */
const DOTS_MAX = 7;

@customElement("playground-cluster")
export class PlaygroundCluster extends Panel {
  static override styles = [base, clusterStyles];

  /** Something beside it says which rules are off. */
  @property({ type: Boolean }) compact = false;

  /** It has the stage to itself: messages say what they are. */
  @property({ type: Boolean, reflect: true }) large = false;

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "plan", "playing"];
  protected override readonly pace = 30;

  constructor() {
    super();
    groupControls(this);
  }

  protected override content(): TemplateResult {
    const { run } = this;
    const nodes = run.moment.nodes();
    const replicas = nodes.slice(0, run.catalogue.replicas);
    const points = this.points();
    return html`<section aria-labelledby="title">
      <h2 id="title">Cluster</h2>
      <svg viewBox="0 0 280 276" role="group" aria-label="Processes" data-group>
        ${this.links(points)} ${this.clientLinks(nodes, points)} ${this.messages(points)}
        ${nodes.map((node) => (run.isReplica(node.place) ? this.replica(node, points, replicas) : this.client(node, points)))}
      </svg>
      <p class="caption">${looksOf(run.catalogue.protocol).caption(replicas, run.catalogue)}</p>
      ${this.compact ? nothing : this.switchedOff()}
    </section>`;
  }

  private points(): Point[] {
    const { replicas, processes } = this.run.catalogue;
    const clients = processes.length - replicas;
    return processes.map((_, process) => {
      if (process < replicas) {
        const angle = -Math.PI / 2 + (process * 2 * Math.PI) / replicas;
        return { x: CENTRE.x + RING * Math.cos(angle), y: CENTRE.y + RING * Math.sin(angle) };
      }
      const step = Math.min(72, 250 / clients);
      return { x: CENTRE.x + (process - replicas - (clients - 1) / 2) * step, y: CLIENTS_Y };
    });
  }

  private get radius(): number {
    return Math.min(23, (Math.PI * RING * 0.62) / this.run.catalogue.replicas);
  }

  private cutNow(): ReadonlySet<number> {
    return new Set(this.run.moment.network().cut.map(({ from, to }) => linkKey(from, to)));
  }

  private links(points: readonly Point[]): SVGTemplateResult[] {
    const { replicas } = this.run.catalogue;
    const cut = this.cutNow();
    const { plan } = this.run.view;
    const drawn: SVGTemplateResult[] = [];
    for (let one = 0; one < replicas; one += 1) {
      for (let other = one + 1; other < replicas; other += 1) {
        // Of many replicas only those links are drawn that differ from the others.
        const differs = [linkKey(one, other), linkKey(other, one)].some((key) => cut.has(key) || plan?.has(key) === true);
        if (replicas <= CROWD || differs) {
          drawn.push(this.link(points, one, other, cut));
        }
      }
    }
    return drawn;
  }

  /**
   * A link between two processes: whole, cut, cut one way (a wedge points where nothing passes), or planned to be cut.
   */
  private link(points: readonly Point[], one: number, other: number, cut: ReadonlySet<number>): SVGTemplateResult {
    const from = points[one] ?? CENTRE;
    const to = points[other] ?? CENTRE;
    const there = cut.has(linkKey(one, other));
    const back = cut.has(linkKey(other, one));
    const { plan } = this.run.view;
    const planned = plan !== null && !there && (plan.has(linkKey(one, other)) || plan.has(linkKey(other, one)));
    const kind = there || back ? "cut" : planned ? "planned" : "";
    return svg`<line class="link ${kind}" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} />
      ${there !== back ? wedge(there ? from : to, there ? to : from) : nothing}`;
  }

  private clientLinks(nodes: readonly NodeView[], points: readonly Point[]): SVGTemplateResult[] {
    const cut = this.cutNow();
    return nodes
      .filter(({ place, leader }) => !this.run.isReplica(place) && leader !== null)
      .map(({ place, leader }) => this.link(points, place, leader ?? 0, cut));
  }

  private messages(points: readonly Point[]): SVGTemplateResult[] {
    const { records, status } = this.run;
    const { clock } = this.run.playhead;
    const onTheirWay = records.inFlight(status.cursor, clock).slice(0, 200);
    if (this.large) {
      this.run.labels.want(onTheirWay);
    }
    return onTheirWay.map((message) => {
      const from = points[records.messageFrom.at(message)] ?? CENTRE;
      const to = points[records.messageTo.at(message)] ?? CENTRE;
      const sent = records.messageSent.at(message);
      const part = Math.min(1, Math.max(0, (clock - sent) / Math.max(1, records.messageEnd(message) - sent)));
      const isHeartbeat = records.isHeartbeat(message);
      const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
      return svg`<circle data-message=${message} r=${(isHeartbeat ? 2 : 3.5) * (this.large ? 0.6 : 1)} cx=${x} cy=${y}
        ${styled({ fill: termToken(records.messageEpoch.at(message)) })} />
        ${this.large && !isHeartbeat ? svg`<text class="says" x=${x + 4} y=${y - 3}>${this.run.labels.of(message)}</text>` : nothing}`;
    });
  }

  private replica(node: NodeView, points: readonly Point[], replicas: readonly NodeView[]): SVGTemplateResult {
    const { x, y } = points[node.place] ?? CENTRE;
    const { radius } = this;
    const looks = looksOf(this.run.catalogue.protocol);
    const crowned = looks.crowned(node.role) && node.condition !== "down";
    const stale = replicas.some((other) => other.epoch > node.epoch && looks.crowned(other.role));
    const tally = looks.tally(node, this.run.catalogue.replicas);
    const note = node.condition === "up" ? epochNote(this.run.catalogue, node.epoch) : node.condition;
    return this.button(node, svg`
      <circle class="halo" cx=${x} cy=${y} r=${radius + 10} />
      <circle class="ring" cx=${x} cy=${y} r=${radius} />
      ${honestyMark(node, x, y, radius)} ${node.condition === "up" ? this.timer(node, x, y) : nothing}
      ${this.nameOf(node, x, y)}
      ${radius > 18 ? svg`<text class="term" x=${x} y=${y + 11}>${note}</text>` : nothing}
      ${node.condition === "paused" ? svg`<path class="pause" d="M${x - 4} ${y - radius + 3}h2.500v6h-2.500zM${x + 1.5} ${y - radius + 3}h2.500v6h-2.500z" />` : nothing}
      ${crowned ? svg`<path class="crown ${stale ? "stale" : ""}" d=${crown(x, y - radius - 7)} />` : nothing}
      ${tally === null || replicas.length > CROWD ? nothing : svg`<g><title>${tally.what}: ${tallyWords(tally)}</title>${votes(x, crowned ? y + radius + 9 : y - radius - 11, tally.have, tally.need)}</g>`}
    `);
  }

  private nameOf({ name }: NodeView, x: number, y: number): SVGTemplateResult {
    if (this.run.catalogue.replicas <= CROWD) {
      return svg`<text class="name" x=${x} y=${y + (this.radius > 18 ? 0 : 4)}>${name}</text>`;
    }
    const out = (RING + 20) / RING;
    return svg`<text class="name small" x=${CENTRE.x + (x - CENTRE.x) * out} y=${CENTRE.y + (y - CENTRE.y) * out + 3}>${name}</text>`;
  }

  private client(node: NodeView, points: readonly Point[]): SVGTemplateResult {
    const { x, y } = points[node.place] ?? CENTRE;
    return this.button(node, svg`
      <rect class="halo" x=${x - 23} y=${y - 17} width="46" height="34" rx="8" />
      <rect class="ring" x=${x - 18} y=${y - 12} width="36" height="24" rx="4" />
      <text class="name" x=${x} y=${y + 4.5}>${node.name}</text>
    `);
  }

  private button(node: NodeView, content: SVGTemplateResult): SVGTemplateResult {
    const { run } = this;
    const selected = run.view.selection?.kind === "node" && run.view.selection.node === node.place;
    const select = (): void => run.view.select(selected ? null : { kind: "node", node: node.place });
    const onKey = (event: KeyboardEvent): void => {
      // After a press of the pointer, Space is the page's.
      if (event.key === "Enter" || (event.key === " " && !wasPressed(event.currentTarget))) {
        event.preventDefault();
        select();
      }
    };
    return svg`<g class="process ${node.condition}" role="button" tabindex="0" aria-pressed=${selected} aria-label=${this.describe(node)}
      data-testid="process" data-node=${node.name} data-role=${node.role} data-epoch=${node.epoch} data-condition=${node.condition}
      ${styled({ "--term": run.isReplica(node.place) ? termToken(node.epoch) : "var(--ink-2)" })}
      @click=${select} @keydown=${onKey}>${content}</g>`;
  }

  private describe(node: NodeView): string {
    const state = node.condition === "up" || node.role === node.condition ? "" : `, ${node.condition}`;
    const honesty = node.honesty === "honest" ? "" : `, ${node.honesty}`;
    return this.run.isReplica(node.place) ? `${node.name}, ${node.role} in ${epochWords(this.run.catalogue, node.epoch)}${state}${honesty}` : `client ${node.name}, ${node.role}${state}`;
  }

  /** A timer, as an arc that shrinks. */
  private timer(node: NodeView, x: number, y: number): SVGTemplateResult | typeof nothing {
    const wanted = looksOf(this.run.catalogue.protocol).timers;
    const next = wanted.map((name) => node.timers.find((timer) => timer.name === name)).find((timer) => timer !== undefined);
    if (next === undefined) {
      return nothing;
    }
    const whole = Math.max(1, next.fires_at - next.set_at);
    const left = Math.min(1, Math.max(0, (next.fires_at - this.run.playhead.clock) / whole));
    const length = 2 * Math.PI * (this.radius + 5);
    return svg`<circle class="timer" cx=${x} cy=${y} r=${this.radius + 5} transform="rotate(-90 ${x} ${y})"
      stroke-dasharray="${left * length} ${length}"><title>${next.name} timer</title></circle>`;
  }

  /** Says which rules are switched off: nobody should take this run for the protocol's own. */
  private switchedOff(): TemplateResult | typeof nothing {
    const off = this.run.scenario.mutations ?? [];
    const texts = this.run.catalogue.mutations.filter(({ name }) => off.includes(name)).map(({ text }) => apostrophes(text));
    const settings = looksOf(this.run.catalogue.protocol).settingsOff?.(this.run.scenario) ?? [];
    if (texts.length + settings.length === 0) {
      return nothing;
    }
    const also = settings.length === 0 ? "" : `${texts.length === 0 ? "Switched off:" : "Also off:"} ${settings.join(" ")}`;
    return html`<p class="broken-on-purpose">${texts.length === 0 ? nothing : html`<b>Broken on purpose.</b> ${texts.join(" ")}`} ${also}</p>`;
  }
}

/**
 * Who lies is marked for the reader: no process sees it. One that has lied and does no more keeps the sign, without the
 * ring.
 */
function honestyMark({ honesty }: NodeView, x: number, y: number, radius: number): SVGTemplateResult | typeof nothing {
  if (honesty === "honest") {
    return nothing;
  }
  const lies = honesty.startsWith("lies");
  return svg`<g>${lies ? svg`<circle class="liar" cx=${x} cy=${y} r=${radius + 9} />` : nothing}<text class="unequal" x=${x + radius * 0.8 + 5} y=${y - radius * 0.8 + 3}>≠</text><title>${honesty}</title></g>`;
}

/** A ballot takes the space of its word. */
function epochNote(catalogue: Catalogue, epoch: number): string {
  const { epochLetter } = looksOf(catalogue.protocol);
  if (epochLetter !== undefined) {
    return `${epochLetter} ${epoch}`;
  }
  if (catalogue.epoch_places === null) {
    return epochWords(catalogue, epoch);
  }
  return epoch === 0 ? "–" : epochName(catalogue, epoch);
}

function crown(x: number, y: number): string {
  return `M${x - 9} ${y}l-1.5 -10 6 4.5 4.5 -7 4.5 7 6 -4.5 -1.5 10z`;
}

/** Dots for votes: filled where granted, as many as are needed. */
function votes(x: number, y: number, have: number, need: number): SVGTemplateResult | SVGTemplateResult[] {
  if (need > DOTS_MAX) {
    return svg`<text x=${x} y=${y + 3}>${have}/${need}</text>`;
  }
  return Array.from({ length: need }, (_, ordinal) => svg`<circle r="3" cx=${x + (ordinal - (need - 1) / 2) * 9} cy=${y}
    ${styled({ fill: ordinal < have ? "var(--term)" : "var(--paper)", stroke: "var(--term)" })} stroke-width="1.25" />`);
}

/** A wedge in the middle of a link that is cut one way. */
function wedge(from: Point, to: Point): SVGTemplateResult {
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return svg`<path class="one-way" d="M5 0l-9 -4.5v9z" transform="translate(${(from.x + to.x) / 2} ${(from.y + to.y) / 2}) rotate(${angle})" />`;
}
