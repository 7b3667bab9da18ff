//! The tables of artifacts: CSV, plain text, Markdown.

use flowdown_core::model::{Finding, Rule};

use crate::{fixture, written};

#[test]
fn the_whole_page() {
    insta::assert_snapshot!("markdown", written("markdown", &fixture::report()));
}

#[test]
fn the_whole_sheet() {
    insta::assert_snapshot!("csv", written("csv", &fixture::report()));
}

#[test]
fn the_whole_table() {
    insta::assert_snapshot!("table", written("table", &fixture::layered()));
}

/// Reads CSV as RFC 4180 says.
fn read(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let row = rows.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(characters.next(), Some('\n'));
                rows.push(vec![String::new()]);
            }
            other => row.last_mut().unwrap().push(other),
        }
    }
    assert_eq!(rows.pop().unwrap(), [String::new()], "the last row ends as the others do");
    rows
}

#[test]
fn every_artifact_is_a_row_and_no_cell_a_formula() {
    let mut report = fixture::layered();
    for (artifact, name) in
        report.inventory.artifacts.iter_mut().zip(["=1+1", "+x", "-x", "@x", "\t=1", "a,\"b\"\r\n"])
    {
        artifact.name = Some(name.to_owned());
        artifact.version = Some(name.to_owned());
    }
    let rows = read(&written("csv", &report));
    assert_eq!(rows.len(), report.inventory.artifacts.len() + 1);
    for row in &rows {
        assert_eq!(row.len(), 12);
        assert!(row.iter().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])));
    }
    assert_eq!(rows[1][1], "'=1+1");
    assert_eq!(rows[6][1], "a,\"b\"  ");
    assert!(rows.iter().skip(1).any(|row| row[11].starts_with("sha256:")), "the layer");
}

#[test]
fn words_cannot_add_headings_rows_or_links_to_the_page() {
    let page = written("markdown", &fixture::report());
    assert_eq!(page.lines().filter(|line| line.starts_with('#')).count(), 5);
    let bare = page.replace("\\[", "").replace("\\]", "").replace("\\<", "");
    assert!(!bare.contains(['[', ']', '<', '\u{202e}', '\u{1b}']), "{bare}");
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(
        page.lines().filter(|it| it.starts_with('|')).all(|it| [6, 7, 9].contains(&columns(it)))
    );
}

#[test]
fn long_lists_are_cut_and_counted() {
    let mut report = fixture::report();
    let first = report.assessment.findings[0].clone();
    let next = |_| Finding { rule: Rule::LicenseUnknown, ..first.clone() };
    report.assessment.findings = (0..1_000).map(next).collect();
    let page = written("markdown", &report);
    assert_eq!(page.matches("`license.unknown`").count(), 200);
    assert!(page.contains("The first 200 of 1000 findings; the format `json` has all"), "{page}");
}

#[test]
fn a_table_has_a_line_for_each_artifact() {
    let report = fixture::report();
    let table = written("table", &report);
    assert_eq!(table.lines().count(), report.inventory.artifacts.len() + 1);
    assert!(!table.contains(['\u{202e}', '\u{1b}']), "{table}");
}
