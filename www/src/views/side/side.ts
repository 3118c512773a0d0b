// What stands at the side, under the picture of the cluster.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../../engine/run.js";
import "./rail.js";

export function sideSections(run: Run): TemplateResult {
  return html`<playground-rail .run=${run}></playground-rail>`;
}
