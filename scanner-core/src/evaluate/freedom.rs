//! Under what a licence lets derivatives be licensed: what the words of a record come to.

use crate::model::LicenseTerms;

/// Under what a derivative may be licensed (`docs/lineage-rules.md`, rules C2 to C5 and C10).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Freedom {
    /// Under anything, as long as notices are kept.
    Free,
    /// Under anything that keeps every use restriction.
    WithRestrictions,
    /// The author's own changes only; the rest stays under this licence.
    OwnChanges,
    /// Under this licence.
    Same,
    /// There may be no derivative.
    Forbidden,
    /// The text does not say, or the record is unsure: nothing is concluded from it.
    Open,
}

/// The beginnings of the words that records use, most specific first.
const WORDS: &[(&str, Freedom)] = &[
    ("free-with-flowdown", Freedom::WithRestrictions),
    ("free", Freedom::Free),
    ("flowdown", Freedom::WithRestrictions),
    ("silent; restrictions follow", Freedom::WithRestrictions),
    ("CC rules", Freedom::Free),
    ("own", Freedom::OwnChanges),
    ("research only; copy of Agreement", Freedom::OwnChanges),
    ("terms or URL must follow", Freedom::OwnChanges),
    ("with copy of Agreement", Freedom::OwnChanges),
    ("same-", Freedom::Same),
    ("stays under", Freedom::Same),
    ("none", Freedom::Forbidden),
    ("as MRL (unsure)", Freedom::Open),
    ("bounded by contract", Freedom::Open),
    ("silent", Freedom::Open),
    ("unknown", Freedom::Open),
    ("unsure", Freedom::Open),
];

impl Freedom {
    /// What the record's words come to; `None` for words that no record uses.
    fn of_words(words: &str) -> Option<Self> {
        WORDS.iter().find(|(start, _)| words.starts_with(start)).map(|(_, freedom)| *freedom)
    }

    /// What a licence says. Words that a foreign plugin made up conclude nothing.
    pub(super) fn of(terms: &LicenseTerms) -> Self {
        Self::of_words(&terms.grant.relicense_derivatives).unwrap_or(Self::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::Freedom;

    #[test]
    fn every_word_of_the_vocabulary_is_understood() {
        let known: Vec<&str> = super::WORDS.iter().map(|(start, _)| *start).collect();
        assert_eq!(known, flowdown_plugin_sdk::catalogue::vocab::RELICENSE_DERIVATIVES);
    }

    #[test]
    fn words_of_records_come_to_one_freedom() {
        for (words, freedom) in [
            ("free", Freedom::Free),
            ("free for own part", Freedom::Free),
            ("free-non-commercial", Freedom::Free),
            ("free-with-flowdown", Freedom::WithRestrictions),
            ("own-modifications only; Materials stay under Agreement", Freedom::OwnChanges),
            ("own derivative terms must not limit or conflict", Freedom::OwnChanges),
            ("same-licence per file", Freedom::Same),
            ("same-terms", Freedom::Same),
            ("stays under Agreement", Freedom::Same),
            ("none", Freedom::Forbidden),
            ("silent", Freedom::Open),
            ("silent; restrictions follow derivatives", Freedom::WithRestrictions),
        ] {
            assert_eq!(Freedom::of_words(words), Some(freedom), "{words}");
        }
        assert_eq!(Freedom::of_words("whatever"), None);
    }
}
