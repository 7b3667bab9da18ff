//! Copyright lines of an artifact, from the licence and notice texts that came with it.
//!
//! Each artifact keeps its own: nobody's line is taken over from another artifact of the same licence.

use super::facts;
use super::place::cut;
use crate::model::{Artifact, FileRole, Product, Report, TextRole};

/// More lines of one artifact say nothing to a reader that the notice file does not say better.
const LINES: usize = 256;

/// The copyright lines in the licence and notice files of `artifact`, in file order, then those that
/// bills of materials state, each once.
pub(super) fn lines<'a>(report: &'a Report, artifact: &'a Artifact) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let files = artifact
        .files
        .iter()
        .filter(|file| matches!(file.role, FileRole::License | FileRole::Notice));
    for text in files.filter_map(|file| report.inventory.texts.get(&file.path)) {
        if !matches!(text.role, TextRole::License | TextRole::Notice) {
            continue;
        }
        // A line that is not UTF-8 cannot be quoted.
        let all: Vec<&[u8]> = text.bytes.split(|byte| matches!(byte, b'\n' | b'\r')).collect();
        for (number, line) in all.iter().enumerate() {
            let Some(line) = std::str::from_utf8(line).ok().and_then(statement) else { continue };
            if is_of_the_text(&all[number + 1..]) {
                continue;
            }
            if !found.contains(&line) {
                found.push(line);
            }
            if found.len() == LINES {
                return found;
            }
        }
    }
    let mut stated: Vec<&str> = facts::stated_copyright(artifact).collect();
    stated.retain(|line| !found.contains(line));
    found.extend(stated);
    found.truncate(LINES);
    found
}

/// The copyright lines of the product itself, as the vendor declares them.
pub(super) fn of_product(product: &Product) -> Option<String> {
    let lines = &product.copyright;
    (!lines.is_empty()).then(|| cut(&lines.join("\n")).into_owned())
}

/// Whether a statement is about the licence text and not about what came with it: GNU licences say
/// next to it that everyone may copy the text.
fn is_of_the_text(after: &[&[u8]]) -> bool {
    let next = after.iter().map(|line| line.trim_ascii_start()).filter(|line| !line.is_empty());
    next.take(3)
        .any(|line| line.starts_with(b"Everyone is permitted to copy and distribute verbatim"))
}

/// The statement in a line of a text, without what marks it as a comment or a list item.
fn statement(line: &str) -> Option<&str> {
    // A `>` at the end closes an address more often than a comment.
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "#*/;-|>".contains(c));
    let line = line.strip_prefix("<!--").unwrap_or(line).trim();
    let line = line.strip_suffix("-->").or_else(|| line.strip_suffix("*/")).unwrap_or(line);
    let line = line.trim_end_matches(|c: char| c.is_whitespace() || "#*|".contains(c));
    if line.len() > 300 {
        return None;
    }
    if is_dated_inside(line) {
        return Some(line);
    }
    let after = after_mark(line)?;
    // A template names nobody: `[yyyy] [name of copyright owner]`, `<year>  <name of author>`.
    let is_template = ["[yyyy]", "<year>", "{yyyy}", "[year]", "(year)", "yyyy"]
        .iter()
        .any(|mark| after.to_ascii_lowercase().starts_with(mark));
    let has_holder = after.chars().any(char::is_alphabetic);
    (has_holder && !is_template).then_some(line)
}

/// Whether the year stands behind the holder's name: `ICU 57.1 © 1995-2016 IBM`, `Arm Ltd (Copyright
/// 2020)`.
fn is_dated_inside(line: &str) -> bool {
    let begins_named = line.starts_with(char::is_alphabetic);
    let mut marks = ["© ", "(Copyright "].iter().filter_map(|mark| line.split_once(mark));
    marks.any(|(before, after)| begins_named && !is_word_of(before) && digits(after) == 4)
}

/// Whether `before` is the word itself, which [`after_mark`] reads.
fn is_word_of(before: &str) -> bool {
    before.trim_end().eq_ignore_ascii_case("copyright")
}

/// Words that follow `Copyright` at the beginning of a sentence or a heading of licences.
const OF_LICENSES: &[&str] = &[
    "Act",
    "Agreement",
    "And",
    "Assignment",
    "Disclaimer",
    "Holder",
    "Holders",
    "Information",
    "Infringement",
    "Law",
    "Laws",
    "License",
    "Licence",
    "Notice",
    "Notices",
    "Owner",
    "Owners",
    "Statement",
    "Statements",
    "Status",
];

/// Whether `rest` of `Copyright …` is a name: `Mozilla Foundation`, `Amazon.com, Inc.`
fn is_named(line: &str, rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    line.starts_with("Copyright ")
        && word.starts_with(char::is_uppercase)
        && !OF_LICENSES.contains(&word)
        && rest.len() < 120
}

/// What follows `Copyright (c)`, `Copyright ©`, `Copyright 2024`, `©` and the like.
fn after_mark(line: &str) -> Option<&str> {
    let start = ["copyright", "(c)", "©"]
        .iter()
        .find(|mark| line.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark)))?;
    let mut rest = line[start.len()..].trim_start_matches([' ', ':', '\t']);
    let mut is_marked = *start != "copyright";
    for mark in ["(c)", "©", "&copy;"] {
        if rest.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark)) {
            rest = rest[mark.len()..].trim_start();
            is_marked = true;
        }
    }
    // `Copyright notice`, `Copyright and Related Rights`, `(c) You must retain` are no statements.
    let has_year = rest.starts_with(|c: char| c.is_ascii_digit()) && digits(rest) == 4;
    let is_by = rest.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("by "));
    let holder_follows = is_marked && *start == "copyright";
    let holds = has_year || is_by || holder_follows || is_named(line, rest);
    (holds || is_template_start(rest)).then_some(rest)
}

fn is_template_start(rest: &str) -> bool {
    rest.starts_with(['[', '<', '{']) || rest.starts_with("yyyy")
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(statement(line), expected, "{line:?}");
    }

    #[test]
    fn statements_are_found_with_their_holder() {
        check("  Copyright (c) 2023 BigCode", Some("Copyright (c) 2023 BigCode"));
        check("# Copyright 2018- The Authors", Some("Copyright 2018- The Authors"));
        check("© 2024 Ünal GmbH", Some("© 2024 Ünal GmbH"));
        check("(C) 2001-2004 Someone", Some("(C) 2001-2004 Someone"));
        check("Copyright © Meta Platforms, Inc.", Some("Copyright © Meta Platforms, Inc."));
        check("copyright by The HDF Group.", Some("copyright by The HDF Group."));
        check("Copyright Mozilla Foundation", Some("Copyright Mozilla Foundation"));
        check("Copyright Amazon.com, Inc.", Some("Copyright Amazon.com, Inc."));
        check("ICU 57.1 © 1995-2016 IBM", Some("ICU 57.1 © 1995-2016 IBM"));
        check(" - Arm Ltd (Copyright 2020)", Some("Arm Ltd (Copyright 2020)"));
    }

    #[test]
    fn marks_of_comments_go_and_addresses_stay() {
        check("// Copyright 2016 A <a@b.example>", Some("Copyright 2016 A <a@b.example>"));
        check("/* Copyright 2016 A */", Some("Copyright 2016 A"));
        check("<!-- Copyright 2016 A -->", Some("Copyright 2016 A"));
        check("# Copyright 2016 https://a.example/ #", Some("Copyright 2016 https://a.example/"));
    }

    #[test]
    fn what_protects_the_licence_text_is_not_the_artifacts() {
        let after = [
            &b""[..],
            b" 51 Franklin Street",
            b" Everyone is permitted to copy and distribute verbatim copies",
        ];
        assert!(is_of_the_text(&after));
        assert!(!is_of_the_text(&after[..2]));
        assert!(!is_of_the_text(&[b"Permission is hereby granted"]));
    }

    #[test]
    fn words_of_licences_and_templates_are_none() {
        check("Copyright and Related Rights.", None);
        check("copyright notice, this list of conditions", None);
        check("(c) You must retain, in the Source form", None);
        check("Copyright [yyyy] [name of copyright owner]", None);
        check("Copyright (C) <year>  <name of author>", None);
        check("Copyright 2024", None);
        check("Copyright", None);
        check("Copyright Holder means the individual", None);
        check("Copyright License. Subject to the terms", None);
        check("COPYRIGHT AND PERMISSION NOTICE", None);
        check("i.e., \"Copyright (c) 2001, 2002", None);
        check("", None);
    }
}
