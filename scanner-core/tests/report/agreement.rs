//! The agreement beside the restrictions, as Markdown.

use flowdown_core::model::{
    AgreementReview, ComparedWith, DanglingReference, Difference, Digest, DutyReview, DutyVerdict,
    LicenseReview, Location, Mental, QuotedPassage, RestrictionReview, RestrictionVerdict,
    SourcePath, UseRestriction, UserFile, Weakening, WordingDemand,
};

use crate::{fixture, written};

fn file() -> UserFile {
    UserFile { path: SourcePath::new("EULA.md"), sha256: Digest::sha256_of(b"agreement") }
}

fn passage(text: &str, line: u64) -> QuotedPassage {
    QuotedPassage {
        text: text.to_owned(),
        at: Location::user_file(&file()).at_lines(line, line),
        score_permille: 750,
    }
}

fn restriction(label: &str, verdict: RestrictionVerdict) -> RestrictionReview {
    let weakened = verdict == RestrictionVerdict::Weakened;
    let difference = Difference {
        weakening: Weakening::ExceptionAdded,
        what: format!("`unless {}`", fixture::HOSTILE),
    };
    RestrictionReview {
        restriction: UseRestriction {
            label: label.to_owned(),
            categories: vec!["category-a".to_owned()],
            mental: Mental::None,
            exceptions: Vec::new(),
            note: None,
        },
        wording: weakened.then(|| {
            let at = Location::scanned(&SourcePath::new("starcoder/LICENSE")).at_lines(4, 4);
            ("not to do the first thing".to_owned(), at)
        }),
        verdict,
        compared_with: ComparedWith::Wording,
        passages: if weakened { vec![passage(fixture::HOSTILE, 7)] } else { Vec::new() },
        differences: if weakened { vec![difference] } else { Vec::new() },
        because: "an example".to_owned(),
    }
}

/// A review with one of each, and words that try to break out.
pub(crate) fn review() -> AgreementReview {
    AgreementReview {
        files: vec![file()],
        licenses: vec![LicenseReview {
            license: fixture::key(fixture::RAIL),
            clause: "5.1".to_owned(),
            list: Some("Attachment A".to_owned()),
            applies_to: Some("any agreement".to_owned()),
            demand: WordingDemand::Similar,
            artifacts: vec![fixture::id("model", "coder")],
            restrictions: vec![
                restriction("(a)", RestrictionVerdict::Weakened),
                restriction("(b)", RestrictionVerdict::Missing),
            ],
            duties: vec![DutyReview {
                kind: "notify-recipients".to_owned(),
                clause: "5.2".to_owned(),
                verdict: DutyVerdict::Stated,
                passages: vec![passage("The model is subject to restrictions.", 3)],
                because: "a passage says so".to_owned(),
            }],
        }],
        dangling: vec![DanglingReference { passage: passage("See Annex A.", 9) }],
    }
}

#[test]
fn the_whole_page() {
    insta::assert_snapshot!("agreement", written("agreement", &fixture::report()));
}

#[test]
fn without_an_agreement_the_page_says_so() {
    let page = written("agreement", &fixture::empty());
    assert!(page.contains("`product.agreement` is not declared"), "{page}");
}

#[test]
fn words_cannot_add_headings_rows_or_links() {
    let page = written("agreement", &fixture::report());
    let of = |start: &str| page.lines().filter(|line| line.starts_with(start)).count();
    // Title, files, one licence, the legend; two tables with two lines of head and three rows.
    assert_eq!((of("#"), of("|")), (4, 7));
    assert!(page.lines().filter(|line| line.starts_with('|')).all(|line| {
        let cells = line.replace("\\|", "").matches('|').count();
        cells == 7 || cells == 6
    }));
    let bare = page.replace("\\[", "").replace("\\]", "").replace("\\<", "");
    assert!(!bare.contains(['[', ']', '<', '\u{202e}', '\u{1b}']), "{bare}");
}
