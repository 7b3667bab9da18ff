//! What can be wrong, one file each.

mod ai_profile;
mod citations;
mod data;
mod dependencies;
mod expressions;
mod hashes;
mod identity;
mod identity_evidence;
mod license_entries;
mod license_lists;
mod license_texts;
mod pointers;
mod properties;
mod purls;
mod reference_form;
mod repeated_keys;
mod resolved_references;
mod timestamps;
mod unique_references;
mod versions;

use super::document::Document;
use super::{LintCode, Problems};

/// Judges one thing.
pub struct Rule {
    /// Its file.
    pub id: &'static str,
    /// What it can report.
    pub codes: &'static [LintCode],
    pub(super) check: fn(&Document, &mut Problems),
}

macro_rules! rules {
    ($($name:ident)*) => {
        &[$(Rule { id: stringify!($name), codes: $name::CODES, check: $name::check },)*]
    };
}

/// Every rule, sorted.
pub const ALL: &[Rule] = rules! {
    ai_profile
    citations
    data
    dependencies
    expressions
    hashes
    identity
    identity_evidence
    license_entries
    license_lists
    license_texts
    pointers
    properties
    purls
    reference_form
    repeated_keys
    resolved_references
    timestamps
    unique_references
    versions
};
