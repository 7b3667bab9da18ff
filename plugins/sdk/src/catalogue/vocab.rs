//! The vocabulary of records: what is forbidden, and what must be done. The definitions are ours.

use std::sync::LazyLock;

use serde::Deserialize;

/// How the words begin that say under what a derivative may be licensed, most specific first.
/// What follows is for people.
pub const RELICENSE_DERIVATIVES: &[&str] = &[
    "free-with-flowdown",
    "free",
    "flowdown",
    "silent; restrictions follow",
    "CC rules",
    "own",
    "research only; copy of Agreement",
    "terms or URL must follow",
    "with copy of Agreement",
    "same-",
    "stays under",
    "none",
    "as MRL (unsure)",
    "bounded by contract",
    "silent",
    "unknown",
    "unsure",
];

/// Something that a licence can forbid.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its id, for example `medical-advice`.
    pub id: String,
    /// What it means.
    pub definition: String,
}

/// Something that a licence can make somebody do, or let the licensor do.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObligationKind {
    /// Its id, for example `copy-of-licence`.
    pub id: String,
    /// What it means.
    pub definition: String,
    /// What usually triggers it; `?` marks where licences differ.
    pub default_trigger: String,
    /// Who owes it to whom: `conveyor>recipient`.
    pub owed: String,
    /// The details that a record can give, by name.
    pub params: String,
    /// What files can show about it.
    pub evidence: String,
    /// How a program looks for it.
    pub how: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Categories {
    category: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObligationKinds {
    obligation_kind: Vec<ObligationKind>,
}

static CATEGORIES: LazyLock<Vec<Category>> = LazyLock::new(|| {
    toml::from_str::<Categories>(include_str!("../../vocab/categories.toml"))
        .expect("the file is compiled in and a test reads it")
        .category
});

static OBLIGATION_KINDS: LazyLock<Vec<ObligationKind>> = LazyLock::new(|| {
    toml::from_str::<ObligationKinds>(include_str!("../../vocab/obligations.toml"))
        .expect("the file is compiled in and a test reads it")
        .obligation_kind
});

/// Every category, in the order of the vocabulary.
pub fn categories() -> &'static [Category] {
    &CATEGORIES
}

/// The category with this id.
pub fn category(id: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.id == id)
}

/// Every kind of obligation, in the order of the vocabulary.
pub fn obligation_kinds() -> &'static [ObligationKind] {
    &OBLIGATION_KINDS
}

/// The kind of obligation with this id.
pub fn obligation_kind(id: &str) -> Option<&'static ObligationKind> {
    OBLIGATION_KINDS.iter().find(|kind| kind.id == id)
}
