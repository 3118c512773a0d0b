// The cluster: who leads, who can reach whom, what is on its way. Small at the side, or as large as there is space: what
// is drawn is the same, and where it is large, more of it is written out.

import { html, nothing, svg } from "lit";
import type { PropertyValues, SVGTemplateResult, TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { wasPressed } from "../../commands/keys.js";
import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { apostrophes } from "../../design/words.js";
import { linkKey } from "../../engine/codes.js";
import type { Topic } from "../../engine/emitter.js";
import type { NodeView } from "../../engine/engine.js";
import { epochWords, looksOf } from "../../protocols/protocol.js";
import { tallyWords } from "../../protocols/words.js";
import { askBeside } from "../actions/ask.js";
import { groupControls } from "../groups.js";
import { Panel, base } from "../panel.js";
import { sidesOf } from "../partition/presets.js";
import { cutNow } from "../partition/standing.js";
import { CROWD, placesIn } from "./geometry.js";
import type { Places, Point, Size } from "./geometry.js";
import { crown, epochNote, honestyMark, votes, wedge } from "./marks.js";
import { movingMessages } from "./messages.js";
import { clusterStyles } from "./styles.js";

/** From this width and height on there is space for words. */
const LARGE_PX = 300;
/** Before the picture has been measured. */
const SIZE_FIRST: Size = { width: 280, height: 276 };

/** What one drawing is made of. */
interface Drawn {
  /** The cut, the size and the processes that it is for. */
  of: string;
  places: Places;
  cut: ReadonlySet<number>;
  /** The ordinal of each process’ side; null where the network is not cut in sides. */
  sides: readonly number[] | null;
  isLarge: boolean;
}

@customElement("playground-cluster")
export class PlaygroundCluster extends Panel {
  static override styles = [base, clusterStyles];

  /** Something beside it says which rules are off. */
  @property({ type: Boolean }) compact = false;

  protected readonly topics: readonly Topic[] = ["time", "records", "scenario", "selection", "plan", "playing"];
  protected override readonly pace = 30;

  @query("svg") private picture!: SVGElement;
  @state() private size: Size = SIZE_FIRST;
  /** What draws the line through a cut network: it is fetched when there is one. */
  @state() private cutLine: typeof import("./cut-line.js") | null = null;
  private isCutLineAsked = false;
  private drawn: Drawn | null = null;
  /** The line through the cut network of what is drawn. */
  private partedBy: string | null = null;
  private readonly resizing = new ResizeObserver(([entry]) => this.measure(entry?.contentRect));
  private measured: SVGElement | null = null;

  constructor() {
    super();
    groupControls(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.measured = null;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.picture !== this.measured && this.picture instanceof SVGElement) {
      this.resizing.disconnect();
      this.resizing.observe(this.picture);
      this.measured = this.picture;
    }
  }

  private measure(box: DOMRectReadOnly | undefined): void {
    const { width, height } = box ?? this.size;
    if (width > 0 && height > 0 && (Math.abs(width - this.size.width) > 1 || Math.abs(height - this.size.height) > 1)) {
      this.size = { width, height };
    }
  }

  protected override content(): TemplateResult {
    const { run } = this;
    const nodes = run.moment.nodes();
    const replicas = nodes.slice(0, run.catalogue.replicas);
    const drawn = this.draw();
    const { width, height } = this.size;
    return html`<section aria-labelledby="title">
      <h2 id="title" class=${this.compact ? "out-of-sight" : ""}>Cluster</h2>
      <svg viewBox="0 0 ${width} ${height}" role="group" aria-label="Processes" data-group class=${drawn.isLarge ? "large" : ""}>
        ${this.links(drawn)} ${this.clientLinks(nodes, drawn)} ${this.parting(drawn)} ${movingMessages(run, drawn.places, drawn.isLarge)}
        ${nodes.map((node) => (run.isReplica(node.place) ? this.replica(node, drawn, replicas) : this.client(node, drawn)))}
      </svg>
      <p class="caption">${looksOf(run.catalogue.protocol).caption(replicas, run.catalogue)}</p>
      ${this.compact ? nothing : this.switchedOff()}
    </section>`;
  }

  /** Where all stands: worked out anew when the cut or the size is another, and not as time passes. */
  private draw(): Drawn {
    const { catalogue } = this.run;
    const cut = cutNow(this.run);
    const { width, height } = this.size;
    const of = [catalogue.protocol, catalogue.replicas, catalogue.processes.length, width, height, ...cut].join();
    if (this.drawn?.of === of) {
      return this.drawn;
    }
    this.partedBy = null;
    const named = cut.size === 0 ? null : sidesOf(cut, catalogue.processes);
    const sides = named === null ? null : catalogue.processes.map((name) => named.findIndex((side) => side.includes(name)));
    const places = placesIn(this.size, catalogue.replicas, catalogue.processes.length, sides);
    this.drawn = { of, places, cut, sides, isLarge: Math.min(width, height) >= LARGE_PX };
    return this.drawn;
  }

  // Between the processes

  private links(drawn: Drawn): SVGTemplateResult[] {
    const { replicas } = this.run.catalogue;
    const { plan } = this.run.view;
    const lines: SVGTemplateResult[] = [];
    for (let one = 0; one < replicas; one += 1) {
      for (let other = one + 1; other < replicas; other += 1) {
        // Of many replicas only those links are drawn that differ from the others.
        const differs = [linkKey(one, other), linkKey(other, one)].some((key) => drawn.cut.has(key) || plan?.has(key) === true);
        if (replicas <= CROWD || differs) {
          lines.push(this.link(drawn, one, other));
        }
      }
    }
    return lines;
  }

  /**
   * A link between two processes: whole, cut, cut one way (a wedge points where nothing passes), or planned to be cut.
   * Between the sides of a cut network there is none: the line that parts them says it.
   */
  private link({ places: { points, centre }, cut, sides }: Drawn, one: number, other: number): SVGTemplateResult {
    const from = points[one] ?? centre;
    const to = points[other] ?? centre;
    const there = cut.has(linkKey(one, other));
    const back = cut.has(linkKey(other, one));
    if (sides !== null && there && back) {
      return svg``;
    }
    const { plan } = this.run.view;
    const planned = plan !== null && !there && (plan.has(linkKey(one, other)) || plan.has(linkKey(other, one)));
    const kind = there || back ? "cut" : planned ? "planned" : "";
    return svg`<line class="link ${kind}" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} />
      ${there !== back ? wedge(there ? from : to, there ? to : from) : nothing}`;
  }

  private clientLinks(nodes: readonly NodeView[], drawn: Drawn): SVGTemplateResult[] {
    return nodes
      .filter(({ place, leader }) => !this.run.isReplica(place) && leader !== null)
      .map(({ place, leader }) => this.link(drawn, place, leader ?? 0));
  }

  /** The line between the sides of a cut network. */
  private parting({ sides, places }: Drawn): SVGTemplateResult | typeof nothing {
    if (sides === null) {
      return nothing;
    }
    if (this.cutLine === null) {
      if (!this.isCutLineAsked) {
        this.isCutLineAsked = true;
        import("./cut-line.js").then((loaded) => (this.cutLine = loaded)).catch((error: unknown) => this.run.notices.report(error));
      }
      return nothing;
    }
    this.partedBy ??= this.cutLine.cutLine(places.points, this.run.catalogue.replicas, sides, this.size);
    return svg`<path class="parting" d=${this.partedBy}><title>The network is cut here</title></path>`;
  }

  // The processes

  private replica(node: NodeView, { places: { points, centre, radius, ring }, isLarge }: Drawn, replicas: readonly NodeView[]): SVGTemplateResult {
    const at = points[node.place] ?? centre;
    const { x, y } = at;
    const { catalogue } = this.run;
    const looks = looksOf(catalogue.protocol);
    const crowned = looks.crowned(node.role) && node.condition !== "down";
    const stale = replicas.some((other) => other.epoch > node.epoch && looks.crowned(other.role));
    const tally = looks.tally(node, catalogue.replicas);
    const note = node.condition === "up" ? epochNote(catalogue, node.epoch) : node.condition;
    const above = { x, y: y - radius - 4 };
    const below = { x, y: y + radius + 8 };
    const crownSize = Math.min(1, Math.max(0.62, radius / 24));
    return this.button(node, svg`
      <circle class="halo" cx=${x} cy=${y} r=${radius + 6} />
      <circle class="ring" cx=${x} cy=${y} r=${radius} />
      ${honestyMark(node, at, radius)} ${node.condition === "up" ? this.timer(node, at, radius) : nothing}
      ${this.nameOf(node, at, { centre, radius, ring, isLarge })}
      ${radius > 26 ? svg`<text class="term" x=${x} y=${y + 13}>${note}</text>` : nothing}
      ${node.condition === "paused" ? svg`<path class="pause" d="M${x - 4} ${y - radius + 2}h2.5v6h-2.5zM${x + 1.5} ${y - radius + 2}h2.5v6h-2.5z" />` : nothing}
      ${crowned ? svg`<path class="crown ${stale ? "stale" : ""}" d=${crown(above, crownSize)}><title>${stale ? `believes it is ${node.role}` : node.role}</title></path>` : nothing}
      ${tally === null || replicas.length > CROWD ? nothing : svg`<g><title>${tally.what}: ${tallyWords(tally)}</title>${votes(crowned ? below : above, tally.have, tally.need)}</g>`}
    `);
  }

  private nameOf({ name }: NodeView, { x, y }: Point, { centre, radius, ring, isLarge }: { centre: Point; radius: number; ring: number; isLarge: boolean }): SVGTemplateResult | typeof nothing {
    if (this.run.catalogue.replicas <= CROWD) {
      const below = radius > 26 ? 0 : 4;
      return radius < 9 ? nothing : svg`<text class="name ${radius < 13 ? "small" : ""}" x=${x} y=${y + below}>${name}</text>`;
    }
    // Among many, at a small size, names would touch: whoever wants one points at the process.
    if (!isLarge) {
      return svg`<title>${name}</title>`;
    }
    const out = (ring + radius + 10) / ring;
    return svg`<text class="name small" x=${centre.x + (x - centre.x) * out} y=${centre.y + (y - centre.y) * out + 4}>${name}</text>`;
  }

  private client(node: NodeView, { places: { points, centre, client } }: Drawn): SVGTemplateResult {
    const { x, y } = points[node.place] ?? centre;
    return this.button(node, svg`
      <rect class="halo" x=${x - client.x - 4} y=${y - client.y - 4} width=${2 * client.x + 8} height=${2 * client.y + 8} rx="6" />
      <rect class="ring" x=${x - client.x} y=${y - client.y} width=${2 * client.x} height=${2 * client.y} rx="3" />
      <text class="name ${client.y < 11 ? "small" : ""}" x=${x} y=${y + 4}>${node.name}</text>
    `);
  }

  private button(node: NodeView, content: SVGTemplateResult): SVGTemplateResult {
    const { run } = this;
    const selected = run.view.selection?.kind === "node" && run.view.selection.node === node.place;
    const select = (): void => run.view.select({ kind: "node", node: node.place });
    const onClick = (event: Event): void => {
      select();
      askBeside(event, false);
    };
    const onKey = (event: KeyboardEvent): void => {
      // After a press of the pointer, Space is the page's.
      if (event.key === "Enter" || (event.key === " " && !wasPressed(event.currentTarget))) {
        event.preventDefault();
        if (selected) {
          askBeside(event, true);
        } else {
          select();
        }
      }
    };
    return svg`<g class="process ${run.isReplica(node.place) ? "" : "of-client"} ${node.condition}" role="button" tabindex="0" aria-pressed=${selected} aria-haspopup="true" aria-label=${this.describe(node)}
      data-testid="process" data-node=${node.name} data-role=${node.role} data-epoch=${node.epoch} data-condition=${node.condition}
      ${styled({ "--term": run.isReplica(node.place) ? termToken(node.epoch) : "var(--ink-2)" })}
      @click=${onClick} @keydown=${onKey}>${content}</g>`;
  }

  private describe(node: NodeView): string {
    const condition = node.condition === "up" || node.role === node.condition ? "" : `, ${node.condition}`;
    const honesty = node.honesty === "honest" ? "" : `, ${node.honesty}`;
    return this.run.isReplica(node.place) ? `${node.name}, ${node.role} in ${epochWords(this.run.catalogue, node.epoch)}${condition}${honesty}` : `client ${node.name}, ${node.role}${condition}`;
  }

  /** A timer, as an arc that shrinks. */
  private timer(node: NodeView, { x, y }: Point, radius: number): SVGTemplateResult | typeof nothing {
    const wanted = looksOf(this.run.catalogue.protocol).timers;
    const next = wanted.map((name) => node.timers.find((timer) => timer.name === name)).find((timer) => timer !== undefined);
    if (next === undefined) {
      return nothing;
    }
    const whole = Math.max(1, next.fires_at - next.set_at);
    const left = Math.min(1, Math.max(0, (next.fires_at - this.run.playhead.clock) / whole));
    const length = 2 * Math.PI * (radius + 3.5);
    return svg`<circle class="timer" cx=${x} cy=${y} r=${radius + 3.5} transform="rotate(-90 ${x} ${y})"
      stroke-dasharray="${left * length} ${length}"><title>${next.name} timer</title></circle>`;
  }

  /** Says which rules are switched off: nobody should take this run for the protocol's own. */
  private switchedOff(): TemplateResult | typeof nothing {
    const off = this.run.scenario.mutations ?? [];
    const texts = this.run.catalogue.mutations.filter(({ name }) => off.includes(name)).map(({ text }) => apostrophes(text));
    const settings = looksOf(this.run.catalogue.protocol).settingsOff?.(this.run.scenario).map(({ name, text }) => `${name}: ${text}`) ?? [];
    if (texts.length + settings.length === 0) {
      return nothing;
    }
    const also = settings.length === 0 ? "" : `${texts.length === 0 ? "Switched off:" : "Also off:"} ${settings.join(" ")}`;
    return html`<p class="broken-on-purpose">${texts.length === 0 ? nothing : html`<b>Broken on purpose.</b> ${texts.join(" ")}`} ${also}</p>`;
  }
}
