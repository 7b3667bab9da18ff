//! Package entries of all manifests, as one artifact for each package.

use std::collections::{BTreeMap, BTreeSet};

use super::companions::{Claimed, file};
use super::role::Role;
use super::systems::{self, Systems};
use super::{ScannedFile, identity};
use crate::extract::manifests::entry::{Ecosystem, PackageEntry, Scope, State};
use crate::extract::manifests::requirements::{self, Include};
use crate::model::{
    Artifact, ArtifactId, ArtifactKind, Diagnostic, Fact, FileRole, Purl, SourcePath, names,
};

/// One entry of one manifest.
struct Row<'a> {
    /// The manifest; for those that have a file for each package, the first of them.
    file: usize,
    folder: SourcePath,
    /// The root of the system that it is installed in, for packages of a distribution.
    root: Option<SourcePath>,
    entry: PackageEntry,
    fact: &'a Fact,
    purl: Option<Purl>,
    /// What the entry is the same package as.
    key: String,
}

/// Makes an artifact of each package. A manifest without any stays unclaimed: it must not vanish.
pub(super) fn artifacts(
    files: &[ScannedFile],
    roles: &[Role],
    claimed: &mut Claimed,
) -> Vec<Artifact> {
    let systems = Systems::new(files);
    let mut rows = Vec::new();
    for (index, scanned) in files.iter().enumerate() {
        if roles[index] != Role::Manifest {
            continue;
        }
        let before = rows.len();
        rows.extend(rows_of(index, scanned, &systems));
        if rows.len() > before {
            claimed.claim(index);
        }
    }
    answer_requirements(&mut rows);
    join_parts(&mut rows);
    let edges = edges(&rows);
    let mut by_key: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in &rows {
        by_key.entry(&row.key).or_default().push(row);
    }
    let licenses = LicenseFiles::new(files, roles, &rows);
    by_key
        .iter()
        .map(|(key, rows)| {
            let members = licenses.of(rows, claimed);
            artifact(key, rows, files, roles, &members, &edges)
        })
        .collect()
}

fn rows_of<'a>(
    file: usize,
    scanned: &'a ScannedFile,
    systems: &Systems<'_>,
) -> impl Iterator<Item = Row<'a>> {
    scanned
        .extraction()
        .facts
        .iter()
        .filter(|fact| fact.name == names::MANIFEST_PACKAGE)
        .filter_map(move |fact| {
            let entry = PackageEntry::from_fact(&fact.value)?;
            // A constraint asks for nothing: it limits what something else asks for.
            if entry.state == State::Constraint {
                return None;
            }
            let purl = match entry.ecosystem {
                Ecosystem::Apk | Ecosystem::Deb => systems.purl(&entry, &scanned.path),
                _ => purl(&entry),
            };
            let root = systems::root(entry.ecosystem, &scanned.path);
            let key = key(&entry, purl.as_ref(), &scanned.path);
            Some(Row { file, folder: scanned.path.parent(), root, entry, fact, purl, key })
        })
}

/// Follows `-r` and `-c` lines; what they lead to counts as its own manifest where it lies.
pub(super) fn follow_includes(files: &[ScannedFile]) -> Vec<Diagnostic> {
    let mut manifests: BTreeMap<SourcePath, Vec<Include>> = BTreeMap::new();
    for scanned in files.iter().filter(|file| file.extractors().contains(&"requirements")) {
        let includes = scanned.extraction().facts.iter().filter_map(Include::from_fact).collect();
        manifests.insert(scanned.path.clone(), includes);
    }
    let exists = |path: &SourcePath| files.binary_search_by(|file| file.path.cmp(path)).is_ok();
    requirements::resolve_includes(&manifests, exists).diagnostics
}

/// What two entries must share to be one package: its purl; for something that has no name, the
/// place it comes from.
fn key(entry: &PackageEntry, purl: Option<&Purl>, manifest: &SourcePath) -> String {
    match purl {
        Some(purl) => purl.as_str().to_owned(),
        None => {
            let url = entry.source.as_ref().and_then(|source| source.url.as_deref());
            format!("{} {} {}", entry.ecosystem.name(), url.unwrap_or_default(), manifest)
        }
    }
}

fn purl(entry: &PackageEntry) -> Option<Purl> {
    let name = entry.name.as_deref()?;
    let (namespace, name) = match entry.ecosystem {
        Ecosystem::Npm => match name.split_once('/') {
            Some((scope, name)) => (Some(scope), name),
            None => (None, name),
        },
        _ => (None, name),
    };
    Purl::build(entry.ecosystem.name(), namespace, name, entry.version.as_deref())
}

/// A requirement without an exact version that a lock file or an installation in the same folder,
/// above or below has answered is that package, not another one.
fn answer_requirements(rows: &mut [Row<'_>]) {
    let answers: Vec<(Ecosystem, String, SourcePath, String)> = rows
        .iter()
        .filter(|row| row.entry.version.is_some() && row.entry.state != State::Required)
        .filter_map(|row| {
            let name = row.entry.name.clone()?;
            Some((row.entry.ecosystem, name, row.folder.clone(), row.key.clone()))
        })
        .collect();
    let mut by_name: BTreeMap<(Ecosystem, &str), Vec<(&SourcePath, &str)>> = BTreeMap::new();
    for (ecosystem, name, folder, key) in &answers {
        by_name.entry((*ecosystem, name)).or_default().push((folder, key));
    }
    for row in rows.iter_mut().filter(|row| row.entry.version.is_none()) {
        let Some(name) = &row.entry.name else { continue };
        let candidates = by_name.get(&(row.entry.ecosystem, &**name)).into_iter().flatten();
        let near: BTreeSet<&str> = candidates
            .filter(|(folder, _)| folder.is_within(&row.folder) || row.folder.is_within(folder))
            .map(|(_, key)| *key)
            .collect();
        // Several versions leave open which one answers.
        if let (Some(key), 1) = (near.first(), near.len()) {
            row.key = (*key).to_owned();
        }
    }
}

/// The packages of one system depend on each other, whatever file each stands in.
fn join_parts(rows: &mut [Row<'_>]) {
    let mut first: BTreeMap<(Ecosystem, SourcePath), usize> = BTreeMap::new();
    for row in rows {
        if let Some(root) = &row.root {
            row.file = *first.entry((row.entry.ecosystem, root.clone())).or_insert(row.file);
        }
    }
}

/// Dependencies by key, as each lock file tells them of its own packages.
fn edges(rows: &[Row<'_>]) -> BTreeMap<String, BTreeSet<ArtifactId>> {
    let mut named: BTreeMap<(usize, String), BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        let Some(name) = &row.entry.name else { continue };
        named.entry((row.file, name.clone())).or_default().insert(&row.key);
        if let Some(version) = &row.entry.version {
            named.entry((row.file, format!("{name}@{version}"))).or_default().insert(&row.key);
        }
    }
    let mut edges: BTreeMap<String, BTreeSet<ArtifactId>> = BTreeMap::new();
    for row in rows {
        let targets = row.entry.depends_on.iter().filter_map(|target| {
            let keys = named.get(&(row.file, target.clone()))?;
            // A bare name that several versions share does not tell which one is meant.
            (keys.len() == 1).then(|| keys.first()).flatten()
        });
        let ids = targets.filter(|key| **key != row.key).map(|key| id(key));
        edges.entry(row.key.clone()).or_default().extend(ids);
    }
    edges
}

fn id(key: &str) -> ArtifactId {
    identity::of_text(ArtifactKind::Package, key)
}

/// Licence and notice files.
struct LicenseFiles {
    by_folder: BTreeMap<SourcePath, Vec<usize>>,
    /// Those of packages of Debian, by root and source package.
    by_source: BTreeMap<(SourcePath, String), Vec<usize>>,
}

impl LicenseFiles {
    fn new(files: &[ScannedFile], roles: &[Role], rows: &[Row<'_>]) -> Self {
        let mut by_folder: BTreeMap<SourcePath, Vec<usize>> = BTreeMap::new();
        for (index, scanned) in files.iter().enumerate() {
            if matches!(roles[index], Role::Companion(FileRole::License | FileRole::Notice)) {
                by_folder.entry(scanned.path.parent()).or_default().push(index);
            }
        }
        let mut licenses = Self { by_folder, by_source: BTreeMap::new() };
        for row in rows {
            let own = licenses.of_debian(row).to_vec();
            if let (Some(root), Some(source), false) =
                (&row.root, systems::source(&row.entry), own.is_empty())
            {
                licenses
                    .by_source
                    .entry((root.clone(), source.to_owned()))
                    .or_default()
                    .extend(own);
            }
        }
        licenses
    }

    /// The copyright file of a package of Debian.
    fn of_debian(&self, row: &Row<'_>) -> &[usize] {
        let (Ecosystem::Deb, Some(root), Some(name)) =
            (row.entry.ecosystem, &row.root, &row.entry.name)
        else {
            return &[];
        };
        let folder = systems::documents(root, name);
        self.by_folder.get(&folder).map(Vec::as_slice).unwrap_or_default()
    }

    /// That of another package from the same source: instead of a folder of its own a package may
    /// have a link to the one of such a package (policy 12.5).
    fn of_source(&self, row: &Row<'_>) -> &[usize] {
        let (Some(root), Some(source)) = (&row.root, systems::source(&row.entry)) else {
            return &[];
        };
        let key = (root.clone(), source.to_owned());
        self.by_source.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The licence files that lie in the folder of an installed package, or of an installed npm
    /// package that a lock file places.
    fn of(&self, rows: &[&Row<'_>], claimed: &mut Claimed) -> Vec<usize> {
        let mut members = BTreeSet::new();
        for row in rows {
            if row.root.is_some() {
                let own = self.of_debian(row);
                members.extend(if own.is_empty() { self.of_source(row) } else { own });
                continue;
            }
            let home = match (&row.entry.install_path, row.entry.state) {
                (Some(path), _) => row.folder.join(path),
                (None, State::Installed) => Some(row.folder.clone()),
                _ => None,
            };
            let Some(home) = home else { continue };
            // PEP 639 puts them into a folder of their own.
            let beneath = home.child(b"licenses");
            for folder in [home, beneath] {
                members.extend(self.by_folder.get(&folder).into_iter().flatten());
            }
        }
        for &member in &members {
            claimed.claim(member);
        }
        members.into_iter().collect()
    }
}

fn artifact(
    key: &str,
    rows: &[&Row<'_>],
    files: &[ScannedFile],
    roles: &[Role],
    members: &[usize],
    edges: &BTreeMap<String, BTreeSet<ArtifactId>>,
) -> Artifact {
    // What names an exact version describes the package best.
    let first = rows.iter().find(|row| row.entry.version.is_some()).unwrap_or(&rows[0]);
    let mut facts: Vec<Fact> = rows.iter().map(|row| row.fact.clone()).collect();
    facts.extend(members.iter().flat_map(|index| files[*index].extraction().facts.iter().cloned()));
    facts.sort_by(|left, right| (&left.at, left.name).cmp(&(&right.at, right.name)));
    facts.dedup();
    let mut occurrences: Vec<_> = rows.iter().map(|row| row.fact.at.clone()).collect();
    occurrences.sort();
    occurrences.dedup();
    let is_for_development =
        |row: &&Row<'_>| matches!(row.entry.scope, Scope::Development | Scope::Build);
    Artifact {
        id: id(key),
        kind: ArtifactKind::Package,
        name: first.entry.name.clone(),
        version: first.entry.version.clone(),
        purl: first.purl.clone(),
        folder: first.folder.clone(),
        files: members.iter().map(|index| file(&files[*index], roles[*index])).collect(),
        facts,
        tensors: Vec::new(),
        occurrences,
        development_only: rows.iter().all(is_for_development),
        depends_on: edges.get(key).into_iter().flatten().cloned().collect(),
    }
}
