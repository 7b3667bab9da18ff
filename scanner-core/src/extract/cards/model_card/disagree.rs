//! Whether several cards of one artifact say the same.

use std::collections::BTreeSet;

use crate::extract::names;
use crate::extract::text::shown;
use crate::model::{Code, Diagnostic, Fact, FactName, SourcePath};

/// What must not differ between the cards of one artifact.
const COMPARED: &[(FactName, &str)] =
    &[(names::CARD_BASE_MODEL, "base_model"), (names::CARD_LICENSE, "license")];

/// One complaint for each card that states another licence or base model than the first card that
/// states one. A card that states none does not disagree.
pub fn disagreements(cards: &[(&SourcePath, &[Fact])]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for &(name, key) in COMPARED {
        let mut stated = cards.iter().filter_map(|&(path, facts)| Statement::of(path, facts, name));
        let Some(first) = stated.next() else { continue };
        diagnostics.extend(stated.filter(|other| other.values != first.values).map(|other| {
            Diagnostic::new(
                Code::CardsDisagree,
                other.fact.at.clone(),
                format!(
                    "`{key}` is `{}` in `{}` and `{}` in `{}`",
                    shown(&first.shown()),
                    first.path,
                    shown(&other.shown()),
                    other.path
                ),
            )
            .help("both statements are kept; correct the card that is wrong")
        }));
    }
    diagnostics
}

struct Statement<'a> {
    path: &'a SourcePath,
    fact: &'a Fact,
    /// In lower case: neither tags nor repository names differ by case alone.
    values: BTreeSet<String>,
}

impl<'a> Statement<'a> {
    fn of(path: &'a SourcePath, facts: &'a [Fact], name: FactName) -> Option<Self> {
        let mut named = facts.iter().filter(|fact| fact.name == name).peekable();
        let fact = *named.peek()?;
        let values: BTreeSet<String> =
            named.flat_map(|fact| fact.value.texts()).map(str::to_ascii_lowercase).collect();
        (!values.is_empty()).then_some(Self { path, fact, values })
    }

    fn shown(&self) -> String {
        self.values.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}
