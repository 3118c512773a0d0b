//! The lines of the paper, and the rules that can be switched off.

use crate::process::catalogue;

catalogue! {
    /// A line of algorithm 1 in Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus" (arXiv 1807.04938,
    /// 2018), or what stands around it here: gossip, the chain, evidence.
    Rule {
        RoundStarted = "round-started", "arXiv 1807.04938, algorithm 1, lines 11-13", "A validator starts a round, in the step propose.";
        ValidValueProposed = "valid-value-proposed", "arXiv 1807.04938, algorithm 1, lines 14-16, 19", "The proposer knows a value that had a polka, and proposes it again, with the round of the polka.";
        NewValueProposed = "new-value-proposed", "arXiv 1807.04938, algorithm 1, lines 14, 17-19", "The proposer knows no value that had a polka, and proposes a new one.";
        ProposeTimeoutSet = "propose-timeout-set", "arXiv 1807.04938, algorithm 1, lines 20-21", "Who does not propose waits for the proposal, for so long.";
        PrevotedNewProposal = "prevoted-new-proposal", "arXiv 1807.04938, algorithm 1, lines 22-24", "A new, valid value is proposed, and the validator is not locked on another: it prevotes for it.";
        PrevotedNilOnNewProposal = "prevoted-nil-on-new-proposal", "arXiv 1807.04938, algorithm 1, lines 22, 25-26", "A new value is proposed, and it is not valid or the validator is locked on another: it prevotes nil.";
        PrevotedOldProposal = "prevoted-old-proposal", "arXiv 1807.04938, algorithm 1, lines 28-30", "A value is proposed again with a polka at least as late as the lock: the validator prevotes for it.";
        PrevotedNilOnOldProposal = "prevoted-nil-on-old-proposal", "arXiv 1807.04938, algorithm 1, lines 28, 31-32", "A value is proposed again, and its polka is older than the lock on another value, or it is not valid: the validator prevotes nil.";
        PrevoteTimeoutSet = "prevote-timeout-set", "arXiv 1807.04938, algorithm 1, lines 34-35", "More than two thirds have prevoted, but not for the same: the validator waits a little for more.";
        LockedAndPrecommitted = "locked-and-precommitted", "arXiv 1807.04938, algorithm 1, lines 36-41", "More than two thirds have prevoted for the proposed value (a polka): the validator locks on it and precommits it.";
        ValidValueSet = "valid-value-set", "arXiv 1807.04938, algorithm 1, lines 36, 42-43", "A polka for the proposed value was seen: it is the value to propose next, even where it came too late to lock on it.";
        PrecommittedNilOnPolka = "precommitted-nil-on-polka", "arXiv 1807.04938, algorithm 1, lines 44-46", "More than two thirds have prevoted nil: the validator precommits nil.";
        PrecommitTimeoutSet = "precommit-timeout-set", "arXiv 1807.04938, algorithm 1, lines 47-48", "More than two thirds have precommitted, but not the same: the validator waits a little for more.";
        Decided = "decided", "arXiv 1807.04938, algorithm 1, lines 49-54", "More than two thirds have precommitted the proposed value, in whatever round: it is decided.";
        RoundSkipped = "round-skipped", "arXiv 1807.04938, algorithm 1, lines 55-56", "More than a third are in a later round, so at least one honest validator is: this one goes there too.";
        ProposeTimedOut = "propose-timed-out", "arXiv 1807.04938, algorithm 1, lines 57-60", "No proposal came in time: the validator prevotes nil.";
        PrevoteTimedOut = "prevote-timed-out", "arXiv 1807.04938, algorithm 1, lines 61-64", "No polka came in time: the validator precommits nil.";
        PrecommitTimedOut = "precommit-timed-out", "arXiv 1807.04938, algorithm 1, lines 65-67", "No decision came in time: the validator starts the next round.";
        ForgeryRejected = "forgery-rejected", "arXiv 1807.04938, section II-A", "A message is not signed by whom it names: it is dropped.";
        WrongProposer = "wrong-proposer", "arXiv 1807.04938, section III-A", "A proposal is not from the proposer of its round: it is dropped.";
        BlockInvalid = "block-invalid", "arXiv 1807.04938, section II-C: valid()", "A proposed block does not fit the chain, its name, or holds what no client signed.";
        EquivocationSeen = "equivocation-seen", "arXiv 1807.04938, section I; Buchman 2016, 3.5", "Two votes of one validator for the same step differ, or two proposals for one round: both are kept as evidence against it.";
        RequestPassedOn = "request-passed-on", "Buchman 2016, 4.3", "A client's request is passed on to all validators, since any of them may be the next proposer.";
        HeightAwaitsRequest = "height-awaits-request", "not in the paper; as Tendermint without empty blocks", "Nothing waits for a block: the next height begins when something does.";
        ToldAgain = "told-again", "arXiv 1807.04938, section II-B: gossip communication", "Nothing has happened for a while: the validator says again what it knows, its own word and that of others.";
        BlocksSent = "blocks-sent", "Buchman 2016, 4.4", "Another validator is behind: it gets decided blocks, each with the precommits that decided it.";
        BlockAdopted = "block-adopted", "Buchman 2016, 4.4", "A block comes with precommits of more than two thirds: it is decided, whatever this validator has seen of its rounds.";
        Executed = "executed", "Buchman 2016, 4.2", "The requests of a decided block are carried out in order, and their clients are told.";
        DuplicateAnswered = "duplicate-answered", "Raft dissertation, 6.3", "The request was carried out before: the client gets the answer that it got then.";
    }
}

catalogue! {
    /// A rule of Tendermint that is switched off on purpose, to see a checker find out.
    Mutation {
        LockForgotten = "lock-forgotten", "arXiv 1807.04938, algorithm 1, lines 38-39", "A validator forgets its lock when a round ends.";
        UnlockedWithoutPolka = "unlocked-without-polka", "arXiv 1807.04938, algorithm 1, line 29", "A validator gives up its lock for a value whose polka is older than the lock.";
        PolkaMatchesAnyProposal = "polka-matches-any-proposal", "arXiv 1807.04938, algorithm 1, line 36", "A polka counts for the proposal at hand, even if it is for another value.";
        PrecommitTimeoutDropped = "precommit-timeout-dropped", "arXiv 1807.04938, algorithm 1, lines 47-48", "A validator that sees no decision waits for it for ever.";
        DecidesInCurrentRoundOnly = "decides-in-current-round-only", "arXiv 1807.04938, algorithm 1, line 49", "Precommits of a round that is over decide nothing.";
        VotesNotDurable = "votes-not-durable", "arXiv 1807.04938, section II-A: crash recovery", "A validator's votes are not on its disk when they leave.";
        DuplicatesCounted = "duplicates-counted", "arXiv 1807.04938, section III-B: from distinct processes", "A vote that comes twice counts twice.";
        SkipCountsSenderTwice = "skip-counts-sender-twice", "arXiv 1807.04938, algorithm 1, line 55", "A prevote and a precommit of one validator count as two validators in a later round.";
        ValidValueIgnored = "valid-value-ignored", "arXiv 1807.04938, algorithm 1, lines 42-43", "A polka that comes too late to lock on it is forgotten.";
        QuorumTooSmall = "quorum-too-small", "arXiv 1807.04938, section III-B: 2f + 1", "More than half of the voting power is taken for enough.";
        ForgeriesAccepted = "forgeries-accepted", "arXiv 1807.04938, section II-A", "Signatures are not looked at.";
        SyncUnverified = "sync-unverified", "Buchman 2016, 4.4", "A decided block is adopted without its precommits being counted.";
        PrevotedWhileLocked = "prevoted-while-locked", "arXiv 1807.04938, algorithm 1, line 23", "A validator prevotes for a new proposal although it is locked on another value.";
        RefusedBlockVotedFor = "refused-block-voted-for", "arXiv 1807.04938, algorithm 1, lines 23, 29 and 36", "A validator votes for what it should refuse: a block that is not valid, or another one than it is locked on.";
        PrecommittedWithoutPolka = "precommitted-without-polka", "arXiv 1807.04938, algorithm 1, line 36", "A validator precommits what is proposed, whoever has prevoted for it.";
        ProposedOutOfTurn = "proposed-out-of-turn", "arXiv 1807.04938, algorithm 1, line 14", "A validator proposes in every round, also where it is another's turn.";
        ValidValueNotProposed = "valid-value-not-proposed", "arXiv 1807.04938, algorithm 1, lines 15-16", "A proposer proposes a new value although it knows one that had a polka.";
        DecisionPutOff = "decision-put-off", "arXiv 1807.04938, algorithm 1, line 49", "A validator takes no decision, whatever precommits it has or is shown.";
    }
}
