//! What a licence expression is to a document: one listed id, one `LicenseRef-`, or several.
//!
//! Every format treats the three differently, and an expression that came from a scanned file may be
//! none of them. Whatever does not parse strictly is [`Reading::Unreadable`] and is written as the
//! words that were read, never as an SPDX id.

use spdx::{LicenseItem, LicenseReq};

use crate::model::parse_expression;

/// One licence of an expression.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Atom {
    /// An id of the SPDX License List.
    Listed(String),
    /// `LicenseRef-…`.
    Reference(String),
}

impl Atom {
    /// The id as it stands in an expression.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Listed(id) | Self::Reference(id) => id,
        }
    }
}

/// What an expression is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// Exactly one licence, without `+` or `WITH`.
    One(Atom),
    /// A valid expression that is more than one licence; the atoms are sorted and distinct.
    Several(Vec<Atom>),
    /// Not a strict SPDX expression, or past the limits.
    Unreadable,
}

impl Reading {
    /// The licences in it.
    pub(super) fn atoms(&self) -> &[Atom] {
        match self {
            Self::One(atom) => std::slice::from_ref(atom),
            Self::Several(atoms) => atoms,
            Self::Unreadable => &[],
        }
    }
}

/// Reads a licence expression.
pub(super) fn read(text: &str) -> Reading {
    let Some(expression) = parse_expression(text) else { return Reading::Unreadable };
    let requirements: Vec<&LicenseReq> =
        expression.requirements().map(|requirement| &requirement.req).collect();
    let Some(mut atoms) =
        requirements.iter().map(|req| atom(&req.license)).collect::<Option<Vec<_>>>()
    else {
        return Reading::Unreadable;
    };
    match (requirements.as_slice(), atoms.pop()) {
        ([single], Some(atom)) if atom.id() == text.trim() && single.addition.is_none() => {
            Reading::One(atom)
        }
        (_, Some(last)) => {
            atoms.push(last);
            atoms.sort();
            atoms.dedup();
            Reading::Several(atoms)
        }
        (_, None) => Reading::Unreadable,
    }
}

fn atom(item: &LicenseItem) -> Option<Atom> {
    match item {
        // The list of the crate holds `NOASSERTION` as if it were a licence.
        LicenseItem::Spdx { id, .. } if matches!(id.name, "NOASSERTION" | "NONE") => None,
        LicenseItem::Spdx { id, .. } => Some(Atom::Listed(id.name.to_owned())),
        LicenseItem::Other(reference) => {
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
            // A reference into another document cannot be resolved by whoever gets this one.
            (reference.doc_ref.is_none() && reference.lic_ref.chars().all(legal))
                .then(|| Atom::Reference(format!("LicenseRef-{}", reference.lic_ref)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let words = match read(text) {
            Reading::One(Atom::Listed(id)) => format!("listed {id}"),
            Reading::One(Atom::Reference(id)) => format!("reference {id}"),
            Reading::Several(atoms) => atoms.iter().map(Atom::id).collect::<Vec<_>>().join(" + "),
            Reading::Unreadable => "unreadable".to_owned(),
        };
        assert_eq!(words, expected, "{text:?}");
    }

    #[test]
    fn one_several_none() {
        check("MIT", "listed MIT");
        check(" MIT ", "listed MIT");
        check("GPL-2.0", "listed GPL-2.0");
        check(
            "LicenseRef-scancode-bigcode-open-rail-m-v1",
            "reference LicenseRef-scancode-bigcode-open-rail-m-v1",
        );
        check("MIT OR Apache-2.0", "Apache-2.0 + MIT");
        check("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only");
        check("Apache-2.0+", "Apache-2.0");
        check("MIT AND (MIT OR LicenseRef-x)", "MIT + LicenseRef-x");
    }

    #[test]
    fn what_is_no_strict_expression_is_unreadable() {
        for text in
            ["", "NOASSERTION", "NONE", "mit license", "Apache 2.0", "MIT/Apache-2.0", "MIT AND"]
        {
            check(text, "unreadable");
        }
        check("LicenseRef-a_b", "unreadable");
        check("DocumentRef-x:LicenseRef-y", "unreadable");
        check("MIT\u{202e}", "unreadable");
    }

    #[test]
    fn hostile_expressions_are_bounded() {
        let deep = format!("{}MIT{}", "(".repeat(10_000), ")".repeat(10_000));
        check(&deep, "unreadable");
        check(&vec!["MIT"; 10_000].join(" OR "), "unreadable");
    }
}
