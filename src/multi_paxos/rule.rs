//! The lines of the papers, and the rules that can be switched off.

use crate::process::catalogue;

catalogue! {
    /// A line of Lamport, "Paxos Made Simple" (2001; "PMS"), of Chandra, Griesemer and Redstone, "Paxos Made Live"
    /// (2007; "PML"), or of van Renesse and Altinbuken, "Paxos Made Moderately Complex" (2015; "PMMC").
    Rule {
        ElectionTimeout = "election-timeout", "PMS 3; PMMC 3",
            "A server that hears from no leader for an election timeout suspects that there is none.";
        BallotChosen = "ballot-chosen", "PMS 2.2, phase 1 (a); 2.5; 3",
            "A candidate takes a ballot that nobody has used and that it has written down, and asks for promises for \
             all slots that it does not know to be chosen.";
        Promised = "promised", "PMS 2.2, phase 1 (b); 3",
            "No higher ballot is promised: the acceptor promises it for all slots at once, and says what it has \
             accepted in the open ones. A second copy of the prepare is answered again.";
        StatePromised = "state-promised", "PML 4.2; PMMC 4",
            "The candidate asks for slots that the acceptor has forgotten: the promise carries the state in their \
             place.";
        PrepareRefused = "prepare-refused", "PMS 2.2, phase 1 (b); 2.5",
            "The acceptor has promised a higher ballot: it refuses, and says which.";
        PrepareUnheard = "prepare-unheard", "PML 5.2",
            "A server that has heard from a leader within the shortest election timeout does not help to depose it.";
        BecameLeader = "became-leader", "PMS 3; PMMC 2",
            "A majority has promised: the candidate leads its ballot, in all slots.";
        ValueBound = "value-bound", "PMS 2.2, phase 2 (a); 3",
            "In a slot that was reported, the leader must propose the value of the highest ballot.";
        GapFilled = "gap-filled", "PMS 3",
            "Nobody of a majority has accepted anything in a slot below others: the leader fills it with a value that \
             does nothing.";
        Proposed = "proposed", "PMS 3, phase 2 (a)",
            "The leader gives a client's command the next slot, and asks the acceptors to accept it there.";
        Accepted = "accepted", "PMS 2.2, phase 2 (b)",
            "The acceptor has promised nothing higher: it accepts, and promises this ballot too.";
        AcceptRefused = "accept-refused", "PMS 2.2, phase 2 (b); 2.5",
            "The acceptor has promised a higher ballot: it refuses, and says which.";
        OwnAcceptanceDurable = "own-acceptance-durable", "PMS 2.5",
            "What the leader has accepted itself is on its disk: now it counts.";
        Chosen = "chosen", "PMS 2.3, 3",
            "A majority has accepted a slot in the leader's ballot: it is chosen, now and for ever.";
        ChosenOutOfOrder = "chosen-out-of-order", "PMS 3",
            "A slot is chosen while one before it is still open: it has to wait.";
        CommitLearned = "commit-learned", "PMS 2.3, 3; PMMC 4",
            "The leader says that slots are chosen, and the follower has accepted the leader's ballot in them: it \
             knows their values.";
        Applied = "applied", "PMS 3; PMMC 2",
            "Chosen values are applied to the state machine, in the order of the slots.";
        SentAgain = "sent-again", "PMS 2.4; PML 4.2",
            "A follower lacks what it should have by now: the leader sends it again, under its own ballot.";
        Outbid = "outbid", "PMS 2.4, 2.5; PMMC 2",
            "An acceptor names a higher ballot: the candidate gives its own up, and tries a higher one after a random \
             pause.";
        BallotLost = "ballot-lost", "PMS 2.5; PML 5.3; PMMC 2",
            "An acceptor names a higher ballot: the leader leads no more, and turns away the reads that wait.";
        BallotBoosted = "ballot-boosted", "PML 5.2",
            "A server that was cut off comes back with a high ballot: the leader, whom a majority still hears, takes \
             a higher one at once.";
        LeaderFound = "leader-found", "PMS 3",
            "A candidate or leader hears from the leader of a higher ballot, and follows it.";
        QuorumLost = "quorum-lost", "PML 5.2",
            "A leader that has not heard from a majority for an election timeout steps down.";
        SnapshotTaken = "snapshot-taken", "PML 5.5; PMMC 4",
            "Enough slots were applied since the last time: the state is saved, and the slots before it are \
             forgotten.";
        StateSent = "state-sent", "PML 5.5",
            "A follower needs slots that the leader has forgotten: it gets the state instead.";
        StateInstalled = "state-installed", "PML 5.5",
            "The state is ahead of what the server has applied: it replaces its state, and the slots that it covers.";
        StateIgnored = "state-ignored", "PML 5.5",
            "The state covers nothing that the server does not know to be chosen already: it is ignored.";
        ReadIndexTaken = "read-index-taken", "PML 5.2; PMMC 4",
            "The leader notes what a read must see: all that it has found or chosen so far. It asks a majority \
             whether it still leads.";
        ReadServed = "read-served", "PML 5.2; PMMC 4",
            "A majority has confirmed the leader after the read came in, and all that it must see is applied: the \
             read is answered.";
        DuplicateAnswered = "duplicate-answered", "PMMC 2",
            "The command was applied before: the client gets the answer that it got then.";
        NotLeaderAnswered = "not-leader-answered", "PMS 3",
            "A server that does not lead turns a client away, and names the leader if it knows one.";
        Heartbeat = "heartbeat", "PMMC 3", "The leader says to all that it is there, and up to where all is chosen.";
        ReadServedFromOwnState = "read-served-from-own-state", "not in the papers; as Raft dissertation 6.4",
            "Any server answers a read from its own state machine, as far as that has come.";
        ReadWaitsForState = "read-waits-for-state", "not in the papers; as Raft dissertation 6.4.1",
            "The client has seen more of the log than this server has applied: the read waits until it has.";
    }
}

catalogue! {
    /// A rule of Multi-Paxos that is switched off on purpose, to see a checker find out.
    Mutation {
        StalePromisesCounted = "stale-promises-counted", "PMS 2.2, phase 2 (a)",
            "Promises of an earlier ballot count for the present one.";
        LatestInsteadOfHighestBallot = "latest-instead-of-highest-ballot", "PMS 2.2, phase 2 (a)",
            "In each slot the new leader takes the value that was reported last, not that of the highest ballot.";
        PromiseNotDurable = "promise-not-durable", "PMS 2.5", "An acceptor forgets its promises in a crash.";
        BallotNotDurable = "ballot-not-durable", "PMS 2.5", "A candidate forgets in a crash which ballots it has used.";
        AcceptanceNotDurable = "acceptance-not-durable", "PMS 2.5",
            "An acceptor forgets what it has accepted in a crash.";
        AcceptRaisesNoPromise = "accept-raises-no-promise", "PMS 2.2, phase 2 (b)",
            "An acceptor that accepts a ballot promises nothing by it.";
        PromiseIgnored = "promise-ignored", "PMS 2.2, phase 2 (b)",
            "An acceptor accepts whatever it is offered, also in a lower ballot than it has promised.";
        MajorityOffByOne = "majority-off-by-one", "PMS 2.1",
            "One acceptor less than a majority is enough for a value to count as chosen.";
        StaleAcceptancesCounted = "stale-acceptances-counted", "PMS 2.3",
            "Acceptances of another ballot count for the leader's.";
        GapSkipped = "gap-skipped", "PMS 3", "A new leader leaves gaps as they are, and goes on behind them.";
        PossiblyChosenOverwritten = "new-leader-overwrites-possibly-chosen", "PMS 2.2, phase 2 (a); 3",
            "A new leader fills all open slots with values that do nothing, whatever was reported.";
        PromiseWithoutAccepted = "promise-without-accepted", "PMS 2.2, phase 1 (b)",
            "An acceptor promises, and does not say what it has accepted.";
        AnotherBallotsValueLearned = "commit-for-another-ballots-value", "PMS 2.3",
            "A follower takes for chosen what it has accepted in any ballot, as soon as the leader's commit index \
             covers the slot.";
        DecisionNeverResent = "decision-never-resent", "PMS 2.4; PML 4.2",
            "What was lost on its way to a follower is never sent again.";
        AppliedPastGap = "apply-past-a-gap", "PMS 3; PMMC 2",
            "The leader commits and applies up to the last chosen slot, though one before it is still open.";
        ForgottenSlotsRefilled = "forgotten-slots-refilled", "PML 4.2; PMMC 4",
            "A promise does not carry the state for the slots that the acceptor has forgotten: the new leader takes \
             them for gaps.";
        CompactionWithoutTransfer = "compaction-without-transfer", "PML 5.5",
            "A follower that needs forgotten slots gets nothing in their place.";
        OldStateInstalled = "old-state-installed", "PML 5.5", "A server installs a state that is older than its own.";
        ReadUnconfirmed = "read-without-confirmation", "PML 5.2; PMMC 4",
            "A leader answers reads at once, without asking whether it still leads.";
        ReadBeforeInherited = "read-before-inherited", "PMS 3; PMMC 4",
            "A new leader answers reads before it has applied all that it found in phase 1.";
        ReadRoundReused = "read-round-reused", "PML 5.2",
            "Any answer confirms a read, also one to a heartbeat that left before the read came in.";
        ConfirmationOfEarlierEpoch = "confirmation-of-an-earlier-epoch", "PML 5.3",
            "A leader that has lost and regained its mastership takes answers to its earlier heartbeats for a \
             confirmation.";
        SessionsOff = "sessions-off", "PMMC 2", "A command that gets two slots is applied twice.";
    }
}
