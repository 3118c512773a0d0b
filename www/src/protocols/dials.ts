// Each protocol's own dials in the set-up, and what it takes for granted. They come with the set-up, and not with the
// rest that is asked of a protocol, which the page needs at once.

import type { TemplateResult } from "lit";

import type { Scenario } from "../engine/engine.js";
import type { Assumptions } from "./assumptions.js";
import * as multiPaxos from "./multi_paxos/dials.js";
import * as paxos from "./paxos/dials.js";
import * as pbft from "./pbft/dials.js";
import * as raft from "./raft/dials.js";
import * as tendermint from "./tendermint/dials.js";
import * as viewstamped from "./viewstamped/dials.js";

interface Dials {
  dials(scenario: Scenario, start: (change: Partial<Scenario>) => void): TemplateResult;
  assumptions: Assumptions;
}

const DIALS: Readonly<Record<string, Dials>> = { raft, paxos, "multi-paxos": multiPaxos, viewstamped, pbft, tendermint };

export function dialsOf(protocol: string): Dials {
  return DIALS[protocol] ?? raft;
}
