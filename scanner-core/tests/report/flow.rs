//! Who can enforce what, as Markdown.

use flowdown_core::model::ArtifactKind;

use crate::{fixture, written};

#[test]
fn the_whole_page() {
    insta::assert_snapshot!("flow", written("flow", &fixture::report()));
}

#[test]
fn a_report_about_nothing_has_a_page() {
    let page = written("flow", &fixture::empty());
    assert!(page.contains("No gap was found in what is known"), "{page}");
}

/// Lines of a page outside of its diagrams, and the lines inside of them.
fn split(page: &str) -> (Vec<&str>, Vec<&str>) {
    let mut is_diagram = false;
    page.lines().partition(|line| {
        let is_fence = line.starts_with("```");
        is_diagram ^= is_fence;
        !is_diagram && !is_fence
    })
}

#[test]
fn names_cannot_add_headings_rows_or_nodes() {
    let count = |page: &str| {
        let (text, diagrams) = split(page);
        let of = |start: &str| text.iter().filter(|line| line.starts_with(start)).count();
        // A backslash before punctuation takes its meaning.
        let bare = page.replace("\\|", "").replace("\\<", "");
        (of("#"), of("|"), diagrams.len(), bare.matches('|').count(), bare.matches('<').count())
    };
    let harmless = written("flow", &fixture::report());
    let mut report = fixture::report();
    let attack = "x\n# y | <img src=z>\n```\n\"] --> p9[\"";
    for party in &mut report.assessment.flow.parties {
        party.name = attack.to_owned();
    }
    for chain in &mut report.assessment.flow.chains {
        chain.name = attack.to_owned();
        for edge in &mut chain.edges {
            edge.because = attack.to_owned();
        }
    }
    for artifact in &mut report.inventory.artifacts {
        if artifact.kind != ArtifactKind::Document {
            artifact.name = Some(attack.to_owned());
        }
    }
    assert_eq!(count(&written("flow", &report)), count(&harmless));
}
