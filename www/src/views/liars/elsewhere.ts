// The same liar in another protocol: a prepared run there, a click away.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../../engine/run.js";
import { looksOf } from "../../protocols/protocol.js";

export function elsewhere(run: Run): TemplateResult | typeof nothing {
  const there = looksOf(run.catalogue.protocol).liarElsewhere;
  if (there === undefined) {
    return nothing;
  }
  const open = async (): Promise<void> => {
    try {
      const engine = await run.engines.of(there.protocol);
      const entry = engine.gallery().find(({ name }) => name === there.entry);
      if (entry !== undefined) {
        run.load(entry.scenario);
      }
    } catch (error) {
      run.notices.report(error);
    }
  };
  return html`<p class="row"><button type="button" data-testid="elsewhere" @click=${() => void open()}>${there.words}</button></p>`;
}
