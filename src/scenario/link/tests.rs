use super::*;
use crate::scenario::gallery::gallery;
use crate::sim::random::Stream;

fn stale_read() -> Link {
    let scenario =
        gallery().into_iter().find(|entry| entry.name == "stale-read").expect("it is in the gallery").scenario;
    // Words come and go; a link without them is what it was.
    let scenario = Scenario { captions: Vec::new(), ..scenario };
    Link::new(scenario, 1_370, 900, 0x2783_ef6a_78b8_72b3_31df_918a_612b_c479)
}

/// A link with a body of our own, its checksum right.
fn with_body(body: &[u8]) -> String {
    format!("#{KEY}{FORMAT}.{}", packing::armour(body))
}

/// A body up to its scenario, which is said to have so many bytes.
fn body_before_scenario(length: u32) -> Vec<u8> {
    let mut body = vec![7; 16];
    put_number(&mut body, 10);
    put_number(&mut body, 10);
    put_number(&mut body, 5);
    body.extend_from_slice(b"0.1.0");
    put_number(&mut body, length);
    body
}

fn error(text: &str) -> String {
    match Link::read(text) {
        Ok(link) => panic!("read: {link:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_link_of_this_format_stays_as_it_is_for_ever() {
    // Links like this one are in other people's pages. If it cannot be read any more, the format needs a new number.
    let text = Link { engine_version: "0.1.0".to_owned(), ..stale_read() }.to_fragment().unwrap();
    expect_test::expect_file!["../../../tests/golden/link.txt"].assert_eq(&format!("{text}\n"));
    assert_eq!(Link::read(&text).unwrap(), Link { engine_version: "0.1.0".to_owned(), ..stale_read() });
}

#[test]
fn the_gallery_comes_back_and_is_short() {
    for entry in gallery() {
        let link = Link::new(entry.scenario, 3_000, 3_000, u128::MAX / 3);
        let text = link.to_fragment().unwrap();
        assert_eq!(Link::read(&text).unwrap(), link);
        assert!(text.len() < 4_000, "{} takes {} characters with its words", entry.name, text.len());
        let silent = Link { scenario: Scenario { captions: Vec::new(), ..link.scenario.clone() }, ..link };
        let text = silent.to_fragment().unwrap();
        assert!(text.len() < 460, "{} takes {} characters", entry.name, text.len());
    }
}

#[test]
fn what_is_left_out_of_a_link_is_what_a_scenario_has_by_default() {
    let json = serde_json::to_string(&WithoutDefaults(&Scenario::of("paxos"))).unwrap();
    assert_eq!(json, r#"{"protocol":"paxos"}"#);
    let mut scenario = Scenario { seed: u64::MAX, title: Some("é \u{0} \"<b>\"".to_owned()), ..Scenario::of("raft") };
    scenario.limits.events = 5;
    let json = serde_json::to_string(&WithoutDefaults(&scenario)).unwrap();
    assert_eq!(parse(&json).unwrap(), scenario);
}

#[test]
fn the_order_in_which_rules_were_switched_off_does_not_change_a_link() {
    let with = |mutations: &[&str]| {
        let mutations = mutations.iter().map(|&name| name.to_owned()).collect();
        Link::new(Scenario { mutations, ..Scenario::of("raft") }, 5, 5, 1).to_fragment().unwrap()
    };
    assert_eq!(with(&["no-op-off", "sessions-off", "no-op-off"]), with(&["sessions-off", "no-op-off"]));
}

#[test]
fn a_link_is_read_from_a_url_a_fragment_or_its_bare_text() {
    let fragment = stale_read().to_fragment().unwrap();
    let bare = fragment.strip_prefix("#run=").unwrap();
    for text in [
        fragment.clone(),
        format!("run={bare}"),
        bare.to_owned(),
        format!("  https://example.org/a/?q=1{fragment}\n"),
        format!("embed.html#theme=dark&run={bare}&panels=log"),
    ] {
        assert_eq!(Link::read(&text).unwrap(), stale_read(), "{text}");
    }
    assert!(is_link(&fragment) && is_link("run=1.x") && is_link("http://localhost/#a=b&run=1.x"));
    assert!(
        !is_link("stale-read")
            && !is_link("-")
            && !is_link("runs/scenario.json")
            && !is_link("{\"protocol\":\"raft\"}")
    );
}

#[test]
fn what_is_no_link_is_told_so() {
    assert_eq!(error(""), "link: there is no run= behind the #");
    assert_eq!(error("https://example.org/"), "link: there is no run= behind the #");
    assert_eq!(error("#theme=dark"), "link: there is no run= behind the #");
    assert_eq!(error("#run="), "format: the format's number and a point are missing");
    assert!(error("#run=2.AAAA").starts_with("format: this engine ("), "{}", error("#run=2.AAAA"));
    assert_eq!(error("#run=1."), "checksum: the link is cut short");
    assert!(error("#run=1.AAA*").starts_with("base64: "));
    assert!(error("#run=1.🚀").starts_with("base64: "));
    assert_eq!(
        error(&"9".repeat(TEXT_LENGTH_MAX + 1)),
        format!("link: at most {TEXT_LENGTH_MAX} characters, not {}", TEXT_LENGTH_MAX + 1)
    );
}

#[test]
fn a_link_that_is_cut_short_or_changed_anywhere_is_refused() {
    let text = stale_read().to_fragment().unwrap();
    for end in 0..text.len() {
        assert!(Link::read(&text[..end]).is_err(), "{end} characters of {}", text.len());
    }
    let mut stream = Stream::new(1, 1);
    let alphabet = b"ABCXYZabcxyz0189-_.#=&% ";
    for index in "#run=1.".len()..text.len() {
        let mut bytes = text.clone().into_bytes();
        let letter = alphabet[stream.between(0, alphabet.len() as u64 - 1) as usize];
        if bytes[index] != letter {
            bytes[index] = letter;
            let altered = String::from_utf8(bytes).unwrap();
            // Space at the end, and what follows an & there, is no part of a link.
            assert!(Link::read(&altered).is_err(), "{altered}");
        }
    }
}

#[test]
fn random_bytes_are_refused_with_and_without_a_checksum_that_fits() {
    let mut stream = Stream::new(2, 1);
    for _ in 0..3_000 {
        let length = stream.between(0, 200);
        let bytes: Vec<u8> = (0..length).map(|_| stream.between(0, 255) as u8).collect();
        assert!(Link::read(&with_body(&bytes)).is_err());
        let mut body = body_before_scenario(stream.between(0, 5_000) as u32);
        body.extend_from_slice(&bytes);
        assert!(Link::read(&with_body(&body)).is_err());
        assert!(Link::read(&format!("#run=1.{}", String::from_utf8_lossy(&bytes))).is_err());
    }
}

#[test]
fn a_packed_scenario_that_was_changed_where_the_checksum_fits_is_refused_or_still_a_scenario() {
    let text = stale_read().to_fragment().unwrap();
    let body = packing::disarm(text.strip_prefix("#run=1.").unwrap()).unwrap();
    let mut stream = Stream::new(3, 1);
    for _ in 0..5_000 {
        let mut body = body.clone();
        for _ in 0..stream.between(1, 3) {
            let index = stream.between(0, body.len() as u64 - 1) as usize;
            body[index] = stream.between(0, 255) as u8;
        }
        if let Ok(link) = Link::read(&with_body(&body)) {
            assert!(link.playhead <= link.events && link.to_fragment().is_ok());
        }
    }
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    // A megabyte and a half of spaces, honestly announced.
    let spaces = vec![b' '; 3 << 19];
    let mut body = body_before_scenario(spaces.len() as u32);
    deflate(&spaces, &mut body);
    assert!(body.len() < 3_000, "it packs well: {}", body.len());
    assert_eq!(error(&with_body(&body)), "scenario: 1572864 bytes unpacked, and at most 1048576 are read");
    // The same, announced as short.
    let mut body = body_before_scenario(20);
    deflate(&spaces, &mut body);
    assert_eq!(error(&with_body(&body)), "scenario: it is longer than the link says");
    let mut body = body_before_scenario(u32::MAX);
    deflate(b"{}", &mut body);
    assert!(error(&with_body(&body)).starts_with("scenario: 4294967295 bytes unpacked"));
}

#[test]
fn a_scenario_that_is_longer_or_shorter_than_announced_or_followed_by_something_is_refused() {
    let text = br#"{"protocol":"raft"}"#;
    let mut body = body_before_scenario(text.len() as u32 + 1);
    deflate(text, &mut body);
    assert_eq!(error(&with_body(&body)), "scenario: it is shorter than the link says");
    let mut body = body_before_scenario(text.len() as u32);
    deflate(text, &mut body);
    assert!(Link::read(&with_body(&body)).is_ok());
    body.push(0);
    assert_eq!(error(&with_body(&body)), "scenario: something follows it");
}

#[test]
fn a_playhead_behind_the_end_of_the_run_is_refused() {
    let packed = Packed {
        engine_version: "0.1.0".to_owned(),
        scenario_json: r#"{"protocol":"raft"}"#.to_owned(),
        events: 9,
        playhead: 10,
        trace_hash: 0,
    };
    assert_eq!(error(&packed.to_fragment().unwrap()), "playhead: it stands after 10 events, and the run has 9");
}

#[test]
fn what_is_wrong_in_the_scenario_is_said_with_its_place_and_with_the_engine_that_wrote_it() {
    let link = |version: &str, json: &str| {
        let (engine_version, scenario_json) = (version.to_owned(), json.to_owned());
        Packed { engine_version, scenario_json, events: 1, playhead: 1, trace_hash: 0 }.to_fragment().unwrap()
    };
    let ours = error(&link(crate::ENGINE_VERSION, r#"{"protocol":"raft","network":{"lag":3}}"#));
    assert!(ours.starts_with("scenario.network.lag: unknown field `lag`") && !ours.contains("made by"), "{ours}");
    let theirs = error(&link("9.9.9", r#"{"protocol":"raft","gravity":3}"#));
    assert!(theirs.contains("(the link was made by engine 9.9.9, and this is"), "{theirs}");
    assert!(error(&link("<script>", r#"{"protocol":"raft"}"#)).starts_with("engine: not the name of a version"));
    assert!(
        error(&link(&"9".repeat(41), r#"{"protocol":"raft"}"#)).starts_with("engine: a version's name of 41 bytes")
    );
}

#[test]
fn a_scenario_that_is_too_large_for_a_link_is_refused_when_the_link_is_made() {
    let mut stream = Stream::new(4, 1);
    let title: String = (0..200_000).map(|_| char::from(stream.between(32, 126) as u8)).collect();
    let link = Link::new(Scenario { title: Some(title), ..Scenario::of("raft") }, 1, 1, 0);
    let problem = link.to_fragment().unwrap_err().to_string();
    assert!(
        problem.starts_with("link: it would have ") && problem.ends_with("and at most 100000 are read"),
        "{problem}"
    );
    let link = Link::new(Scenario { title: Some(" ".repeat(1 << 20)), ..Scenario::of("raft") }, 1, 1, 0);
    assert!(link.to_fragment().is_err());
}
