// The wasm modules: one for each protocol, fetched when a run of it is opened for the first time; one each for the text
// of links and the table of quorums; one each for the explorer, the hunt and the course, which know all protocols. The
// course's reads and writes files, too. Their names are those of www/setup, which www/build builds.

import courseGlue from "../../pkg/course/course.js?url";
import courseWasm from "../../pkg/course/course_bg.wasm?url";
import exploreGlue from "../../pkg/explore/explore.js?url";
import exploreWasm from "../../pkg/explore/explore_bg.wasm?url";
import huntGlue from "../../pkg/hunt/hunt.js?url";
import huntWasm from "../../pkg/hunt/hunt_bg.wasm?url";
import linksGlue from "../../pkg/links/links.js?url";
import linksWasm from "../../pkg/links/links_bg.wasm?url";
import multiPaxosGlue from "../../pkg/multi-paxos/multi-paxos.js?url";
import multiPaxosWasm from "../../pkg/multi-paxos/multi-paxos_bg.wasm?url";
import paxosGlue from "../../pkg/paxos/paxos.js?url";
import paxosWasm from "../../pkg/paxos/paxos_bg.wasm?url";
import pbftGlue from "../../pkg/pbft/pbft.js?url";
import pbftWasm from "../../pkg/pbft/pbft_bg.wasm?url";
import raftGlue from "../../pkg/raft/raft.js?url";
import raftWasm from "../../pkg/raft/raft_bg.wasm?url";
import tendermintGlue from "../../pkg/tendermint/tendermint.js?url";
import tendermintWasm from "../../pkg/tendermint/tendermint_bg.wasm?url";
import thresholdGlue from "../../pkg/threshold/threshold.js?url";
import thresholdWasm from "../../pkg/threshold/threshold_bg.wasm?url";
import viewstampedGlue from "../../pkg/viewstamped/viewstamped.js?url";
import viewstampedWasm from "../../pkg/viewstamped/viewstamped_bg.wasm?url";

/** All modules have these exports. */
export type * as Package from "../../pkg/raft/raft.js";

export interface ModuleAddresses {
  glue: string;
  wasm: string;
}

export const MODULES = {
  raft: { glue: raftGlue, wasm: raftWasm },
  paxos: { glue: paxosGlue, wasm: paxosWasm },
  "multi-paxos": { glue: multiPaxosGlue, wasm: multiPaxosWasm },
  viewstamped: { glue: viewstampedGlue, wasm: viewstampedWasm },
  pbft: { glue: pbftGlue, wasm: pbftWasm },
  tendermint: { glue: tendermintGlue, wasm: tendermintWasm },
  links: { glue: linksGlue, wasm: linksWasm },
  threshold: { glue: thresholdGlue, wasm: thresholdWasm },
  explore: { glue: exploreGlue, wasm: exploreWasm },
  hunt: { glue: huntGlue, wasm: huntWasm },
  course: { glue: courseGlue, wasm: courseWasm },
} satisfies Record<string, ModuleAddresses>;

/** The name of a module. */
export type Family = keyof typeof MODULES;
