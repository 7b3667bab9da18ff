//! Rules: the codes that this document's results have, each with its page.

use std::collections::BTreeMap;

use serde::Serialize;

use super::message::Message;
use crate::model::{Code, Rule, Severity};

/// The rules that results refer to, in the order in which they are first needed.
#[derive(Default)]
pub(super) struct Rules {
    places: BTreeMap<&'static str, usize>,
    descriptors: Vec<Descriptor>,
}

/// What a rule is: a `reportingDescriptor`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

/// A rule as results refer to it.
#[derive(Clone, Copy, Serialize)]
pub(super) struct RuleRef {
    pub(super) id: &'static str,
    pub(super) index: usize,
}

impl Rules {
    pub(super) fn of_finding(&mut self, rule: Rule) -> RuleRef {
        self.take(rule.as_str(), || {
            Descriptor::new(
                rule.as_str(),
                format!("{rule:?}"),
                rule.page(),
                rule.severity(),
                "finding",
            )
        })
    }

    pub(super) fn of_diagnostic(&mut self, code: Code) -> RuleRef {
        self.take(code.as_str(), || {
            let severity = code.severity();
            Descriptor::new(code.as_str(), format!("{code:?}"), code.page(), severity, "diagnostic")
        })
    }

    fn take(&mut self, id: &'static str, make: impl FnOnce() -> Descriptor) -> RuleRef {
        let next = self.descriptors.len();
        let index = *self.places.entry(id).or_insert(next);
        if index == next {
            self.descriptors.push(make());
        }
        RuleRef { id, index }
    }

    pub(super) fn into_descriptors(self) -> Vec<Descriptor> {
        self.descriptors
    }
}

impl Descriptor {
    /// The page has a heading, then a paragraph that says what the code means, then the rest.
    fn new(
        id: &'static str,
        name: String,
        page: &'static str,
        severity: Severity,
        kind: &'static str,
    ) -> Self {
        let body = page.split_once("\n\n").map_or(page, |(_, body)| body).trim();
        let meaning = body.split("\n\n").next().unwrap_or(body).replace('\n', " ");
        let first = meaning.split_inclusive(". ").next().unwrap_or(&meaning).trim_end();
        let area = id.split('.').next().unwrap_or(id);
        Self {
            id,
            name,
            short_description: Message::new(first),
            full_description: Message::new(&meaning),
            help: Message::formatted(body, page),
            default_configuration: Configuration { level: severity.name() },
            properties: Properties {
                tags: [area, kind],
                severity: match severity {
                    Severity::Note => "recommendation",
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                },
            },
        }
    }
}
