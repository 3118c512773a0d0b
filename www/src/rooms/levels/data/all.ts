// All levels, in the order in which they are to be played.

import type { Level } from "../level.js";
import { readLevel } from "../read.js";
import multiPaxosAnotherBallot from "./multi-paxos-another-ballot.json";
import multiPaxosGap from "./multi-paxos-gap.json";
import paxosBackFromCrash from "./paxos-back-from-crash.json";
import paxosPromise from "./paxos-promise.json";
import paxosWhichValue from "./paxos-which-value.json";
import pbftThreePhases from "./pbft-three-phases.json";
import pbftToldNothing from "./pbft-told-nothing.json";
import pbftTwoFaces from "./pbft-two-faces.json";
import raftAskedTwice from "./raft-asked-twice.json";
import raftCountingVotes from "./raft-counting-votes.json";
import raftEntryBefore from "./raft-entry-before.json";
import raftFigure8 from "./raft-figure-8.json";
import raftFirstEntry from "./raft-first-entry.json";
import raftIsItCommitted from "./raft-is-it-committed.json";
import raftLogBehind from "./raft-log-behind.json";
import raftOldSnapshot from "./raft-old-snapshot.json";
import raftOneVote from "./raft-one-vote.json";
import raftPreVote from "./raft-pre-vote.json";
import raftRead from "./raft-read.json";
import tendermintHiddenLock from "./tendermint-hidden-lock.json";
import tendermintPolka from "./tendermint-polka.json";
import viewstampedGap from "./viewstamped-gap.json";
import viewstampedRecovery from "./viewstamped-recovery.json";
import viewstampedWhichLog from "./viewstamped-which-log.json";

const RAFT = [raftOneVote, raftCountingVotes, raftLogBehind, raftIsItCommitted, raftEntryBefore, raftAskedTwice, raftOldSnapshot, raftPreVote, raftRead, raftFirstEntry, raftFigure8];
const CRASHES = [paxosPromise, paxosBackFromCrash, paxosWhichValue, multiPaxosAnotherBallot, multiPaxosGap, viewstampedGap, viewstampedWhichLog, viewstampedRecovery];
const LIARS = [pbftThreePhases, pbftToldNothing, pbftTwoFaces, tendermintPolka, tendermintHiddenLock];

export const LEVELS: readonly Level[] = [...RAFT, ...CRASHES, ...LIARS].map((level) => readLevel(level));
