//! The documents are held to what they say: README.md, the guide (`www/guide`), and the map in `src/lib.rs`.
//!
//! * `chapters`: what there is to read; its length, its links. * `markdown`: fences.
//! * `console`: every command that a document shows is run, and its output compared.
//! * `fields`: what the page's modules know of a scenario's fields. * `schemas`, `help`: chapters that are made from the
//!   types and from the command line's help.
//! * `tables`: how soon hunts and the explorer see that a rule is switched off.
//! * `map`: what the map says of who may use whom.
//!
//! `UPDATE_EXPECT=1 cargo test documents` writes what has changed into the documents, to be reviewed as a diff.

mod chapters;
mod console;
mod fields;
mod help;
mod map;
mod markdown;
mod schemas;
mod tables;
