//! The pages of `docs/codes`, one for each code of a diagnostic, a finding, or a problem
//! of a bill of materials.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use flowdown_core::lint::LintCode;
use flowdown_core::model::{Code, Rule};

/// Code and page.
static PAGES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let of_diagnostics = Code::ALL.iter().map(|code| (code.as_str(), code.page()));
    let of_findings = Rule::ALL.iter().map(|rule| (rule.as_str(), rule.page()));
    let of_boms = LintCode::ALL.iter().map(|code| (code.as_str(), code.page()));
    of_diagnostics.chain(of_findings).chain(of_boms).collect()
});

/// The page of a code.
pub(super) fn page(code: &str) -> Option<&'static str> {
    PAGES.get(code).copied()
}

/// Every code, sorted.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    PAGES.keys().copied()
}
