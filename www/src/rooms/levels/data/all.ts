// All levels, in the order in which they are to be played.

import type { Level } from "../level.js";
import { readLevel } from "../read.js";
import raftCountingVotes from "./raft-counting-votes.json";
import raftEntryBefore from "./raft-entry-before.json";
import raftFigure8 from "./raft-figure-8.json";
import raftIsItCommitted from "./raft-is-it-committed.json";
import raftLogBehind from "./raft-log-behind.json";
import raftOneVote from "./raft-one-vote.json";
import raftRead from "./raft-read.json";

const RAFT = [raftOneVote, raftCountingVotes, raftLogBehind, raftIsItCommitted, raftEntryBefore, raftRead, raftFigure8];

export const LEVELS: readonly Level[] = RAFT.map((level) => readLevel(level));
