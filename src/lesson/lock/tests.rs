//! What the model shows, and that a token saves what a lease does not.

use super::*;

fn of(change: impl FnOnce(&mut LockSettings)) -> LockRun {
    let mut settings = LockSettings::default();
    change(&mut settings);
    play(settings).expect("the settings are within their ranges")
}

#[test]
fn with_right_clocks_and_no_pause_the_lock_does_what_it_promises() {
    let run = of(|_| {});
    assert_eq!((run.file.as_slice(), run.is_corrupted, run.refused), (["A", "B"].as_slice(), false, 0));
}

#[test]
fn a_pause_longer_than_the_lease_loses_a_line_although_the_client_looked_at_its_clock() {
    let run = of(|settings| settings.pause_ms = 150);
    assert!(run.is_corrupted, "{:#?}", run.events);
    assert_eq!(run.file, ["A"]);
    assert!(run.events.iter().any(|event| event.kind == LockEventKind::Overwrote));
}

#[test]
fn a_service_whose_clock_is_fast_gives_the_lock_away_too_soon() {
    let run = of(|settings| settings.service_clock_percent = 300);
    assert!(run.is_corrupted, "{:#?}", run.events);
    let slow = of(|settings| settings.service_clock_percent = 50);
    assert!(!slow.is_corrupted, "a slow one only keeps it too long");
}

#[test]
fn the_fencing_token_saves_the_file_in_both_cases() {
    for (pause_ms, service_clock_percent) in [(150, 100), (0, 300), (150, 300), (400, 400)] {
        let run = of(|settings| {
            (settings.pause_ms, settings.service_clock_percent, settings.fencing) =
                (pause_ms, service_clock_percent, true)
        });
        assert!(!run.is_corrupted && run.refused > 0, "{pause_ms} ms, {service_clock_percent} %: {:#?}", run.events);
        let mut file = run.file.clone();
        file.sort_unstable();
        assert_eq!(file, ["A", "B"]);
    }
}

#[test]
fn with_fencing_nothing_is_ever_lost() {
    for lease_ms in [20, 60, 100] {
        for work_ms in [0, 15, 40, 90] {
            for pause_ms in [0, 30, 100, 300] {
                for service_clock_percent in [25, 100, 170, 400] {
                    for clients_check in [false, true] {
                        let settings = LockSettings {
                            lease_ms,
                            work_ms,
                            pause_ms,
                            service_clock_percent,
                            clients_check,
                            fencing: true,
                        };
                        let run = play(settings).expect("within range");
                        assert!(!run.is_corrupted, "{settings:?}: {:#?}", run.events);
                    }
                }
            }
        }
    }
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let refused = play(LockSettings { lease_ms: 0, ..LockSettings::default() });
    assert_eq!(refused.expect_err("too short"), "lease_ms: 20 to 1000, not 0");
    assert!(play(LockSettings { service_clock_percent: u64::MAX, ..LockSettings::default() }).is_err());
}
