//! Maps in EDN: Jepsen's, Porcupine's, and what is none.

use super::*;

#[test]
fn a_porcupine_history_is_read_with_escapes() {
    let text = "{:process 7, :type :invoke, :f :append, :key \"k\", :value \"a \\\"b\\\" \\\\ é\"}\n\
                {:process 7 :type :ok :f :append :key \"k\" :value \"a \\\"b\\\" \\\\ é\"}\n\
                {:process 7, :type :invoke, :f :get, :key \"k\", :value nil}\n\
                {:process 7, :type :ok, :f :get, :key \"k\", :value \"\"}\n";
    let file = read_kv(text.as_bytes()).unwrap();
    assert_eq!((file.format, file.missing()), (Format::Porcupine, Missing::IsEmpty));
    let (key, value) = ("k".into(), "a \"b\" \\ é".into());
    assert_eq!(file.operations[0].command, KvCommand::Append { key, value });
    let result = KvResult::Value(Some("".into()));
    assert_eq!(file.operations[1].outcome, Outcome::Ok { completed_at: 4, result });
}

#[test]
fn jepsens_maps_are_read_one_after_the_other_in_a_vector_or_in_a_list() {
    let maps = "{:process 0, :type :invoke, :f :write, :value 3, :time 3.5e9, :index 0}\n\
                ; a comment\n\
                {:type :info, :f :start-partition, :process :nemesis, :value {:a #{\"n1\"}}}\n\
                #jepsen.history.Op{:index 1, :process 1, :type :invoke, :f :read, :value nil, :error nil}\n\
                {:process 1, :type :ok, :f :read, :value 3, :ext {:a [1 [2 [3]]]}}\n\
                {:process 0, :type :info, :f :write, :value 3, :error :timeout}\n";
    let expected = ["0 write 3 in 1: unknown", "1 read in 4: 3 in 5"];
    assert_eq!(registers(maps), expected);
    assert_eq!(registers(&format!("[{maps}]")), expected);
    assert_eq!(registers(&format!("({maps})\n; the end\n")), expected);
    assert_eq!(read_register(maps.as_bytes()).unwrap().format, Format::Edn);
}

#[test]
fn keys_of_independent_objects_are_integers_or_strings() {
    let text = "{:process 0, :type :invoke, :f :write, :value [7 3]}\n\
                {:process 1, :type :invoke, :f :cas, :value [7 [3 4]]}\n\
                {:process 2, :type :invoke, :f :read, :value [8 nil]}\n\
                {:process 0, :type :ok, :f :write, :value [7 3]}\n\
                {:process 1, :type :ok, :f :cas, :value [7 [3 4]]}\n\
                {:process 2, :type :ok, :f :read, :value [8 nil]}\n";
    assert_eq!(
        registers(text),
        ["0 7: write 3 in 1: ok in 4", "1 7: cas 3 4 in 2: ok in 5", "2 8: read in 3: nil in 6"]
    );
    let strings = text.replace("[7 ", "[\"a\" ").replace("[8 ", "[\"b\" ");
    assert_eq!(registers(&strings)[2], "2 b: read in 3: nil in 6");
    assert_eq!(
        register_error(&text.replace("[8 nil]", "[\"8\" nil]")),
        "line 3: integers and strings are mixed as keys"
    );
    assert!(
        register_error(&text.replace(":ok, :f :read, :value [8", ":ok, :f :read, :value [7"))
            .contains("completes another operation")
    );
}

#[test]
fn maps_that_are_not_events_are_refused() {
    for (line, expected) in [
        ("{:process 0", "it ends too soon at column 12"),
        ("{:process}", "it ends too soon"),
        ("{:process \"a\"}", ":process is neither a number nor :nemesis"),
        ("{:process -1}", "the process is not a number below 2^32"),
        ("{:type :ok :type :ok}", "a field stands there twice"),
        ("{:process 0 :type :ok :f :get} x", "the operation that it did not invoke"),
        ("{:type :ok}", ":process is missing"),
        ("{:process 0 :type :was}", ":type is not"),
        ("{:process 0 :type :ok}", ":f is missing"),
        ("{:key \"a", "it ends too soon"),
        ("{:key \"a\\u0041\"}", "a string has an escape that cannot be read"),
        ("{:time 99999999999999999999}", "a number cannot be read"),
        ("[{:process :nemesis, :f :start}", "the end of the collection is missing"),
        ("[] {}", "something follows the collection of events"),
        ("[[]]", "it is not a map"),
        (
            "{:process 0 :type :invoke :f :get :value [\"a\" nil] :key \"a\"}",
            "it has a :key, and another in its :value",
        ),
    ] {
        let error = kv_error(line);
        let expected = expected.replace("the operation", "an operation");
        assert!(error.starts_with("line 1: ") && error.contains(&expected), "{error}");
    }
}

#[test]
fn deep_and_gigantic_maps_are_refused_and_not_followed() {
    let deep = format!("{{:process 0, :type :invoke, :f :read, :value {}", "[".repeat(EVENT_BYTES_MAX));
    assert_eq!(register_error(&deep), "line 1: the event has more than 1048576 bytes");
    let deep =
        format!("{{:process 0, :type :invoke, :f :write, :value {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(register_error(&deep), "line 1: \"value\" is neither an integer nor a string");
}
