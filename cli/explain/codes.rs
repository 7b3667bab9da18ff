//! The pages of `docs/codes`, one for each code of a diagnostic or finding.

/// Code and page, sorted by code.
static PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// The page of a code.
pub(super) fn page(code: &str) -> Option<&'static str> {
    PAGES.binary_search_by_key(&code, |(code, _)| code).ok().map(|index| PAGES[index].1)
}

/// Every code, sorted.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}
