//! Systems in the tree: which distribution a table of installed packages belongs to, and where the
//! texts of its packages lie.

use std::collections::BTreeMap;

use super::ScannedFile;
use crate::extract::manifests::entry::{Ecosystem, PackageEntry};
use crate::extract::manifests::os_release;
use crate::model::{FactValue, Purl, SourcePath, names};

/// What `os-release` says, by the root of its system.
pub(super) struct Systems<'a>(BTreeMap<SourcePath, &'a BTreeMap<String, FactValue>>);

impl<'a> Systems<'a> {
    pub(super) fn new(files: &'a [ScannedFile]) -> Self {
        let mut by_root = BTreeMap::new();
        // Files are sorted, and so are the places: the first one wins.
        for scanned in files.iter().filter(|file| file.extractors().contains(&"os_release")) {
            let mut facts = scanned.extraction().facts.iter();
            let release = facts.find(|fact| fact.name == names::OS_RELEASE);
            let root = os_release::PLACES
                .iter()
                .find_map(|place| scanned.path.as_str().strip_suffix(place));
            if let (Some(release), Some(root)) = (release.and_then(|it| it.value.as_map()), root) {
                by_root.entry(SourcePath::new(root)).or_insert(release);
            }
        }
        Self(by_root)
    }

    /// The purl of a package of a distribution: `pkg:deb/debian/adduser@3.134?arch=all&distro=…`.
    pub(super) fn purl(&self, entry: &PackageEntry, manifest: &SourcePath) -> Option<Purl> {
        let release = root(entry.ecosystem, manifest).and_then(|root| self.0.get(&root));
        let said = |key: &str| release.and_then(|it| it.get(key)).and_then(FactValue::as_text);
        let id = said("id").filter(|id| !id.is_empty());
        let distro = id.map(|id| match said("version-id") {
            Some(version) => format!("{id}-{version}"),
            None => id.to_owned(),
        });
        let stated = [("arch", entry.architecture.as_deref()), ("distro", distro.as_deref())];
        let qualifiers: Vec<(&str, &str)> =
            stated.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let (kind, name) = (entry.ecosystem.name(), entry.name.as_deref()?);
        Purl::build_qualified(kind, id, name, entry.version.as_deref(), &qualifiers)
    }
}

/// The root of the system whose table of packages `manifest` is; none for other ecosystems.
pub(super) fn root(ecosystem: Ecosystem, manifest: &SourcePath) -> Option<SourcePath> {
    let table = match ecosystem {
        Ecosystem::Apk => "lib/apk/db/",
        Ecosystem::Deb => "var/lib/dpkg/",
        Ecosystem::Cargo | Ecosystem::Npm | Ecosystem::Pypi => return None,
    };
    let path = manifest.as_str();
    path.rfind(table).map(|end| SourcePath::new(&path[..end]))
}

/// The folder with the copyright file of a package of Debian (policy 12.5).
pub(super) fn documents(root: &SourcePath, package: &str) -> SourcePath {
    SourcePath::new(&format!("{}/usr/share/doc/{package}", root.as_str()))
}

/// The source package of an entry, without its version.
pub(super) fn source(entry: &PackageEntry) -> Option<&str> {
    let source = entry.source_package.as_deref().or(entry.name.as_deref())?;
    Some(source.split_once('@').map_or(source, |(name, _)| name))
}
