//! The lines of the paper, and the rules that can be switched off.

use crate::process::catalogue;

catalogue! {
    /// A line of the Raft paper (Ongaro and Ousterhout 2014, extended version) or of Ongaro's dissertation (2014).
    Rule {
        ElectionTimeout = "election-timeout", "Raft 5.2, figure 2",
            "A server that hears from no leader for an election timeout suspects that there is none.";
        PreVoteRequested = "pre-vote-requested", "Raft dissertation 9.6",
            "Before it raises its term, a server asks whether it could win an election.";
        PreVoteGranted = "pre-vote-granted", "Raft dissertation 9.6",
            "A server says that it would vote: the other's log is up to date, and it has not heard from a leader \
             lately.";
        BecameCandidate = "became-candidate", "Raft 5.2, figure 2",
            "A candidate raises its term, votes for itself, and asks all others for their votes.";
        VoteGranted = "vote-granted", "Raft 5.2 and 5.4.1, figure 2",
            "A server votes for the first candidate of a term that asks and whose log is at least as up to date as \
             its own.";
        VoteRefusedAlreadyVoted = "vote-refused-already-voted", "Raft 5.2",
            "A server votes for one candidate in a term, and not for a second.";
        VoteRefusedLeaderKnown = "vote-refused-leader-known", "not in the paper; as etcd",
            "A server that knows the leader of its term votes for nobody else in that term.";
        VoteRefusedLogBehind = "vote-refused-log-behind", "Raft 5.4.1",
            "A server refuses a candidate whose log is behind its own: it may lack committed entries.";
        VoteRefusedLeaderRecent = "vote-refused-leader-recent", "Raft 6, dissertation 4.2.3",
            "A server that has heard from a leader within the shortest election timeout does not help to depose it.";
        BecameLeader = "became-leader", "Raft 5.2, figure 2",
            "A candidate with votes from a majority becomes the leader of its term.";
        NoOpAppended = "no-op-appended", "Raft 8, dissertation 6.4",
            "A new leader appends an entry of its own term that does nothing, so that all before it can be committed.";
        SteppedDownHigherTerm = "stepped-down-higher-term", "Raft 5.1, figure 2",
            "A server that sees a higher term takes it over and becomes a follower.";
        SteppedDownLeaderFound = "stepped-down-leader-found", "Raft 5.2, figure 2",
            "A candidate that hears from the leader of its term becomes its follower.";
        SteppedDownQuorumLost = "stepped-down-quorum-lost", "Raft dissertation 6.2",
            "A leader that has not heard from a majority for an election timeout steps down.";
        CommandAppended = "command-appended", "Raft 5.3, figure 2",
            "The leader appends a client's command to its log and sends it to all followers.";
        EntriesAppended = "entries-appended", "Raft 5.3, figure 2",
            "The entry before the new ones matches: the follower appends what it lacks.";
        ConflictTruncated = "conflict-truncated", "Raft 5.3, figure 2",
            "An entry conflicts with the leader's: the follower deletes it and all that follow it.";
        AppendRefused = "append-refused", "Raft 5.3, figure 2",
            "The entry before the new ones is missing or of another term: the follower refuses, and says where its \
             conflict begins.";
        StaleTermRefused = "stale-term-refused", "Raft 5.1, figure 2",
            "A message of an old term is refused, and the answer carries the new one.";
        BackedUp = "backed-up", "Raft 5.3",
            "Refused, the leader goes back to where the logs may agree, a term at a time.";
        AcknowledgementDoubted = "acknowledgement-doubted", "not in the paper: there no disk is wiped",
            "A follower denies what it has acknowledged: the leader asks once more, and if it denies again, it has \
             lost its disk and is filled anew.";
        Committed = "committed", "Raft 5.3 and 5.4.2, figure 2",
            "A majority holds an entry of the leader's term: it is committed, with all before it.";
        OldTermNotCounted = "old-term-not-counted", "Raft 5.4.2, figure 8",
            "A majority holds the entry, but it is of an earlier term: counting replicas does not commit it.";
        CommitLearned = "commit-learned", "Raft 5.3, figure 2",
            "A follower raises its commit index to the leader's, but not beyond the last entry that it knows to \
             match.";
        Applied = "applied", "Raft 5.3, figure 2", "Committed entries are applied to the state machine, in order.";
        SnapshotTaken = "snapshot-taken", "Raft 7",
            "Enough entries were applied since the last snapshot: the state is saved, and the log before it dropped.";
        SnapshotSent = "snapshot-sent", "Raft 7",
            "A follower needs entries that the leader has dropped: it gets the snapshot instead.";
        SnapshotInstalled = "snapshot-installed", "Raft 7, figure 13",
            "The snapshot is ahead of what the follower has: it replaces the state and the log that it covers.";
        SnapshotIgnored = "snapshot-ignored", "Raft 7",
            "The snapshot covers nothing that the follower has not committed already: it is ignored. (The paper drops \
             the entries that it covers.)";
        ReadWaitsForOwnCommit = "read-waits-for-own-commit", "Raft 8, dissertation 6.4 step 1",
            "A new leader does not know yet how far commitment reaches: reads wait until it has committed an entry of \
             its term.";
        ReadIndexTaken = "read-index-taken", "Raft 8, dissertation 6.4 steps 2 and 3",
            "The leader notes its commit index for a read, and asks a majority whether it still leads.";
        ReadWaitsForRound = "read-waits-for-round", "Raft dissertation 6.4",
            "A round of heartbeats is under way for earlier reads: those that come in meanwhile wait for its end, and \
             share the next one.";
        ReadServed = "read-served", "Raft 8, dissertation 6.4 steps 3 to 5",
            "A majority has confirmed the leader after the read came in: the read is answered from the state machine.";
        DuplicateAnswered = "duplicate-answered", "Raft 8, dissertation 6.3",
            "The command was applied before: the client gets the answer that it got then.";
        NotLeaderAnswered = "not-leader-answered", "Raft 8",
            "A server that does not lead turns a client away, and names the leader if it knows one.";
        Heartbeat = "heartbeat", "Raft 5.2, figure 2",
            "The leader says to all that it is there, so that nobody starts an election.";
        OwnEntryDurable = "own-entry-durable", "Raft dissertation 10.2.1",
            "The leader's own entry is on its disk: now it counts.";
        ReadServedByLease = "read-served-by-lease", "Raft dissertation 6.4.1",
            "Nobody else can have been elected yet: the leader answers a read from its state machine, and asks nobody.";
        ReadServedFromOwnState = "read-served-from-own-state", "Raft dissertation 6.4, of sessions and of any server",
            "Any server answers a read from its own state machine, as far as that has come.";
        ReadWaitsForState = "read-waits-for-state", "Raft dissertation 6.4.1, of clients that go to another server",
            "The client has seen more of the log than this server has applied: the read waits until it has.";
    }
}

catalogue! {
    /// A rule of Raft that is switched off on purpose, to see a checker find out.
    Mutation {
        VoteNotDurable = "vote-not-durable", "Raft 5.2, figure 2: persistent state",
            "Term and vote are not on disk when the answer leaves.";
        VoteForgottenInSameTerm = "vote-forgotten-in-same-term", "Raft 5.2",
            "A server that steps down forgets whom it voted for, even in the same term.";
        ElectionRestrictionOff = "election-restriction-off", "Raft 5.4.1",
            "A server votes for candidates whose logs are behind its own.";
        LongerLogWins = "longer-log-wins", "Raft 5.4.1",
            "Logs are compared by length first, and only then by their last term.";
        OldTermCommitted = "old-term-committed", "Raft 5.4.2, figure 8",
            "Entries of earlier terms are committed by counting replicas.";
        CommitUnverified = "commit-unverified", "Raft 5.3, figure 2",
            "A follower takes the leader's commit index for entries that it has not compared with the leader's.";
        TruncateAlways = "truncate-always", "Raft 5.3, figure 2",
            "A follower drops what follows the received entries, even where nothing conflicts.";
        StaleRepliesCounted = "stale-replies-counted", "Raft 5.1 and 5.3",
            "A leader counts acknowledgements of earlier terms.";
        CommitQuorumTooSmall = "commit-quorum-too-small", "Raft 5.3", "One replica less than a majority commits.";
        OwnEntryCountedEarly = "own-entry-counted-early", "Raft dissertation 10.2.1",
            "A leader counts its own entry before it is on its disk.";
        ConsistencyCheckOff = "consistency-check-off", "Raft 5.3",
            "A follower appends without comparing the entry before the new ones.";
        SnapshotKeepsConflictingTail = "snapshot-keeps-conflicting-tail", "Raft 7, figure 13",
            "A follower keeps entries behind a snapshot, even where its own entry at that place conflicts.";
        OldSnapshotInstalled = "old-snapshot-installed", "Raft 7",
            "A follower installs a snapshot that is older than what it has committed.";
        ReadIndexOff = "read-index-off", "Raft 8, dissertation 6.4",
            "A leader answers reads at once, without asking whether it still leads.";
        ReadBeforeOwnCommit = "read-before-own-commit", "Raft 8, dissertation 6.4 step 1",
            "A new leader takes its commit index for a read before it has committed an entry of its term.";
        ReadRoundReused = "read-round-reused", "Raft dissertation 6.4 step 3",
            "Any acknowledgement confirms a read, also one of a heartbeat that left before the read came in.";
        AppliedBeforeCommitted = "applied-before-committed", "Raft 5.3",
            "Entries are applied as soon as they are in the log.";
        SessionsOff = "sessions-off", "Raft 8, dissertation 6.3",
            "A command that reaches the log twice is applied twice.";
        EveryoneMustAcknowledge = "everyone-must-acknowledge", "Raft 5.3",
            "The leader waits for every follower, not for a majority.";
        NeverBacksUp = "never-backs-up", "Raft 5.3", "Refused, the leader offers the same entries again.";
        SnapshotNeverSent = "snapshot-never-sent", "Raft 7", "A follower that needs dropped entries gets no snapshot.";
        StaleVotesCounted = "stale-votes-counted", "Raft 5.1 and 5.2", "A candidate counts votes of earlier terms.";
        LeaderGrantsPreVotes = "leader-grants-pre-votes", "Raft dissertation 9.6",
            "A leader says to whoever asks that it would vote for it.";
        MatchIndexFalls = "match-index-falls", "Raft 5.3, figure 2",
            "A leader believes the latest acknowledgement, even where an earlier one told it more.";
        CommitmentStopsAtOldTerm = "commitment-stops-at-old-term", "Raft 5.4.2, figure 2",
            "A leader that looks for what it may commit stops at the first entry of an earlier term.";
        CoveredEntriesAppended = "covered-entries-appended", "Raft 5.3 and 7",
            "A follower appends entries once more that its snapshot covers.";
        SnapshotTermTaken = "snapshot-term-taken", "Raft 5.1 and 7",
            "A follower that installs a snapshot takes the term of its last entry for its own.";
        FollowerReads = "follower-reads", "Raft 8", "A follower answers reads from its own state, without the leader.";
        NoOpOff = "no-op-off", "Raft 8, dissertation 6.4",
            "A new leader appends no entry of its own, and waits for a client's.";
        AcknowledgedEarly = "acknowledged-early", "Raft 5.3, figure 2: persistent state",
            "A follower acknowledges entries before they are on its disk.";
        NewLeaderTruncates = "new-leader-truncates", "Raft 5.3, figure 3",
            "A new leader deletes the entries that it does not know to be committed.";
    }
}
