//! Courses written by hand, in the same format: steps and numbers of servers that no published file has, and what
//! cannot be read or followed.

use super::course::Course;
use super::reading::course;
use super::through;

/// A counterexample as it is written down, state by state.
struct Page {
    servers: usize,
    text: String,
    states: usize,
    /// Each variable as it is now: a value for each server.
    variables: Vec<(&'static str, Vec<String>)>,
    messages: Vec<(usize, String)>,
}

impl Page {
    fn new(servers: usize) -> Self {
        let start = [
            ("currentTerm", "0"),
            ("raftState", "Follower"),
            ("votedFor", "Nil"),
            ("log", "<<>>"),
            ("commitIndex", "0"),
        ];
        let variables = start.map(|(name, value)| (name, vec![value.to_owned(); servers])).to_vec();
        let mut page = Self { servers, text: String::new(), states: 0, variables, messages: Vec::new() };
        page.state("Initial predicate", "\"Init\"");
        page
    }

    fn set(&mut self, server: usize, changes: &[(&str, &str)]) {
        for (name, value) in changes {
            let variable = self.variables.iter_mut().find(|(known, _)| known == name).unwrap();
            variable.1[server - 1] = (*value).to_owned();
        }
    }

    fn send(&mut self, number: usize, from: usize, to: usize, kind: &str, data: &str) {
        let message =
            format!("[src |-> n{from}, dst |-> n{to}, type |-> {kind}, data |-> [term |-> 1{data}], seq |-> {number}]");
        self.messages.push((number, message));
    }

    fn take(&mut self, number: usize) {
        self.messages.retain(|(known, _)| *known != number);
    }

    fn state(&mut self, action: &str, command: &str) {
        self.states += 1;
        self.text += &format!("{}: <{action} line 1 of module Any>\n/\\ netcmd = <<<<{command}>>>>\n", self.states);
        for (name, values) in &self.variables {
            let pairs: Vec<String> =
                (1..=self.servers).map(|server| format!("n{server} :> {}", values[server - 1])).collect();
            self.text += &format!("/\\ {name} = ({})\n", pairs.join(" @@\n  "));
        }
        let messages: Vec<&str> = self.messages.iter().map(|(_, message)| message.as_str()).collect();
        self.text += &format!("/\\ msgs = {{ {} }}\n/\\ ghost = @nothing that can be read@\n\n", messages.join(",\n "));
    }
}

/// Of five servers n2 is elected by three, one of which is restarted meanwhile; a request is lost, and something
/// happens that nobody knows.
fn five_servers() -> String {
    let mut page = Page::new(5);
    page.set(2, &[("currentTerm", "1"), ("raftState", "Candidate"), ("votedFor", "n2")]);
    for (number, to) in [(1, 1), (2, 3), (3, 4), (4, 5)] {
        page.send(number, 2, to, "RV", ", lastLogIdx |-> 0, lastLogTerm |-> 0");
    }
    page.state("DoElectionTimeout", "\"ElectionTimeout\", n2");
    for (voter, asked, answered) in [(1, 1, 5), (3, 2, 6)] {
        page.take(asked);
        page.set(voter, &[("currentTerm", "1"), ("votedFor", "n2")]);
        page.send(answered, voter, 2, "RVR", ", voteGranted |-> TRUE");
        page.state("DoHandleMsgRV", &format!("\"HandleMsgRV\", n2, n{voter}"));
    }
    page.take(3);
    page.state("DoMessageDrop", "\"DropMessage\", 3");
    page.take(5);
    page.state("DoHandleMsgRVR", "\"HandleMsgRVR\", n1, n2");
    page.state("DoRestart", "\"Restart\", n3");
    page.take(6);
    page.set(2, &[("raftState", "Leader")]);
    page.state("DoHandleMsgRVR", "\"HandleMsgRVR\", n3, n2");
    page.state("DoSolarFlare", "\"SolarFlare\", n4");
    page.set(2, &[("log", "<<[term |-> 1, cmd |-> v1]>>")]);
    page.send(7, 2, 1, "AE", ", entries |-> <<[term |-> 1, cmd |-> v1]>>");
    page.state("DoClientRequest", "\"ClientRequest\", n2, v1");
    page.take(7);
    page.set(1, &[("log", "<<[term |-> 1, cmd |-> v1]>>")]);
    page.send(8, 1, 2, "AER", ", success |-> TRUE, last_log_index |-> 1");
    page.state("DoHandleMsgAE", "\"HandleMsgAE\", n2, n1");
    page.text
}

fn read(text: &str) -> Course {
    course(text).unwrap()
}

#[test]
fn any_course_is_followed_and_what_is_not_known_is_said_and_counted() {
    let (account, broken) = through(&read(&five_servers()), &[]).unwrap();
    assert_eq!(account.not_followed, ["step 9, DoSolarFlare: what it does is not known"]);
    assert_eq!((account.steps, account.followed(), account.exactly), (10, 9, 9), "{account:?}");
    assert_eq!(broken, []);
}

#[test]
fn a_state_that_ours_does_not_reach_is_not_followed() {
    let text = five_servers().replacen("n1 :> 1 @@", "n1 :> 7 @@", 1);
    let (account, _) = through(&read(&text), &[]).unwrap();
    assert_eq!(account.not_followed[0], "step 3, DoHandleMsgRV: n1's term: 1 here, 7 there");
    assert_eq!(account.followed(), 8, "{account:?}");
}

/// Theirs commits what nobody else has: ours departs there, and it is said why. What follows from it is apart, too.
#[test]
fn ours_departs_where_theirs_breaks_a_rule() {
    let text = five_servers();
    let at = text.find("10: <DoClientRequest").unwrap();
    let bug = text[at..].replace(
        "n2 :> 0 @@\n  n3 :> 0 @@\n  n4 :> 0 @@\n  n5 :> 0)\n/\\ msgs",
        "n2 :> 1 @@\n  n3 :> 0 @@\n  n4 :> 0 @@\n  n5 :> 0)\n/\\ msgs",
    );
    let (account, broken) = through(&read(&(text[..at].to_owned() + &bug)), &[]).unwrap();
    assert_eq!(
        account.departed,
        ["step 10, DoClientRequest: n2's commit index: 0 here, 1 there; theirs commits an entry that 1 of 5 have"]
    );
    assert_eq!(broken, []);
}

#[test]
fn what_is_no_course_of_raft_is_said_to_be_none_and_where() {
    assert_eq!(course("").unwrap_err(), "it has no states");
    assert_eq!(course("1: <Init>\n/\\ x = 1\n").unwrap_err(), "it is no trace of Raft: no server has a term");
    let broken = five_servers().replacen("n1 :> 1 @@", "n1 :> <<1 @@", 1);
    assert_eq!(
        course(&broken).unwrap_err(),
        "state 3: currentTerm: , is expected at \"@@\\n  n2 :> 1 @@\\n  n3 :> 0 @@\\n \""
    );
    let other = five_servers().replace("Candidate", "Emperor");
    assert_eq!(course(&other).unwrap_err(), "state 2: Emperor is no role of Raft");
    let crowd = Page::new(40).text;
    assert_eq!(through(&read(&crowd), &[]).unwrap_err(), "replicas: 1 to 31 replicas, not 40");
}
