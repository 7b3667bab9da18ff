//! Licences as expressions: those that are written as one, and those that are a graph of their parts.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::graph::{Graph, id, kind};
use crate::bom::is_known;
use crate::bom::tree::{Node, Object};

/// Sets of licences inside sets are followed this far.
const DEPTH: usize = 32;
/// All expressions of a document together: sets that name each other would else multiply.
const ALL_BYTES: usize = 32 << 20;
/// No expression that somebody means is longer.
const EXPRESSION_BYTES: usize = 64 << 10;

pub(super) struct Licenses {
    expressions: BTreeMap<String, String>,
    /// Texts of licences that are on no list, by the id that expressions use.
    pub(super) texts: BTreeMap<String, String>,
}

impl Licenses {
    pub(super) fn of(graph: &Graph<'_>) -> Self {
        let mut names = BTreeMap::new();
        for expression in graph.of_type("simplelicensing_LicenseExpression") {
            for entry in expression.list("simplelicensing_customIdToUri") {
                let Some(entry) = entry.as_object() else { continue };
                if let (Some(key), Some(uri)) = (entry.text("key"), entry.text("value")) {
                    names.insert(uri, key);
                }
            }
        }
        let mut texts = BTreeMap::new();
        let custom = graph
            .of_type("expandedlicensing_CustomLicense")
            .chain(graph.of_type("simplelicensing_SimpleLicensingText"));
        for license in custom {
            let (Some(id), Some(text)) = (id(license), license.text("simplelicensing_licenseText"))
            else {
                continue;
            };
            let name = names.get(id).copied().unwrap_or_else(|| last_of(id));
            texts.insert(name.to_owned(), text.to_owned());
        }
        let reader = Reader { graph, names, left: Cell::new(ALL_BYTES) };
        let named = graph.elements().filter_map(|(_, element)| Some((id(element)?, element)));
        let expressions = named.filter_map(|(id, element)| {
            let text = reader.expression(element, DEPTH)?;
            Some((id.to_owned(), text))
        });
        Self { expressions: expressions.collect(), texts }
    }

    /// The expression that an element stands for; none for one that asserts nothing.
    pub(super) fn expression(&self, id: &str) -> Option<String> {
        let text = match self.expressions.get(id) {
            Some(text) => text.clone(),
            None => listed(id)?.to_owned(),
        };
        Some(text).filter(|text| is_known(text))
    }
}

struct Reader<'a> {
    graph: &'a Graph<'a>,
    /// Ids that expressions use, by the name of the element.
    names: BTreeMap<&'a str, &'a str>,
    /// Bytes that may still be written.
    left: Cell<usize>,
}

impl Reader<'_> {
    fn expression(&self, element: &Object, depth: usize) -> Option<String> {
        self.spend(1)?;
        let text = match kind(element) {
            "simplelicensing_LicenseExpression" => {
                element.text("simplelicensing_licenseExpression")?.trim().to_owned()
            }
            "expandedlicensing_ListedLicense" | "expandedlicensing_ListedLicenseException" => {
                last_of(id(element)?).to_owned()
            }
            "expandedlicensing_CustomLicense" | "expandedlicensing_CustomLicenseAddition" => {
                let id = id(element)?;
                self.names.get(id).copied().unwrap_or_else(|| last_of(id)).to_owned()
            }
            "expandedlicensing_ConjunctiveLicenseSet" => self.members(element, " AND ", depth)?,
            "expandedlicensing_DisjunctiveLicenseSet" => self.members(element, " OR ", depth)?,
            "expandedlicensing_OrLaterOperator" => {
                let license = self.part(element, "expandedlicensing_subjectLicense", depth)?;
                format!("{license}+")
            }
            "expandedlicensing_WithAdditionOperator" => {
                let license =
                    self.part(element, "expandedlicensing_subjectExtendableLicense", depth)?;
                let addition = self.part(element, "expandedlicensing_subjectAddition", depth)?;
                format!("{license} WITH {addition}")
            }
            _ => return None,
        };
        self.spend(text.len())?;
        (text.len() <= EXPRESSION_BYTES).then_some(text)
    }

    fn spend(&self, bytes: usize) -> Option<()> {
        self.left.set(self.left.get().checked_sub(bytes)?);
        Some(())
    }

    fn members(&self, element: &Object, operator: &str, depth: usize) -> Option<String> {
        let members = element.list("expandedlicensing_member").iter().filter_map(Node::as_text);
        let members: Option<Vec<String>> = members.map(|id| self.named(id, depth)).collect();
        Some(format!("({})", members.filter(|it| !it.is_empty())?.join(operator)))
    }

    fn part(&self, element: &Object, field: &str, depth: usize) -> Option<String> {
        self.named(element.text(field)?, depth)
    }

    fn named(&self, id: &str, depth: usize) -> Option<String> {
        match self.graph.element(id) {
            Some(element) => self.expression(element, depth.checked_sub(1)?),
            None => listed(id).map(str::to_owned),
        }
    }
}

/// The id of a licence of the SPDX list by its address.
fn listed(id: &str) -> Option<&str> {
    let path = id.split_once("://").map(|(_, rest)| rest)?;
    path.strip_prefix("spdx.org/licenses/").map(|name| name.trim_end_matches(".html"))
}

/// The last part of an IRI.
pub(super) fn last_of(iri: &str) -> &str {
    iri.rsplit(['/', '#']).next().unwrap_or(iri)
}
