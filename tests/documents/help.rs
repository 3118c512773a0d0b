//! The chapter that the command line's help is: made from it, so that it cannot say anything else.

use std::process::Command;

use expect_test::expect_file;

use super::chapters::root;

/// Words before the generated part.
const BEGINNING: &str = "\
# Command line: every command

What `--help` says of each command. This chapter is made from the program by `UPDATE_EXPECT=1 cargo test documents`;
[the command line](command-line.md) is told by examples in a chapter of its own.
";

fn help(command: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(command).arg("--help").output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    compact(&lines)
}

/// Without the empty lines between options: a terminal scrolls, a chapter is read.
fn compact(lines: &[&str]) -> String {
    let mut text = String::new();
    for (line, next) in lines.iter().zip(lines.iter().skip(1).map(Some).chain([None])) {
        let is_between_options = line.is_empty() && next.is_some_and(|next| next.starts_with(' '));
        if !is_between_options {
            text += line;
            text.push('\n');
        }
    }
    text
}

/// The names of the commands, in the order of the help.
fn commands() -> Vec<String> {
    let help = help(&[]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.map(|line| line.split_whitespace().next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[test]
fn the_chapter_says_what_the_help_says() {
    let mut text = format!("{BEGINNING}\n## All commands\n\n```text\n{}```\n", help(&[]));
    for command in commands() {
        text += &format!("\n## {command}\n\n```text\n{}```\n", help(&[&command]));
    }
    expect_file![root().join("www/guide/command-line-reference.md")].assert_eq(&text);
}

/// The commands that already speak JSON and nothing else need no option for it; and a shell and `man` want their own.
#[test]
fn every_command_prints_json_or_has_an_option_for_it() {
    for command in commands() {
        let speaks_json = ["grade", "course", "node", "schema", "completions", "man"].contains(&command.as_str());
        assert!(speaks_json || help(&[&command]).contains("--json"), "{command}");
    }
}
