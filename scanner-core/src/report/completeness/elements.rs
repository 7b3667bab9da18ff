//! The elements, who asks for them, how each is measured, and what would fill it.

use super::measure::{
    Measure, components, datasets, has_declared, has_effective, has_fact, has_file_properties,
    has_license, has_producer, has_registry, has_relation, has_sha256, has_sha512, has_use_policy,
    is_concluded, is_stated, models,
};
use crate::model::{ArtifactKind, FileRole, RelationKind};
use crate::report::facts;

/// Who asks for elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Cisa,
    G7,
    Bsi,
    AiAct,
    Owasp,
}

use Body::{AiAct, Bsi, Cisa, G7, Owasp};

/// In the order in which the page counts them.
pub(super) const BODIES: &[Body] = &[Cisa, G7, Bsi, AiAct, Owasp];

impl Body {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Cisa => "CISA 2026",
            G7 => "G7/BSI",
            Bsi => "BSI TR-03183-2",
            AiAct => "EU AI Act",
            Owasp => "OWASP AIBOM",
        }
    }

    /// Which document is meant, and whether this table rests on it or on others who quote it.
    pub(super) const fn source(self) -> &'static str {
        match self {
            Cisa => {
                "“2026 Minimum Elements for an SBOM”, version 2.1, 29 July 2026. Cited second-hand: \
                 the elements are those that a checker of others tests."
            }
            G7 => {
                "“SBOM for AI – Minimum Elements” of the G7 and the BSI, 12 May 2026. Cited \
                 second-hand."
            }
            Bsi => "BSI TR-03183-2, version 2.1.0, 20 August 2025. Cited second-hand.",
            AiAct => {
                "Regulation (EU) 2024/1689, Article 53 and Annexes XI and XII, for providers of \
                 general-purpose models. Cited second-hand; the documentation that it demands is \
                 more than a bill of materials."
            }
            Owasp => "the field registry of the OWASP AIBOM checklist.",
        }
    }
}

/// One element.
pub(super) struct Element {
    pub(super) group: &'static str,
    /// Stable, for scripts.
    pub(super) id: &'static str,
    pub(super) words: &'static str,
    pub(super) asked_by: &'static [Body],
    pub(super) measure: Measure,
    /// What would fill it; for what is always or never filled, how that is.
    pub(super) fill: &'static str,
}

const DOCUMENT: &str = "The document";
const SYSTEM: &str = "The product";
const COMPONENTS: &str = "Every component";
const MODELS: &str = "Models and adapters";
const DATA: &str = "Training data";
const OTHER: &str = "Beyond the bill of materials";

/// Most bodies ask for it.
const ALL: &[Body] = &[Cisa, G7, Bsi];

macro_rules! elements {
    ($($group:ident $id:literal $words:literal [$asked_by:expr] $measure:expr, $fill:literal;)*) => {
        /// Every element, by group.
        pub(super) const ELEMENTS: &[Element] = &[$(Element {
            group: $group,
            id: $id,
            words: $words,
            asked_by: $asked_by,
            measure: $measure,
            fill: $fill,
        },)*];
    };
}

use Measure::{Each, Given, NotRead, Once};

elements! {
    DOCUMENT "author" "who made the document" [ALL]
        Once(|report| report.product.as_ref().is_some_and(|it| is_stated(it.vendor.as_deref()))),
        "declare `product.vendor`";
    DOCUMENT "author-contact" "mail address or web address of the author" [ALL]
        Once(|report| report.product.as_ref().is_some_and(|it| it.contact.is_some())),
        "declare `product.contact`";
    DOCUMENT "signature" "signature of the author" [&[Cisa, G7]]
        NotRead, "sign the document: `docs/attest.md`";
    DOCUMENT "timestamp" "when the document was made" [ALL]
        Given, "every format has it";
    DOCUMENT "document-version" "version of the document" [&[Cisa, G7, Owasp]]
        Given, "the identity follows from the content, so another content is another document";
    DOCUMENT "format" "format and its version" [&[Cisa, G7, Bsi, Owasp]]
        Given, "every format has it";
    DOCUMENT "tool" "tool and its version" [&[Cisa, G7]]
        Given, "Flowdown and every plugin";
    DOCUMENT "context" "when in the life cycle it was made" [&[Cisa, G7]]
        Given, "with a declared product after the build, else at discovery";
    DOCUMENT "document-uri" "address of the document" [&[Bsi, Owasp]]
        Given, "serial number or name space";
    DOCUMENT "relations" "what depends on what" [ALL]
        Given, "as far as manifests, lock files and cards say";
    DOCUMENT "coverage" "everything was looked at" [&[Cisa]]
        Once(|report| {
            use crate::model::Completeness::Complete;
            report.inventory.diagnostics.iter().all(|it| it.code.completeness() == Complete)
        }),
        "do what the diagnostics of the scan say";
    DOCUMENT "unknowns" "what is unknown is said" [&[Cisa]]
        Given, "`NOASSERTION`, and compositions that are `unknown`";
    DOCUMENT "no-vulnerabilities" "holds no vulnerabilities" [&[Bsi]]
        Given, "Flowdown writes none";

    SYSTEM "system-name" "name" [&[G7]]
        Once(|report| report.product.as_ref().is_some_and(|it| is_stated(Some(&it.name)))),
        "declare `product.name`";
    SYSTEM "system-version" "version" [&[G7]]
        Once(|report| report.product.as_ref().is_some_and(|it| is_stated(it.version.as_deref()))),
        "declare `product.version`";
    SYSTEM "system-producer" "producer" [&[G7]]
        Once(|report| report.product.as_ref().is_some_and(|it| is_stated(it.vendor.as_deref()))),
        "declare `product.vendor`";
    SYSTEM "system-license" "licence to the customer" [&[Bsi]]
        Once(|report| report.product.as_ref().is_some_and(|it| is_stated(it.license.as_deref()))),
        "declare `product.license`";
    SYSTEM "system-area" "area of application" [&[G7]]
        Once(|report| {
            let fields = report.product.as_ref().and_then(|it| it.fields_of_use.as_ref());
            fields.is_some_and(|fields| !fields.is_empty())
        }),
        "declare `product.fields_of_use`";
    SYSTEM "system-released" "time of release" [&[G7]]
        NotRead, "the settings have no field for it";
    SYSTEM "system-data-flow" "data flow and data usage" [&[G7]]
        NotRead, "no file of a product says it; describe it beside the document";

    COMPONENTS "name" "name" [&[Cisa, G7, Bsi, Owasp]]
        Each(|index| components(index, |_, it| is_stated(it.name.as_deref()))),
        "a card, a configuration or a folder with the name of the repository";
    COMPONENTS "version" "version" [&[Cisa, G7, Bsi, Owasp]]
        Each(|index| components(index, |_, it| is_stated(it.version.as_deref()))),
        "an exact version in the lock file; for a model, a download that keeps its commit, or a \
         declaration in `[[product.component]]`";
    COMPONENTS "producer" "producer" [&[Cisa, G7, Bsi, Owasp]]
        Each(|index| components(index, |_, it| has_producer(it))),
        "a repository name with its organisation, or a declaration in `[[product.component]]`; Flowdown \
         asks no registry who made a package";
    COMPONENTS "identifier" "unique identifier" [&[Cisa, G7, Bsi, Owasp]]
        Each(|index| components(index, |_, it| it.purl.is_some())),
        "a repository name with its organisation, or an entry in a lock file";
    COMPONENTS "hash" "cryptographic hash" [ALL]
        Each(|index| components(index, |_, it| has_sha256(it))),
        "a scan without `--quick`; lock files that state hashes";
    COMPONENTS "hash-sha512" "SHA-512 of what is deployed" [&[Bsi]]
        Each(|index| components(index, |_, it| has_sha512(it))),
        "the profile `bsi`; for what is no scanned file, `file` in `[[product.component]]`";
    COMPONENTS "license" "licence" [ALL]
        Each(|index| components(index, has_license)),
        "a licence tag in the card or package, or the licence text beside it";
    COMPONENTS "license-concluded" "licence that the licensee holds it under, checked" [&[Bsi]]
        Each(|index| components(index, is_concluded)),
        "the licence text beside what declares the same licence";
    COMPONENTS "license-declared" "licence as its author states it" [&[Bsi]]
        Each(|index| components(index, has_declared)),
        "a licence tag in the card or package";
    COMPONENTS "license-effective" "effective licence, with inherited terms" [&[Bsi]]
        Each(|index| components(index, has_effective)),
        "own licences, and ancestors whose licence is known";
    COMPONENTS "file-properties" "file name, executable, archive, structured" [&[Bsi]]
        Each(|index| components(index, |index, it| has_file_properties(index.report, it))),
        "the profile `bsi`; for what is no scanned file, `file` in `[[product.component]]`";
    COMPONENTS "source" "where it is to be had" [&[Bsi, Owasp]]
        Each(|index| components(index, |_, it| {
            has_registry(it)
                || has_fact(it, &[facts::GGUF_GENERAL_REPO_URL, facts::GGUF_GENERAL_SOURCE_REPO_URL])
        })),
        "a package URL of a registry, or the address of the repository in the weights";
    COMPONENTS "security-contact" "address of `security.txt`" [&[Bsi]]
        NotRead, "optional; no file of a product says it";

    MODELS "model-hash" "hash of all weights" [&[G7]]
        Each(|index| models(index, |_, it| has_sha256(it))),
        "a scan without `--quick`; weights instead of git-LFS pointers";
    MODELS "model-license" "licence of the model" [&[G7, AiAct, Owasp]]
        Each(|index| models(index, has_license)),
        "`license:` in the card, and the licence text beside the weights";
    MODELS "model-use-policy" "acceptable use" [&[AiAct, Owasp]]
        Each(|index| models(index, has_use_policy)),
        "licences that are known for the model and all its ancestors";
    MODELS "model-description" "description" [&[G7, AiAct, Owasp]]
        Each(|index| models(index, |_, it| it.files_of(FileRole::Card).next().is_some())),
        "a model card beside the weights";
    MODELS "model-architecture" "architecture" [&[G7, AiAct, Owasp]]
        Each(|index| models(index, |_, it| has_fact(it, &[
            facts::CONFIG_ARCHITECTURES,
            facts::CONFIG_MODEL_TYPE,
            facts::GGUF_GENERAL_ARCHITECTURE,
            facts::WEIGHTS_ARCHITECTURE,
        ]))),
        "`config.json` beside the weights";
    MODELS "model-parameters" "number of parameters" [&[G7, AiAct]]
        Each(|index| models(index, |_, it| has_fact(it, &[facts::WEIGHTS_PARAMETER_COUNT]))),
        "weights whose header can be read";
    MODELS "model-hyperparameters" "hyperparameters" [&[Owasp]]
        Each(|index| models(index, |_, it| has_fact(it, &[facts::CONFIG_HYPERPARAMETERS]))),
        "`config.json` beside the weights";
    MODELS "model-task" "task, which tells input and output" [&[G7, AiAct, Owasp]]
        Each(|index| models(index, |_, it| has_fact(it, &[facts::CARD_PIPELINE_TAG]))),
        "`pipeline_tag:` in the card";
    MODELS "model-lineage" "base models" [&[Owasp]]
        Each(|index| models(index, |index, it| {
            has_relation(index, it, RelationKind::is_lineage)
        })),
        "`base_model:` in the card; a model that was trained from scratch has none";
    MODELS "model-references" "external references" [&[G7]]
        Each(|index| models(index, |_, it| has_registry(it))),
        "a repository name with its organisation";
    MODELS "model-released" "time of release" [&[G7, AiAct]]
        NotRead, "no field of a card has it; say it beside the document";
    MODELS "model-training" "how it was trained" [&[G7, AiAct]]
        NotRead, "free text of the card is not read; name the method beside the document";
    MODELS "model-limits" "limitations, risks, ethical considerations" [&[Owasp]]
        NotRead, "free text of the card is not read";
    MODELS "model-metrics" "performance indicators" [&[G7]]
        NotRead, "results in cards are not read";
    MODELS "model-energy" "energy consumption" [&[AiAct, Owasp]]
        NotRead, "what cards say of it is not read";

    DATA "data-named" "data that a model was trained on" [&[G7, AiAct, Owasp]]
        Each(|index| models(index, |index, it| {
            has_relation(index, it, |kind| kind == RelationKind::TrainedOn)
        })),
        "`datasets:` in the card";
    DATA "data-identifier" "identifier of the data" [&[G7]]
        Each(|index| datasets(index, |has_purl| has_purl)),
        "names as repositories have them, with their organisation";
    DATA "data-license" "licence and hash of the data" [&[G7]]
        Each(|index| datasets(index, |_| false)),
        "Flowdown reads neither of data that is only named; scan a copy of it";
    DATA "data-content" "content, origin, statistics, sensitivity" [&[G7, AiAct]]
        NotRead, "cards of data outside of the scan are not read";

    OTHER "infrastructure-software" "software that it runs on" [&[G7]]
        Once(|report| {
            report.inventory.artifacts.iter().any(|it| it.kind == ArtifactKind::Package)
        }),
        "lock files of the product, or a scan of what it is installed in";
    OTHER "infrastructure-hardware" "hardware that it runs on" [&[G7]]
        NotRead, "no file of a product says it; describe it beside the document";
    OTHER "security" "security controls, compliance, policy, vulnerabilities" [&[G7]]
        NotRead, "not what Flowdown looks for; refer to the documents that have it";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_groups_stand_together() {
        let ids: BTreeSet<&str> = ELEMENTS.iter().map(|element| element.id).collect();
        assert_eq!(ids.len(), ELEMENTS.len());
        let mut groups: Vec<&str> = ELEMENTS.iter().map(|element| element.group).collect();
        groups.dedup();
        assert_eq!(groups.iter().collect::<BTreeSet<_>>().len(), groups.len());
        assert!(ELEMENTS.iter().all(|element| !element.fill.contains('|')));
        assert!(BODIES.iter().all(|body| ELEMENTS.iter().any(|it| it.asked_by.contains(body))));
    }
}
