// Each protocol's own dials in the set-up. They come with the set-up, and not with the rest that is asked of a protocol,
// which the page needs at once.

import type { TemplateResult } from "lit";

import type { Scenario } from "../engine/engine.js";
import { dials as multiPaxos } from "./multi_paxos/dials.js";
import { dials as paxos } from "./paxos/dials.js";
import { dials as pbft } from "./pbft/dials.js";
import { dials as raft } from "./raft/dials.js";
import { dials as tendermint } from "./tendermint/dials.js";
import { dials as viewstamped } from "./viewstamped/dials.js";

type Dials = (scenario: Scenario, start: (change: Partial<Scenario>) => void) => TemplateResult;

const DIALS: Readonly<Record<string, Dials>> = { raft, paxos, "multi-paxos": multiPaxos, viewstamped, pbft, tendermint };

export function dialsOf(protocol: string): Dials {
  return DIALS[protocol] ?? raft;
}
