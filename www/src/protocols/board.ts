// The protocols' boards. Each is an element of its own, which is fetched with the first run of its protocol: the page
// opens with one of them, and need not wait for the others.

import { nothing } from "lit";
import type { TemplateResult } from "lit";

import type { Run } from "../engine/run.js";
import { looksOf } from "./protocol.js";

/** Protocols whose board is there. */
const fetched = new Set<string>();

export async function fetchBoard(protocol: string): Promise<void> {
  await looksOf(protocol).board.fetch();
  fetched.add(protocol);
}

/** The board of the run's protocol. Where it has to be fetched first, `again` is called once it is there. */
export function board(run: Run, again: () => void): TemplateResult | typeof nothing {
  const { protocol } = run.catalogue;
  if (fetched.has(protocol)) {
    return looksOf(protocol).board.draw(run);
  }
  fetchBoard(protocol).then(again, (error: unknown) => run.notices.report(error));
  return nothing;
}
