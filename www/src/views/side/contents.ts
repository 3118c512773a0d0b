// What floats beside the rail. It is fetched when it is opened first: the page can be used without it.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../../engine/run.js";
import "../liars/liars.js";
import "../partition/partition.js";
import "./client-command.js";
import "./disks.js";
import "./network.js";
import "./rule-book.js";
import "./servers.js";
import "./settings.js";
import "./undecided.js";
import "./workload.js";

export { keepBeside } from "../floating.js";

export function faults(run: Run): TemplateResult {
  return html`<playground-partition .run=${run}></playground-partition>
    <h2 class="and">And</h2>
    <playground-servers .run=${run}></playground-servers>
    <playground-network .run=${run}></playground-network>
    <playground-disks .run=${run}></playground-disks>
    <playground-commands .run=${run}></playground-commands>
    <playground-undecided .run=${run}></playground-undecided>
    <playground-liars .run=${run}></playground-liars>`;
}

export function ruleBook(run: Run): TemplateResult {
  return html`<playground-rule-book .run=${run}></playground-rule-book>`;
}

export function setUp(run: Run): TemplateResult {
  return html`<playground-settings .run=${run}></playground-settings>
    <playground-workload .run=${run}></playground-workload>`;
}
