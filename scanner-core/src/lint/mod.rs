//! What is wrong with a bill of materials, whoever wrote it, beyond what schemas say.
//!
//! A document that its schema accepts can still name things twice, refer to nothing, state purls and
//! licence expressions that nobody can read, or claim a profile that it does not keep. The stages
//! here are: bytes become a tree (`bom::tree`), the tree becomes a `document` (what the rules need, the same
//! for every format, each value with its place), and each of the `rules` judges one thing.
//!
//! It does not replace a schema: types, required fields and enumerations are only looked at where
//! validators are known to differ. Documents are hostile input: sizes, depths and the number of
//! problems are bounded, and messages quote what they name cut to length.

mod code;
mod document;
mod path;
mod problem;
mod rules;
#[cfg(test)]
mod tests;

use crate::bom::{Format, Parsed, Refusal};
use crate::model::Limits;

pub use code::LintCode;
pub use problem::{Place, Problem, Problems};
pub use rules::ALL;

/// What a lint found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lint {
    /// What the document is written in.
    pub format: Format,
    /// The version of that format, as the document states it; empty when it states none.
    pub version: String,
    /// What is wrong with it.
    pub problems: Problems,
}

/// Judges one document by every rule.
///
/// # Errors
/// When it is no bill of materials, or past a limit: then nothing is said about it.
pub fn lint(bytes: &[u8], limits: &Limits) -> Result<Lint, Refusal> {
    let document = document::read(&Parsed::of(bytes, limits)?);
    let mut problems = Problems::default();
    for rule in ALL {
        (rule.check)(&document, &mut problems);
    }
    problems.sort();
    Ok(Lint { format: document.format, version: document.version, problems })
}
