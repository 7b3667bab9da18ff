//! What is explained, for programs: records as they are, the rest as small objects.

use flowdown_plugin_sdk::message::{Descriptor, Terms, TermsObligation, TermsRestriction};
use serde::Serialize;
use serde_json::Value;

use super::subject::{License, List, Subject};

#[derive(Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum Explained<'a> {
    /// Several when the name means several.
    Licenses {
        licenses: Vec<Record<'a>>,
    },
    ListedLicense {
        spdx: &'a str,
        name: &'a str,
    },
    Category {
        id: &'a str,
        definition: &'a str,
        restrictions: Vec<Restriction<'a>>,
    },
    Obligation {
        id: &'a str,
        definition: &'a str,
        obligations: Vec<Obligation<'a>>,
    },
    Code {
        page: &'a str,
    },
}

#[derive(Serialize)]
struct Record<'a> {
    /// `schemas/license-terms/1.json`.
    terms: &'a Terms,
    /// Whether its text is recognised.
    has_fingerprint: bool,
    /// Other licences that the name can mean as a tag.
    also: &'a [String],
    /// Where the record is unsure.
    doubts: Vec<String>,
}

#[derive(Serialize)]
struct Restriction<'a> {
    license: &'a str,
    #[serde(flatten)]
    restriction: &'a TermsRestriction,
}

#[derive(Serialize)]
struct Obligation<'a> {
    license: &'a str,
    #[serde(flatten)]
    obligation: &'a TermsObligation,
}

/// `subject` as JSON.
pub(crate) fn json(subject: &Subject<'_>) -> serde_json::Result<String> {
    let explained = match subject {
        Subject::Licenses(licenses) => {
            Explained::Licenses { licenses: licenses.iter().map(record).collect() }
        }
        Subject::Listed(listed) => {
            Explained::ListedLicense { spdx: &listed.spdx, name: &listed.name }
        }
        Subject::Category(category, restrictions) => Explained::Category {
            id: &category.id,
            definition: &category.definition,
            restrictions: restrictions
                .iter()
                .map(|(terms, restriction)| Restriction { license: &terms.key, restriction })
                .collect(),
        },
        Subject::Obligation(kind, obligations) => Explained::Obligation {
            id: &kind.id,
            definition: &kind.definition,
            obligations: obligations
                .iter()
                .map(|(terms, obligation)| Obligation { license: &terms.key, obligation })
                .collect(),
        },
        Subject::Code(page) => Explained::Code { page },
    };
    serde_json::to_string_pretty(&explained)
}

fn record<'a>(license: &'a License<'a>) -> Record<'a> {
    Record {
        terms: license.terms,
        has_fingerprint: license.has_fingerprint,
        also: &license.also,
        doubts: super::doubts(license.terms),
    }
}

/// Everything of one kind as JSON.
pub(crate) fn json_list(list: List, descriptors: &[&Descriptor]) -> serde_json::Result<String> {
    if list == List::Licenses {
        let licenses = License::all(descriptors);
        return json(&Subject::Licenses(licenses));
    }
    let entries = list.entries().into_iter();
    let entries = entries.map(|(id, says)| serde_json::json!({ "id": id, "says": says }));
    serde_json::to_string_pretty(&entries.collect::<Vec<Value>>())
}
