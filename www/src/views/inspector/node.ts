// A process: what a crash leaves it, apart from what it would lose; its timers; and what can be done to it.

import { html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { capital, count, plain, show, span } from "../../design/words.js";
import type { Field, NodeView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { epochWords, hasDisks, looksOf } from "../../protocols/protocol.js";
import { actionsButton } from "../actions/ask.js";

/** The radius of a timer's arc. */
const ARC = 8;

export function nodeBody(run: Run, node: NodeView): TemplateResult {
  const replica = run.isReplica(node.place);
  return html`
    <p class="prose">${sentence(run, node)}</p>
    ${honesty(node)} ${actionsButton(`Actions on ${node.name}`)}
    ${node.durable.length === 0
      ? nothing
      : html`<h3>Durable: survives a crash</h3>
          <div class="durable">${fields(run, node.durable)}</div>`}
    <h3>Volatile${replica ? ": lost in a crash" : ""}</h3>
    ${node.volatile.length === 0 ? html`<p class="volatile nothing">Nothing is left.</p>` : html`<div class="volatile">${fields(run, node.volatile)}</div>`}
    ${timers(run, node)} ${peers(run, node)} ${store(node)}
  `;
}

const HONESTY: Record<NodeView["honesty"], string> = {
  honest: "",
  lies: "lies. Inside it is honest, and what you see here is that half; what it says is rewritten on the way out.",
  "lies and colludes": "lies, and can sign in the name of those with whom it shares keys.",
  colludes: "has given its keys away: others can sign in its name.",
  lied: "has lied, and does no more. What it signed is still in the world.",
};

/** For the reader alone: no other process is told. */
function honesty(node: NodeView): TemplateResult | typeof nothing {
  return node.honesty === "honest" ? nothing : html`<p class="lie"><b class="bad">≠ ${node.name}</b> ${HONESTY[node.honesty]}</p>`;
}

function sentence(run: Run, node: NodeView): TemplateResult {
  const looks = looksOf(run.catalogue.protocol);
  if (node.condition === "down" && !run.isReplica(node.place)) {
    return html`${node.name} has <b>crashed</b>, and forgotten what it had asked for. It comes back with a new session.`;
  }
  if (node.condition === "down") {
    return html`${node.name} has <b>crashed</b>. ${hasDisks(run.scenario) ? "Only what it had written to its disk is left." : "It has no disk: nothing is left."}`;
  }
  if (!run.isReplica(node.place)) {
    return html`Client ${node.name} is <b>${node.role}</b>${node.leader === null ? "" : html`, and takes ${run.name(node.leader)} for the ${looks.leader}`}.`;
  }
  const paused = node.condition === "paused" ? html` It is <b>paused</b>: ${count(node.inbox_held, "input")} ${node.inbox_held === 1 ? "waits" : "wait"} for it.` : "";
  const leader = node.leader === null || node.leader === node.place ? "" : html`, following ${run.name(node.leader)}`;
  return html`${node.name} is <b>${node.role}</b> in ${epochWords(run.catalogue, node.epoch)}${looks.crowned(node.role) ? "" : leader}.${paused}`;
}

export function fields(run: Run, all: readonly Field[]): TemplateResult {
  return html`<dl>
    ${all.map(({ name, value }) => html`<dt>${capital(plain(name))}</dt>
      <dd>${show(value, (process) => run.name(process))}</dd>`)}
  </dl>`;
}

function timers(run: Run, node: NodeView): TemplateResult | typeof nothing {
  if (node.timers.length === 0) {
    return nothing;
  }
  const term = styled({ "--term": termToken(run.isReplica(node.place) ? node.epoch : 0) });
  return html`<h3>Timers</h3>
    <div class="timers" ${term}>
      ${node.timers.map(({ name, set_at, fires_at }) => {
        const left = Math.max(0, fires_at - run.playhead.clock);
        return html`${arc(Math.min(1, left / Math.max(1, fires_at - set_at)))}
          <span>${capital(plain(name))}</span>
          <span class="mono">${span(Math.round(left / 100) * 100)}</span>`;
      })}
    </div>`;
}

/** What is left of a timer, as an arc that shrinks: the same as around the process in the cluster. */
function arc(part: number): SVGTemplateResult {
  const length = 2 * Math.PI * ARC;
  return svg`<svg class="arc" viewBox="0 0 22 22" aria-hidden="true" data-left=${part.toFixed(3)}>
    <circle cx="11" cy="11" r=${ARC} />
    <circle class="left" cx="11" cy="11" r=${ARC} transform="rotate(-90 11 11)" stroke-dasharray="${part * length} ${length}" />
  </svg>`;
}

function peers(run: Run, node: NodeView): TemplateResult | typeof nothing {
  const first = node.peers[0];
  if (first === undefined) {
    return nothing;
  }
  return html`<h3>What it believes of its peers</h3>
    <table>
      <thead>
        <tr>
          <th scope="col">peer</th>
          ${first.fields.map(({ name }) => html`<th scope="col">${plain(name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${node.peers.map(
          ({ place, fields: row }) => html`<tr>
            <th scope="row">${run.name(place)}</th>
            ${row.map(({ value }) => html`<td>${show(value, (each) => run.name(each))}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>`;
}

function store({ store: pairs }: NodeView): TemplateResult | typeof nothing {
  return pairs.length === 0
    ? nothing
    : html`<h3>Key-value store</h3>
        <dl>
          ${pairs.map(({ key, value }) => html`<dt class="mono">${key}</dt>
            <dd>${value}</dd>`)}
        </dl>`;
}
