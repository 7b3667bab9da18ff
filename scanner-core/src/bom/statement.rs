//! What Flowdown says in annotations of SPDX documents, as JSON: obligations of a package, what a
//! licence asks for, and in SPDX 2 what the format has no field for.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The marker before the JSON in SPDX 2.
const MARKER: &str = "flowdown:";

/// A statement of one of our kinds; what is not of that kind is absent.
#[derive(Deserialize, Default)]
pub(super) struct Statement {
    /// The kind of the artifact.
    pub(super) kind: Option<String>,
    pub(super) effective: Option<String>,
    #[serde(default)]
    restrictions: Vec<Restriction>,
    #[serde(default)]
    obligations: Vec<Obligation>,
    /// Whose requirements these are.
    pub(super) license: Option<String>,
    #[serde(default)]
    requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
struct Restriction {
    license: String,
    clause: String,
}

#[derive(Deserialize)]
struct Obligation {
    license: String,
    clause: String,
    kind: String,
}

#[derive(Deserialize)]
struct Requirement {
    clause: String,
    kind: String,
}

impl Statement {
    /// Reads the JSON of a statement; `None` when it is none of ours.
    pub(super) fn of(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Reads the comment of an annotation of SPDX 2.
    pub(super) fn of_comment(comment: &str) -> Option<Self> {
        Self::of(comment.strip_prefix(MARKER)?)
    }

    /// The obligations as `license kind clause`.
    pub(super) fn obligations(&self) -> impl Iterator<Item = String> {
        self.obligations.iter().map(|it| format!("{} {} {}", it.license, it.kind, it.clause))
    }

    /// The use restrictions as `license label`: those of a package, or those of a licence.
    pub(super) fn restrictions(&self) -> BTreeSet<String> {
        let own = self.restrictions.iter().map(|it| format!("{} {}", it.license, it.clause));
        let license = self.license.as_deref().unwrap_or_default();
        let of_license = self.requirements.iter().filter(|it| it.kind == "use-restriction");
        own.chain(of_license.map(|it| format!("{license} {}", it.clause))).collect()
    }
}

/// The relation at the beginning of a comment of ours: `fine-tuned-from (declared)`.
pub(super) fn relation(comment: &str) -> Option<String> {
    let word = comment.split_whitespace().next()?;
    let is_relation = word.ends_with("-from") || word.ends_with("-of");
    is_relation.then(|| word.to_owned())
}

/// How a package is commented that only stands in a document to be named as an ancestor or dataset.
pub(super) fn is_outside(comment: Option<&str>) -> bool {
    comment == Some("named by a scanned file; not part of the scanned source")
}
