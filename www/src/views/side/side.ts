// The folded sections at the side: what clients are asked to do, what the network and the clients are like, and what
// the run is made of.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../../engine/run.js";
import "./client-command.js";
import "./mutations.js";
import "./network.js";
import "./settings.js";
import "./undecided.js";
import "./workload.js";

export function sideSections(run: Run): TemplateResult {
  return html`<playground-commands .run=${run}></playground-commands>
    <playground-network .run=${run}></playground-network>
    <playground-undecided .run=${run}></playground-undecided>
    <playground-workload .run=${run}></playground-workload>
    <playground-mutations .run=${run}></playground-mutations>
    <playground-settings .run=${run}></playground-settings>`;
}
