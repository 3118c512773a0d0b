//! Who lets a process handle something: the simulator, the explorer, the course and a node, each in one place.

use std::path::Path;

/// How often `process.handle(` stands in the code of a folder, its unit tests left out.
fn calls_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let calls = |path: std::path::PathBuf| {
        if path.is_dir() {
            return calls_in(&path);
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        code.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(|line| line.matches("process.handle(").count())
            .sum()
    };
    entries.map(calls).sum()
}

#[test]
fn each_driver_feeds_its_processes_in_one_place() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for driver in ["sim", "search", "course", "node"] {
        assert_eq!(calls_in(&src.join(driver)), 1, "{driver}");
    }
    for other in ["check", "run", "grade", "lesson", "scenario", "web", "kv"] {
        assert_eq!(calls_in(&src.join(other)), 0, "{other}");
    }
}
