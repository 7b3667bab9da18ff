//! SPDX 2.2 and 2.3, JSON and tag-value: two ways to the same packages and relationships.

mod assemble;
mod json;
mod tag_value;

pub(super) use self::json::read as json;
pub(super) use self::tag_value::read as tag_value;

use std::collections::BTreeMap;

use super::statement::Statement;
use super::{Component, stated};

/// A package as it is read, with what is put together when the whole document is known.
#[derive(Default)]
struct Package {
    component: Component,
    /// `FILE` and the like.
    purpose: String,
    /// Whether an annotation of ours says that it is an artifact.
    is_artifact: bool,
    /// Whether it only stands there to be named.
    is_outside: bool,
}

impl Package {
    /// Whether it can be a file of another package.
    fn is_file(&self) -> bool {
        self.purpose == "FILE" && !self.is_artifact
    }
}

/// `from relationship to`.
struct Relationship {
    from: String,
    kind: String,
    to: String,
    comment: Option<String>,
}

/// The name of who supplies it, after the kind of agent.
fn supplier(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    let name = text.split_once(':').map_or(text, |(_, name)| name.trim());
    // Tag-value: `Person: Jane Doe (jane@example.org)`.
    let name = name.split_once(" (").map_or(name, |(name, _)| name);
    stated(Some(name)).filter(|name| super::is_known(name))
}

/// The places after `found at`, as Flowdown writes them; of others the whole text.
fn occurrences(source: Option<&str>) -> Vec<String> {
    let Some(text) = source.filter(|text| super::is_known(text)) else { return Vec::new() };
    match text.strip_prefix("found at ") {
        // A place may name a part of its file after the path.
        Some(places) => places
            .split("; ")
            .map(|place| place.split(", ").next().unwrap_or(place).to_owned())
            .collect(),
        None => vec![text.to_owned()],
    }
}

fn copyright(text: Option<&str>) -> Vec<String> {
    let text = text.filter(|text| super::is_known(text)).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// Takes what Flowdown says in an annotation.
fn annotate(package: &mut Package, comment: &str) {
    let Some(statement) = Statement::of_comment(comment) else { return };
    let component = &mut package.component;
    component.obligations.extend(statement.obligations());
    component.restrictions.extend(statement.restrictions());
    if let Some(effective) = statement.effective {
        component.licenses.effective = Some(effective).filter(|text| super::is_known(text));
    }
    if let Some(kind) = statement.kind {
        component.kind = kind;
        package.is_artifact = true;
    }
}

/// What the document says about itself.
#[derive(Default)]
struct Head {
    version: String,
    identity: Option<String>,
    created: Option<String>,
    tools: Vec<String>,
    describes: Vec<String>,
    texts: BTreeMap<String, String>,
}

impl Head {
    /// A creator that is a tool, as `name version`: SPDX writes `name-version`.
    fn creator(&mut self, text: &str) {
        let Some(tool) = text.trim().strip_prefix("Tool:") else { return };
        let tool = tool.trim();
        let parts = tool
            .rsplit_once('-')
            .filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()));
        self.tools.push(match parts {
            Some((name, version)) => format!("{name} {version}"),
            None => tool.to_owned(),
        });
    }
}
