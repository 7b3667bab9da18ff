//! The pages of `docs/codes`, one for each code of a diagnostic or finding.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use flowdown_core::model::{Code, Rule};

/// Code and page.
static PAGES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let of_diagnostics = Code::ALL.iter().map(|code| (code.as_str(), code.page()));
    let of_findings = Rule::ALL.iter().map(|rule| (rule.as_str(), rule.page()));
    of_diagnostics.chain(of_findings).collect()
});

/// The page of a code.
pub(super) fn page(code: &str) -> Option<&'static str> {
    PAGES.get(code).copied()
}

/// Every code, sorted.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    PAGES.keys().copied()
}
