//! Words of records. What follows from whole records stands in `tests/conveyance.rs` of the workspace.

use super::case::{Reach, hosting};
use super::slug;

#[track_caller]
fn check(words: &str, expected: Reach) {
    assert_eq!(hosting(words), expected, "{words:?}");
}

#[test]
fn hosting_counts_only_where_the_record_says_so() {
    check("yes", Reach::Reached);
    check("yes (1(g); para 4)", Reach::Reached);
    check("", Reach::Service);
    check("-", Reach::Service);
    check("no (US copyright meaning of distribution, 1(iv))", Reach::Service);
    check("silent (Apache notion of distribution)", Reach::Service);
    check("'make available' is covered; API access to outputs alone: unsure", Reach::Unsure);
    check("partly ('available to any third party', 1.b.i)", Reach::Unsure);
    check("non-commercial only", Reach::Unsure);
    check("nothing is said that decides it", Reach::Unsure);
}

#[test]
fn ids_of_licensors_are_plain() {
    assert_eq!(slug("Meta Platforms Inc. / Meta (EEA, CH)"), "meta-platforms-inc-meta-eea-ch");
    assert_eq!(slug("  "), "unnamed");
    assert_eq!(slug("\u{6df1}\u{5ea6}"), "unnamed");
    assert_eq!(slug(&"x".repeat(1_000)).len(), 64);
}
