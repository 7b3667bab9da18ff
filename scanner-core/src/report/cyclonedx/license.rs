//! A licence in CycloneDX: an expression, or a license object with `id` or `name`.
//!
//! An id is written as `id` only when the License List that is part of the schema has it.

use serde::Serialize;

use super::property::Properties;
use crate::report::expression::{self, Atom, Reading};
use crate::report::facts;
use crate::report::index::Standing;
use crate::report::place::cut;

/// Ids that are on the License List 3.29 and not yet in the list that validators carry
/// (3.28). They are written as `name`, or the document would be invalid for its readers.
const NEWER_THAN_SCHEMA: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Acknowledgement {
    Declared,
    Concluded,
}

/// CycloneDX has no word for *found, but not declared*: such a licence carries no acknowledgement,
/// and `flowdown:license:status` says `detected`.
pub(super) const fn acknowledgement(standing: Standing) -> Option<Acknowledgement> {
    match standing {
        Standing::Declared => Some(Acknowledgement::Declared),
        Standing::Found => None,
        Standing::Concluded => Some(Acknowledgement::Concluded),
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum LicenseChoice {
    License { license: Box<License> },
    Expression(Box<LicenseExpression>),
}

/// Everything but the expression and its acknowledgement exists since 1.7.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenseExpression {
    expression: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expression_details: Vec<ExpressionDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledgement: Option<Acknowledgement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licensing: Option<Licensing>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    properties: Properties,
}

/// One licence of an expression, by the id that it has there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExpressionDetail {
    license_identifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<AttachedText>,
}

#[derive(Serialize, Default)]
pub(super) struct License {
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    pub(super) bom_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acknowledgement: Option<Acknowledgement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<AttachedText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) licensing: Option<Licensing>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub(super) properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttachedText {
    content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    content: String,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Licensing {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) alt_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) licensor: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) licensee: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purchase_order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expiration: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Party {
    organization: Organization,
}

#[derive(Serialize)]
pub(super) struct Organization {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) url: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<[OrganizationalContact; 1]>,
}

#[derive(Serialize)]
struct OrganizationalContact {
    email: String,
}

impl Organization {
    /// `None` for a name that names nobody.
    pub(super) fn named(name: &str) -> Option<Self> {
        let is_name = !name.trim().is_empty();
        is_name.then(|| Self { name: cut(name).into_owned(), url: Vec::new(), contact: None })
    }

    /// `None` for a name that names nobody.
    pub(super) fn of(party: &facts::Party<'_>) -> Option<Self> {
        let email = party.mail().map(|mail| [OrganizationalContact { email: mail.to_owned() }]);
        let url = party.web().map(str::to_owned).into_iter().collect();
        Self::named(party.name).map(|named| Self { url, contact: email, ..named })
    }
}

impl Party {
    pub(super) fn named(name: &str) -> Self {
        let name = cut(name).into_owned();
        Self { organization: Organization { name, url: Vec::new(), contact: None } }
    }
}

impl License {
    /// A license object for the words `text`: an `id` when the schema has it, else a `name`.
    pub(super) fn of(text: &str) -> Self {
        let (id, name) = match expression::read(text) {
            Reading::One(Atom::Listed(id))
                if NEWER_THAN_SCHEMA.binary_search(&id.as_str()).is_err() =>
            {
                (Some(id), None)
            }
            Reading::One(atom) => (None, Some(atom.id().to_owned())),
            Reading::Several(_) | Reading::Unreadable => (None, Some(cut(text).into_owned())),
        };
        Self { id, name, ..Self::default() }
    }

    pub(super) fn choice(self) -> LicenseChoice {
        LicenseChoice::License { license: Box::new(self) }
    }
}

impl LicenseChoice {
    pub(super) fn expression(text: &str, standing: Standing) -> Self {
        Self::Expression(Box::new(LicenseExpression {
            expression: text.to_owned(),
            expression_details: Vec::new(),
            acknowledgement: acknowledgement(standing),
            licensing: None,
            properties: Properties::default(),
        }))
    }

    /// An expression with what is known of each of its licences, in the order of `atoms`. What is
    /// said of one licence alone is said of the expression when it is all of it.
    pub(super) fn detailed(
        text: &str,
        standing: Standing,
        atoms: impl IntoIterator<Item = (String, License)>,
    ) -> Self {
        let is_one = !is_compound(text);
        let mut expression = LicenseExpression {
            expression: text.trim().to_owned(),
            expression_details: Vec::new(),
            acknowledgement: acknowledgement(standing),
            licensing: None,
            properties: Properties::default(),
        };
        for (license_identifier, license) in atoms {
            let License { text, licensing, properties, .. } = license;
            expression.expression_details.push(ExpressionDetail { license_identifier, text });
            if is_one {
                (expression.licensing, expression.properties) = (licensing, properties);
            }
        }
        Self::Expression(Box::new(expression))
    }

    /// The first value of a property of the entry.
    pub(super) fn property(&self, name: &str) -> Option<&str> {
        match self {
            Self::License { license } => license.properties.first(name),
            Self::Expression(expression) => expression.properties.first(name),
        }
    }
}

/// Whether `text` is a valid expression of more than one licence.
pub(super) fn is_compound(text: &str) -> bool {
    matches!(expression::read(text), Reading::Several(_))
}

impl AttachedText {
    /// A text, byte for byte.
    pub(super) fn of(bytes: &[u8]) -> Self {
        use base64::Engine as _;
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                Self { content_type: "text/plain", encoding: None, content: text.to_owned() }
            }
            Err(_) => Self {
                content_type: "application/octet-stream",
                encoding: Some("base64"),
                content: base64::engine::general_purpose::STANDARD.encode(bytes),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_ids_are_sorted_and_on_the_list_we_read() {
        assert!(NEWER_THAN_SCHEMA.is_sorted());
        for id in NEWER_THAN_SCHEMA {
            assert_eq!(expression::read(id), Reading::One(Atom::Listed((*id).to_owned())));
        }
    }

    #[test]
    fn only_ids_of_the_schema_are_ids() {
        let shape = |text| {
            let license = License::of(text);
            (license.id, license.name)
        };
        assert_eq!(shape("MIT"), (Some("MIT".into()), None));
        assert_eq!(shape("LicenseRef-x"), (None, Some("LicenseRef-x".into())));
        assert_eq!(shape("MVT-1.1"), (None, Some("MVT-1.1".into())));
        assert_eq!(shape("MIT OR ISC"), (None, Some("MIT OR ISC".into())));
        assert_eq!(shape("do what you like"), (None, Some("do what you like".into())));
    }

    #[test]
    fn a_text_that_is_not_utf8_keeps_its_bytes() {
        let attached = AttachedText::of(b"caf\xe9");
        assert_eq!((attached.encoding, attached.content.as_str()), (Some("base64"), "Y2Fm6Q=="));
    }
}
