//! Copyright lines of an artifact, from the licence and notice texts that came with it.
//!
//! Each artifact keeps its own: nobody's line is taken over from another artifact of the same licence.

use crate::model::{Artifact, FileRole, Report, TextRole};

/// More lines of one artifact say nothing to a reader that the notice file does not say better.
const LINES: usize = 256;

/// The copyright lines in the licence and notice files of `artifact`, in file order, each once.
pub(super) fn lines<'a>(report: &'a Report, artifact: &Artifact) -> Vec<&'a str> {
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
        for line in text.bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let Some(line) = std::str::from_utf8(line).ok().and_then(statement) else { continue };
            if !found.contains(&line) {
                found.push(line);
            }
            if found.len() == LINES {
                return found;
            }
        }
    }
    found
}

/// The statement in a line of a text, without what marks it as a comment or a list item.
fn statement(line: &str) -> Option<&str> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || "#*/;-|>".contains(c));
    if line.len() > 300 {
        return None;
    }
    let after = after_mark(line)?;
    // A template names nobody: `[yyyy] [name of copyright owner]`, `<year>  <name of author>`.
    let is_template = ["[yyyy]", "<year>", "{yyyy}", "[year]", "(year)", "yyyy"]
        .iter()
        .any(|mark| after.to_ascii_lowercase().starts_with(mark));
    let has_holder = after.chars().any(char::is_alphabetic);
    (has_holder && !is_template).then_some(line)
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
    (has_year || is_by || holder_follows || is_template_start(rest)).then_some(rest)
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
        check("", None);
    }
}
