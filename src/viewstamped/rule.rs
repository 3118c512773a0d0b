//! The lines of the papers, and the rules that can be switched off.

use crate::process::catalogue;

catalogue! {
    /// A line of Liskov and Cowling, "Viewstamped Replication Revisited" (2012; "VRR"), or of Michael, Ports, Sharma
    /// and Szekeres, "Recovering Shared Objects Without Stable Storage" (DISC 2017; "RSO").
    Rule {
        Prepared = "prepared", "VRR 4.1, steps 2 and 3",
            "The primary gives a request the next op-number, appends it to its log, and sends PREPARE to the backups.";
        ResultResent = "result-resent", "VRR 4.1, step 2",
            "The request is the client's latest, and was carried out: the client gets the result that it got then.";
        RequestDropped = "request-dropped", "VRR 4.1, step 2",
            "The client table has this request, not yet carried out, or a later one of its client: it is dropped.";
        NotPrimaryAnswered = "not-primary-answered", "VRR 4",
            "A replica that is not the primary of its view, in normal status, turns a client away, and names the \
             primary if it knows one.";
        PrepareAccepted = "prepare-accepted", "VRR 4.1, step 4",
            "The backup has all earlier operations: it appends these to its log, and answers PREPAREOK.";
        PrepareRepeated = "prepare-repeated", "VRR 4.1, step 4; 4",
            "The backup has these operations already: it answers PREPAREOK again.";
        GapFound = "gap-found", "VRR 4.1, step 4; 5.2",
            "Operations before these are missing: the backup does not accept them, and asks for state.";
        Committed = "committed", "VRR 4.1, step 5",
            "f backups have the operation: it is committed, and so are all before it.";
        CommitLearned = "commit-learned", "VRR 4.1, steps 6 and 7",
            "The primary says that operations are committed, and the backup has them.";
        Executed = "executed", "VRR 4.1, steps 5 and 7",
            "Committed operations are carried out, in the order of their numbers; the primary answers the clients.";
        SentAgain = "sent-again", "VRR 4",
            "A backup has not acknowledged what it should have by now: the primary sends it again.";
        CommitSent = "commit-sent", "VRR 4.1, step 6",
            "The primary has nothing new, and sends COMMIT: it is there, and all up to a number is committed.";
        PrimarySuspected = "primary-suspected", "VRR 4.2, step 1",
            "The timer has run out: the replica wants the next view, and sends STARTVIEWCHANGE to all.";
        ViewChangeJoined = "view-change-joined", "VRR 4.2, step 1",
            "Another replica wants a later view: this one wants it too.";
        ViewReported = "view-reported", "VRR 4.2, step 2",
            "f others want the same view: the replica sends DOVIEWCHANGE, with its log and the latest view in which it \
             was normal, to the primary of that view.";
        StaleReportIgnored = "stale-report-ignored", "RSO 5",
            "Somebody knows that the life has ended in which this was said, and with it what it promised: it does not \
             count.";
        ViewStarted = "view-started", "VRR 4.2, step 3",
            "f + 1 replicas have reported: the new primary takes the log of the latest normal view among them, the \
             longest of those, and the highest commit-number, and sends STARTVIEW.";
        ViewEntered = "view-entered", "VRR 4.2, step 5",
            "The new primary's log takes the place of the replica's own; it acknowledges it, and is normal again.";
        RecoveryBegun = "recovery-begun", "VRR 4.3, step 1",
            "The replica comes back, and has lost all: it sends RECOVERY with the nonce of this life, and takes part \
             in nothing until it has recovered.";
        RecoveryAnswered = "recovery-answered", "VRR 4.3, step 2; RSO 5",
            "A replica in normal status notes that the other's earlier life has ended, and answers with its view; the \
             primary adds its log.";
        RecoveryUnanswered = "recovery-unanswered", "VRR 4.3, step 2",
            "A replica that is not in normal status does not answer.";
        AnotherNonceIgnored = "another-nonce-ignored", "VRR 4.3, step 3",
            "The answer is to an earlier life: it does not count.";
        Recovered = "recovered", "VRR 4.3, step 3; RSO 5",
            "f + 1 replicas have answered this nonce, none of them in a life that another one knows to have ended, and \
             among them is the primary of the latest view: the replica takes its state, and is normal.";
        StateRequested = "state-requested", "VRR 5.2",
            "The replica lacks operations of its view, or has missed a view: it asks for them, and keeps what it has \
             until they come.";
        StateSent = "state-sent", "VRR 5.2",
            "A replica in normal status in that view sends what comes after an operation.";
        StateTaken = "state-taken", "VRR 5.2",
            "What was missing is there: it is appended, or takes the place of what comes after the replica's \
             commit-number, in one step.";
        CheckpointTaken = "checkpoint-taken", "VRR 5.1",
            "Enough operations were carried out since the last checkpoint: the state is saved, and the log before it \
             is dropped.";
        ReadServedFromOwnState = "read-served-from-own-state", "not in the paper; as Raft dissertation 6.4",
            "Any replica answers a read from its own state, as far as that has come.";
        ReadWaitsForState = "read-waits-for-state", "not in the paper; as Raft dissertation 6.4.1",
            "The client has seen more of the log than this replica has carried out: the read waits until it has.";
    }
}

catalogue! {
    /// A rule of Viewstamped Replication that is switched off on purpose, to see a checker find out.
    Mutation {
        CommitBeforeQuorum = "commit-before-quorum", "VRR 4.1, step 5",
            "One acknowledgement less than f is enough for an operation to count as committed.";
        PreparedWithGap = "prepared-with-a-gap", "VRR 4.1, step 4",
            "A backup appends what it is sent, although operations before it are missing.";
        OldViewPrepared = "old-view-prepared", "VRR 4.1; 4.2",
            "A replica that wants a new view still acknowledges operations of its old one.";
        StaleAcknowledgementsCounted = "stale-acknowledgements-counted", "VRR 4.1, step 5",
            "The primary counts acknowledgements of other views for its own.";
        ClientTableLost = "client-table-lost", "VRR 4.1, step 2; 4",
            "No client table is kept: a request that is sent again is carried out again.";
        StartViewWithoutQuorum = "start-view-without-quorum", "VRR 4.2, step 3",
            "One DOVIEWCHANGE less than f + 1 is enough for a new view to begin.";
        HighestOpInsteadOfLatestView = "highest-op-instead-of-latest-view", "VRR 4.2, step 3",
            "The new primary takes the longest log, whatever view it is of.";
        OwnLogKept = "own-log-kept", "VRR 4.2, step 3", "The new primary takes its own log, whatever it was told.";
        UncommittedDropped = "uncommitted-dropped", "VRR 4.2, step 3; 8.1",
            "The new primary drops what nobody has told it to be committed.";
        RecoverySkipped = "recovery-skipped", "VRR 4.3",
            "A replica that has lost all takes itself for a new one, and takes part at once.";
        RecoveryWithoutNonce = "recovery-without-nonce", "VRR 4.3, step 3",
            "Answers to an earlier life count as well.";
        RecoveringAnswers = "recovering-answers", "VRR 4.3, step 2",
            "A replica answers one that recovers although it recovers itself, or is between two views.";
        RecoveryWithoutQuorum = "recovery-without-quorum", "VRR 4.3, step 3",
            "The answer of the primary alone is enough.";
        RecoveryFromAnyPrimary = "recovery-from-any-primary", "VRR 4.3, step 3",
            "The first primary that answers counts, also one of an earlier view than others are in.";
        CrashVectorsIgnored = "crash-vectors-ignored", "RSO 3; VRR 4.3",
            "The paper's own recovery: what a replica said in an earlier life counts, though nobody remembers it.";
        StateTransferDrops = "state-transfer-drops", "VRR 5.2",
            "The paper's own state transfer: a replica that has missed a view drops all after its commit-number before \
             it asks for what takes its place.";
        ViewNotDurable = "view-not-durable", "VRR 4.2; 4.3",
            "With a disk: a replica forgets in a crash which view it wanted.";
        LogNotDurable = "log-not-durable", "VRR 4.1; 4.3",
            "With a disk: a replica forgets in a crash what it has acknowledged.";
    }
}
