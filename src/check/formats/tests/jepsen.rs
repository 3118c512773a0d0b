//! Jepsen's logs: that of 2014, today's, and lines that are no events.

use super::*;

#[test]
fn a_jepsen_log_is_read_with_tabs_or_spaces() {
    let log = "INFO  jepsen.util - 0\t:invoke\t:write\t3\n\
               INFO jepsen.core - nemesis\n\
               INFO  jepsen.util - 1    :invoke    :cas  [3 -4]\r\n\
               INFO  jepsen.util - 0 :ok :write 3\n\
               INFO  jepsen.util - 1 :fail :cas [3 -4]\n\
               INFO  jepsen.util - 2 :invoke :read nil\n\
               INFO  jepsen.util - 2 :fail :read :timed-out\n\
               INFO  jepsen.util - 2 :invoke :cas [1 2]\n\
               INFO  jepsen.util - 2 :info :cas :timed-out\n";
    let file = read_register(log.as_bytes()).unwrap();
    assert_eq!(file.format, Format::JepsenOld);
    let cas = |from, to| RegisterCommand::Cas { from: Some(Scalar::Integer(from)), to: Scalar::Integer(to) };
    let expected = [
        (0, write(3), 1, Some((4, RegisterResult::Written))),
        (1, cas(3, -4), 3, Some((5, RegisterResult::Mismatch))),
        (2, RegisterCommand::Read, 6, None),
        (2, cas(1, 2), 8, None),
    ];
    let expected = expected.map(|(client, command, invoked_at, end)| Operation {
        client,
        command: Keyed { key: None, command },
        invoked_at,
        outcome: end.map_or(Outcome::Unknown, |(completed_at, result)| Outcome::Ok { completed_at, result }),
    });
    assert_eq!(file.operations, expected);
}

#[test]
fn log_lines_that_are_not_events_are_refused() {
    for (line, expected) in [
        ("INFO jepsen.util 0", "it does not begin with"),
        ("INFO jepsen.util - x :invoke :read nil", "the process is not a number"),
        ("INFO jepsen.util - 0 :began :read nil", "its type is not"),
        ("INFO jepsen.util - 0 :invoke read nil", "it names no operation"),
        ("INFO jepsen.util - 0 :invoke", "it names no operation"),
        ("INFO jepsen.util - 0 :invoke :write x", "\"value\" is neither an integer nor a string"),
        ("INFO jepsen.util - 0 :invoke :cas [1]", "the value of a cas is not [expected new]"),
        ("INFO jepsen.util - 0 :invoke :cas [", "it ends too soon at column 2"),
        ("INFO jepsen.util - 0 :invoke :pop nil", "the model has no operation \"pop\""),
    ] {
        let error = register_error(line);
        assert!(error.starts_with("line 1: ") && error.contains(expected), "{error}");
    }
}

#[test]
fn todays_logs_are_read_and_what_is_no_event_in_them_is_skipped() {
    let log = "2023-08-01 12:00:00,000{GMT}\tINFO\t[main] jepsen.cli: Test options:\n {:concurrency 5}\n\
               2023-08-01 12:00:00,123{GMT}\tINFO\t[jepsen worker 2] jepsen.util: 2\t:invoke\t:write\t[0 3]\n\
               2023-08-01 12:00:00,124{GMT}\tINFO\t[jepsen nemesis] jepsen.util: :nemesis\t:info\t:kill\t{\"n1\" :killed}\n\
               2023-08-01 12:00:00,124{GMT}\tINFO\t[jepsen worker 2] jepsen.util: Waiting for the cluster\n\
               2023-08-01 12:00:00,124{GMT}\tWARN\t[jepsen worker 3] jepsen.generator.interpreter: Process 3 crashed\n\
               java.net.SocketTimeoutException: Read timed out\n\tat java.base/sun.nio.ch (Unknown Source)\n\
               2023-08-01 12:00:00,125{GMT}\tINFO\t[jepsen worker 2] jepsen.util: 2\t:ok\t:write\t[0 3]\n\
               2023-08-01 12:00:00,126{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:invoke\t:cas\t[0 [3 4]]\n\
               2023-08-01 12:00:00,127{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:fail\t:cas\t[0 [3 4]]\t:did-not-match\n";
    assert_eq!(registers(log), ["2 0: write 3 in 3: ok in 9", "3 0: cas 3 4 in 10: did not happen, as of 11"]);
    let torn = format!("{log}2023-08-01 12:00:00,127{{GMT}}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:inv");
    assert!(register_error(&torn).starts_with("line 12: "));
    let text = "0\t:invoke\t:write\t\"a\"\n:nemesis\t:info\t:start\tnil\n0\t:ok\t:write\t\"a\"\n";
    assert_eq!(registers(text), ["0 write \"a\" in 1: ok in 3"]);
    assert!(register_error(&format!("{text}what is this")).starts_with("line 4: "));
}
