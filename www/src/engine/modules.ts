// The wasm modules: one for each family of protocols, fetched when a run of that family is opened for the first time. The families are
// those of www/setup, which www/build builds.

import paxosGlue from "../../pkg/paxos/paxos.js?url";
import paxosWasm from "../../pkg/paxos/paxos_bg.wasm?url";
import raftGlue from "../../pkg/raft/raft.js?url";
import raftWasm from "../../pkg/raft/raft_bg.wasm?url";

/** All modules have the same exports. */
export type * as Package from "../../pkg/raft/raft.js";

export interface ModuleAddresses {
  glue: string;
  wasm: string;
}

export const MODULES = {
  raft: { glue: raftGlue, wasm: raftWasm },
  paxos: { glue: paxosGlue, wasm: paxosWasm },
} satisfies Record<string, ModuleAddresses>;

export type Family = keyof typeof MODULES;
