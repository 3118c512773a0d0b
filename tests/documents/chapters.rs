//! What there is to read, and that it hangs together: short enough, and every link leads somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::markdown::{headings, prose};

/// A document, by its path from the root.
pub struct Document {
    pub path: PathBuf,
    pub text: String,
}

impl Document {
    pub fn name(&self) -> String {
        self.path.strip_prefix(root()).unwrap().display().to_string()
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The chapters of the guide, sorted by name.
pub fn guide() -> Vec<Document> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join("www/guide")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths.into_iter().map(read).collect()
}

/// README.md and the chapters.
pub fn documents() -> Vec<Document> {
    let mut documents = vec![read(root().join("README.md"))];
    documents.extend(guide());
    documents
}

fn read(path: PathBuf) -> Document {
    let text = std::fs::read_to_string(&path).unwrap();
    Document { path, text }
}

/// Whether a chapter is made by a test, as its second paragraph says: it is as long as what it lists.
fn is_generated(chapter: &Document) -> bool {
    let paragraph = chapter.text.split("\n\n").nth(1).unwrap_or_default();
    paragraph.contains("This chapter is made from ")
}

#[test]
fn the_readme_is_one_page() {
    let words = documents()[0].text.split_whitespace().count();
    assert!(words < 900, "{words} words: what is longer belongs into the guide");
}

#[test]
fn a_chapter_has_at_most_400_lines_and_begins_with_its_title() {
    for document in guide() {
        let lines = document.text.lines().count();
        assert!(lines <= 400 || is_generated(&document), "{}: {lines} lines", document.name());
        assert!(document.text.starts_with("# "), "{}: begins with its title", document.name());
        let titles = headings(&document.text).iter().filter(|heading| heading.level == 1).count();
        assert_eq!(titles, 1, "{}: one title", document.name());
    }
}

#[test]
fn the_table_of_contents_names_every_chapter_once() {
    let contents = guide().into_iter().find(|document| document.path.ends_with("index.md")).unwrap();
    let named: Vec<String> = links(&contents.text).into_iter().filter(|link| !link.contains('#')).collect();
    let distinct: BTreeSet<&String> = named.iter().collect();
    assert_eq!(named.len(), distinct.len(), "each once: {named:?}");
    let there: BTreeSet<String> =
        guide().iter().map(|chapter| chapter.path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    let missing: Vec<_> = there.iter().filter(|name| *name != "index.md" && !distinct.contains(name)).collect();
    assert!(missing.is_empty(), "not in the table of contents: {missing:?}");
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for document in documents() {
        for link in links(&document.text) {
            if link.starts_with("https://") || link.starts_with("http://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target =
                if file.is_empty() { document.path.clone() } else { document.path.parent().unwrap().join(file) };
            if !target.exists() {
                wrong.push(format!("{}: {link}: there is no such file", document.name()));
            } else if !anchor.is_empty() {
                let text = std::fs::read_to_string(&target).unwrap();
                if !headings(&text).iter().any(|heading| heading.anchor == anchor) {
                    wrong.push(format!("{}: {link}: there is no such heading", document.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files and folders that a document names as code are there, so that a map does not outlive what it shows.
#[test]
fn every_path_that_is_named_is_there() {
    let mut wrong = Vec::new();
    for document in documents() {
        for path in paths(&prose(&document.text)) {
            if !root().join(&path).exists() {
                wrong.push(format!("{}: {path}", document.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "no such path:\n{}", wrong.join("\n"));
}

/// What stands in backquotes and begins with a folder of ours.
fn paths(prose: &str) -> Vec<String> {
    let spans = prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_path = |span: &&str| ["src/", "www/", "tests/", ".ci/"].iter().any(|folder| span.starts_with(folder));
    // What the build makes is not there before it; a word in capitals or a star stands for several; words after a path are arguments.
    let is_one = |path: &str| {
        let is_made = path.starts_with("www/dist") || path.starts_with("www/pkg");
        !is_made && !path.contains('*') && !path.contains("NAME")
    };
    spans.filter(is_path).map(|span| span.split(' ').next().unwrap().to_owned()).filter(|path| is_one(path)).collect()
}

/// The targets of the links in the prose of a document.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in prose(text).lines() {
        for (start, _) in line.match_indices("](") {
            let target = &line[start + 2..];
            links.push(target[..target.find(')').unwrap()].to_owned());
        }
    }
    links
}
