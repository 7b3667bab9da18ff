//! Obligations that nothing in a tree decides: which status, and the reason, true for each kind.

use super::Verdict;
use crate::model::ObligationStatus::{NeedsDeclaration, NotEvidencable};
use crate::model::{EvidenceClass, Obligation};

const AGREEMENT: &str = "the wording of the terms under which it reaches customers decides";
const CARD: &str = "whether card or files say what was changed, a person must read";
const OPERATION: &str = "only how the vendor runs the product shows it";
const SOURCE: &str = "whether the source is offered, only the vendor can say";

/// Kinds that a person can judge from documents or from the product, sorted.
const JUDGED: &[(&str, &str)] = &[
    (
        "attribution-display",
        "whether the product or its documentation shows the phrase, a person must look",
    ),
    ("bind-recipients", AGREEMENT),
    ("comply-with-policy", "it concerns behaviour; the policy says which"),
    ("content-filter", OPERATION),
    ("document-modifications", CARD),
    ("flowdown-use-restrictions", AGREEMENT),
    ("impact-report", "whether a report was filed, only the vendor can say"),
    ("mark-modified-files", CARD),
    ("network-source-disclosure", SOURCE),
    ("no-conflicting-terms", AGREEMENT),
    ("no-train-other-models", "what was trained with it or its outputs, only the vendor can say"),
    ("notify-recipients", "whether a notice, card or agreement says so, a person must read"),
    (
        "output-terms-copy",
        "whether the terms stand beside published outputs, only the vendor can say",
    ),
    ("records", "whether records are kept, only the vendor can say"),
    ("require-users-comply", AGREEMENT),
    ("same-licence", AGREEMENT),
    ("source-disclosure", SOURCE),
    ("third-party-beneficiary", AGREEMENT),
    ("usage-control", OPERATION),
    ("use-latest-version", "which version is the newest, files do not show"),
    ("warranty-passthrough", AGREEMENT),
];

pub(super) fn verdict(obligation: &Obligation) -> Verdict {
    let partly = "files can show only a part of it; a person must compare";
    let (status, because) = match obligation.evidence {
        EvidenceClass::Mechanical | EvidenceClass::MechanicalPartial => (NeedsDeclaration, partly),
        EvidenceClass::Semi => {
            let kind = JUDGED.binary_search_by_key(&&*obligation.kind, |(kind, _)| kind);
            (NeedsDeclaration, kind.map_or(partly, |index| JUDGED[index].1))
        }
        EvidenceClass::Declared => (NeedsDeclaration, "only the vendor can say"),
        EvidenceClass::Contract => {
            (NeedsDeclaration, "it is between vendor and licensor; only the vendor can say")
        }
        EvidenceClass::Flag if obligation.kind == "delete-on-termination" => {
            (NotEvidencable, "it is owed once the licence ends; files show nothing of that")
        }
        EvidenceClass::Flag => {
            (NotEvidencable, "it is a right of the licensor; files show nothing of it")
        }
        EvidenceClass::None => (NotEvidencable, "it concerns behaviour, which files do not show"),
    };
    Verdict::new(status, because)
}

#[cfg(test)]
mod tests {
    use super::JUDGED;

    #[test]
    fn every_kind_that_a_person_judges_has_its_own_reason() {
        let vocabulary = include_str!("../../../../plugins/sdk/vocab/obligations.toml");
        let vocabulary: toml::Table = vocabulary.parse().unwrap();
        let kinds = vocabulary["obligation_kind"].as_array().unwrap();
        let mut judged: Vec<&str> = kinds
            .iter()
            .filter(|kind| kind["evidence"].as_str() == Some("semi"))
            .map(|kind| kind["id"].as_str().unwrap())
            .collect();
        judged.sort_unstable();
        let reasons: Vec<&str> = JUDGED.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(reasons, judged);
    }
}
