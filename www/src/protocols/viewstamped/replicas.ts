// What each replica knows besides its log, a row each; who is away, of those who may be; and the primary's client table.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import { termToken } from "../../design/palette.js";
import { styled } from "../../design/styled.js";
import { list, show } from "../../design/words.js";
import type { NodeView } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { processesIn } from "../fields.js";
import { hasDisks } from "../protocol.js";
import { known, standing, texts } from "./standing.js";
import { primaries, quorumOf } from "./viewstamped.js";

export function replicasTable(run: Run): TemplateResult {
  const replicas = run.moment.nodes().slice(0, run.catalogue.replicas);
  return html`${away(run, replicas)}
    <table aria-label="Replicas">
      <thead>
        <tr>
          <td></td>
          <th scope="col">status</th>
          <th scope="col">view</th>
          <th scope="col">last normal</th>
          <th scope="col">op</th>
          <th scope="col">commit</th>
          <th scope="col">crash vector</th>
          <th scope="col">counts</th>
        </tr>
      </thead>
      <tbody>
        ${replicas.map((node) => row(run, node))}
      </tbody>
    </table>
    ${clientTable(replicas)}`;
}

/** Who is down or recovers. Without disks, that must never be more than f. */
function away({ scenario, catalogue }: Run, replicas: readonly NodeView[]): TemplateResult | typeof nothing {
  const names = replicas.filter((node) => ["down", "recovering"].includes(standing(node).status)).map(({ name }) => name);
  if (names.length === 0 || hasDisks(scenario)) {
    return nothing;
  }
  const tolerated = catalogue.replicas - quorumOf(catalogue.replicas);
  const isTooMany = names.length > tolerated;
  const words = `Down or recovering: ${list(names)}. At most f = ${tolerated} may be at once${isTooMany ? ": nobody can recover any more." : "."}`;
  return html`<p class="facts ${isTooMany ? "bad" : ""}" data-testid="away">${words}</p>`;
}

function row(run: Run, node: NodeView): TemplateResult {
  const { status, op, commit, knows } = standing(node);
  const shown = (name: string): string => show(known(node, name), (process) => run.name(process));
  const lives = known(node, "crash vector");
  const vector = Array.isArray(lives) ? `(${lives.map((life) => show(life, () => "")).join(" ")})` : "";
  const cells = knows
    ? html`<td><span class="term">${node.epoch}</span></td>
        <td>${shown("latest normal view")}</td>
        <td>${op}</td>
        <td>${node.condition === "down" ? "" : commit}</td>`
    : html`<td class="none" colspan="4">knows nothing</td>`;
  return html`<tr data-testid="replica" data-node=${node.name} data-status=${status} ${styled({ "--term": termToken(node.epoch) })}>
    <th scope="row"><button class="link" @click=${() => run.view.select({ kind: "node", node: node.place })}>${node.name}</button></th>
    <td class=${status.replaceAll(" ", "-")}>${status}</td>
    ${cells}
    <td class="value" data-testid="crash-vector">${vector}</td>
    <td class="counts">${counts(run, node)}</td>
  </tr>`;
}

/** What it has so far of what it waits for. */
function counts(run: Run, node: NodeView): TemplateResult | string {
  const need = quorumOf(run.catalogue.replicas);
  const of = (what: string, said: readonly string[]): string => `${what} (${said.length} of ${need}): ${said.length === 0 ? "none yet" : said.join("; ")}`;
  if (node.condition === "down") {
    return "";
  }
  if (node.role === "recovering") {
    return `nonce ${show(known(node, "nonce"), () => "")}, ${of("answers", texts(node, "answers"))}`;
  }
  if (node.role === "view change") {
    const others = processesIn(known(node, "wanted by")).map((process) => run.name(process));
    const reports = texts(node, "reports");
    return `wanted by ${list([node.name, ...others])}${reports.length === 0 ? "" : `; ${of("reports", reports)}`}`;
  }
  const have = node.peers.map(({ place, fields }) => `${run.name(place)} ${show(fields[0]?.value ?? null, () => "")}`);
  return have.length === 0 ? "" : `acknowledged up to: ${have.join(", ")}`;
}

function clientTable(replicas: readonly NodeView[]): TemplateResult | typeof nothing {
  const [primary] = primaries(replicas);
  const rows = primary === undefined ? [] : texts(primary, "client table");
  return primary === undefined
    ? nothing
    : html`<p class="facts" data-testid="client-table">
        Client table of ${primary.name}, each client’s latest request and its result: <span class="value">${rows.length === 0 ? "empty" : rows.join(" · ")}</span>
      </p>`;
}
