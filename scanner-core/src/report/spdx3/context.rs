//! The identifiers of one document, fixed before any part is written.

use std::collections::{BTreeMap, HashMap};

use super::wire::Id;
use crate::model::{
    Artifact, ArtifactFile, ArtifactId, ArtifactKind, DeclaredFile, FileRole, RelationTarget,
    SourcePath,
};
use crate::report::facts::{self, Party};
use crate::report::hub::HubRepository;
use crate::report::index::{self, Index, Outside};
use crate::report::outside::{self, OutsideKind, OutsideLicenses};
use crate::report::place::cut;
use crate::report::refs::{Alphabet, Refs};

/// Lookups and IRIs of one document.
pub(super) struct Context<'a> {
    pub(super) index: Index<'a>,
    /// What every IRI of the document begins with.
    pub(super) namespace: String,
    pub(super) root: Id,
    /// Flowdown as a tool.
    pub(super) tool: Id,
    /// Who made the document: the vendor, else Flowdown itself.
    pub(super) author: Id,
    /// The blank node that says that Flowdown found something.
    pub(super) creation: Id,
    /// The vendor's name, when the product declares one.
    pub(super) vendor: Option<String>,
    pub(super) plugins: Vec<Plugin>,
    /// Accounts of the hub that published something here, by name.
    pub(super) accounts: BTreeMap<&'a str, Id>,
    /// Organisations that are declared or stated to supply or to have made something.
    pub(super) parties: BTreeMap<Party<'a>, Id>,
    /// Ancestors and datasets outside the scan, by name.
    pub(super) outside: BTreeMap<&'a str, (Id, OutsideKind, Outside<'a>)>,
    pub(super) outside_licenses: OutsideLicenses<'a>,
    /// Files that are elements of their own and no artifact.
    pub(super) files: Vec<(Id, &'a ArtifactFile)>,
    /// Files that the vendor declares, each with what is handed on in it.
    pub(super) declared_files: Vec<DeclaredFileOf>,
    plugin_numbers: HashMap<&'a str, usize>,
    artifacts: HashMap<&'a ArtifactId, Id>,
    file_ids: HashMap<&'a SourcePath, Id>,
}

/// A file that the vendor declares.
pub(super) struct DeclaredFileOf {
    pub(super) id: Id,
    /// What is handed on in it.
    pub(super) package: Id,
    pub(super) file: DeclaredFile,
}

/// A plugin as a tool, and the blank node that says that it found something.
pub(super) struct Plugin {
    pub(super) tool: Id,
    pub(super) creation: Id,
}

impl<'a> Context<'a> {
    /// The context and the names that are still free. `document` is the IRI of the document.
    pub(super) fn new(index: Index<'a>, document: &str) -> (Self, Refs) {
        let report = index.report;
        let namespace = format!("{document}#");
        let mut refs = Refs::new(Alphabet::SpdxRef);
        let mut take = |wanted: &str| Id::from(format!("{namespace}{}", refs.take(wanted)));
        let root = take(if report.product.is_some() { "Product" } else { "Source" });
        let tool = take("Tool-flowdown");
        let vendor = report.product.as_ref().and_then(|product| product.vendor.as_deref());
        let vendor = vendor.filter(|name| !name.trim().is_empty());
        let author = take(if vendor.is_some() { "Vendor" } else { "Agent-flowdown" });
        let plugins: Vec<Plugin> = report
            .plugins
            .iter()
            .map(|plugin| take(&format!("Plugin-{}", plugin.id)))
            .map(|tool| Plugin { creation: blank(&namespace, &tool), tool })
            .collect();
        let plugin_numbers = report
            .plugins
            .iter()
            .enumerate()
            .map(|(number, plugin)| (plugin.id.as_str(), number))
            .collect();
        let mut artifacts = HashMap::new();
        let mut files = Vec::new();
        let mut file_ids = HashMap::new();
        let mut declared_files = Vec::new();
        let mut declare = |take: &mut dyn FnMut(&str) -> Id, package: &Id, file| {
            let DeclaredFile { name, .. } = &file;
            let id = take(&format!("File-{name}"));
            declared_files.push(DeclaredFileOf { id, package: package.clone(), file });
        };
        if let Some(file) = report.product.as_ref().and_then(|product| product.file.clone()) {
            declare(&mut take, &root, file);
        }
        for artifact in &report.inventory.artifacts {
            let id = take(&artifact.id.0);
            for file in elements(artifact) {
                if file_ids.contains_key(&file.path) {
                    continue;
                }
                let file_id = if is_one_file(artifact) {
                    id.clone()
                } else {
                    let file_id = take(&format!("File-{}", file.path.file_name()));
                    files.push((file_id.clone(), file));
                    file_id
                };
                file_ids.insert(&file.path, file_id);
            }
            if let Some(file) =
                facts::declared_file(artifact).filter(|_| !is_of_files(artifact.kind))
            {
                declare(&mut take, &id, file);
            }
            artifacts.insert(&artifact.id, id);
        }
        let kinds = outside::kinds(report);
        let outside: BTreeMap<_, _> = index::outside(report, |_| true)
            .into_iter()
            .map(|(name, outside)| (name, (take(&format!("Outside-{name}")), kinds[name], outside)))
            .collect();
        let of_artifacts =
            report.inventory.artifacts.iter().filter_map(|artifact| artifact.purl.as_ref());
        let purls = of_artifacts.chain(outside.values().filter_map(|(_, _, outside)| outside.purl));
        let mut accounts = BTreeMap::new();
        for account in purls.filter_map(HubRepository::of).map(|repository| repository.account) {
            accounts.entry(account).or_insert_with(|| take(&format!("Account-{account}")));
        }
        let mut parties = BTreeMap::new();
        let artifacts_of = report.inventory.artifacts.iter();
        for party in artifacts_of.flat_map(|it| [facts::supplier(it), facts::creator(it)]).flatten()
        {
            parties.entry(party).or_insert_with_key(|party| take(&format!("Party-{}", party.name)));
        }
        let outside_licenses = OutsideLicenses::new(&index);
        let context = Self {
            index,
            root,
            creation: blank(&namespace, &tool),
            tool,
            author,
            vendor: vendor.map(|name| cut(name).into_owned()),
            plugins,
            accounts,
            parties,
            outside,
            outside_licenses,
            files,
            declared_files,
            plugin_numbers,
            artifacts,
            file_ids,
            namespace,
        };
        (context, refs)
    }

    /// The IRI of an artifact; `None` for an id that is not in the inventory.
    pub(super) fn artifact(&self, id: &ArtifactId) -> Option<&Id> {
        self.artifacts.get(id)
    }

    /// The IRI of a file; `None` when it is no element.
    pub(super) fn file(&self, path: &SourcePath) -> Option<&Id> {
        self.file_ids.get(path)
    }

    /// The IRI of the other end of a relation.
    pub(super) fn target(&self, target: &RelationTarget) -> Option<&Id> {
        match target {
            RelationTarget::Here(id) => self.artifact(id),
            RelationTarget::Elsewhere { name, .. } => {
                self.outside.get(name.as_str()).map(|(id, _, _)| id)
            }
        }
    }

    /// The blank node that says that `plugin` found something; Flowdown's for whatever is no plugin.
    pub(super) fn creation_by(&self, plugin: &str) -> &Id {
        let number = self.plugin_numbers.get(plugin);
        number.map_or(&self.creation, |number| &self.plugins[*number].creation)
    }
}

/// The label of the creation information of a tool. A label must not end in a dot.
fn blank(namespace: &str, tool: &str) -> Id {
    let name = tool.strip_prefix(namespace).unwrap_or(tool);
    format!("_:{name}-found").into()
}

/// Tokenizers and documents are files, or folders of them, and no packages.
pub(super) const fn is_of_files(kind: ArtifactKind) -> bool {
    matches!(kind, ArtifactKind::Tokenizer | ArtifactKind::Document)
}

/// Whether an artifact is the one file that it consists of.
pub(super) fn is_one_file(artifact: &Artifact) -> bool {
    is_of_files(artifact.kind) && artifact.files.len() == 1
}

/// The files of an artifact that are elements of their own: all of what is nothing but files, else
/// weights and texts.
pub(super) fn elements(artifact: &Artifact) -> impl Iterator<Item = &ArtifactFile> {
    let all = is_of_files(artifact.kind);
    artifact.files.iter().filter(move |file| {
        let wanted = matches!(
            file.role,
            FileRole::Weights | FileRole::License | FileRole::Notice | FileRole::UsePolicy
        );
        all || wanted
    })
}
