//! The typed form of the facts `manifest.package` and `manifest.project`.
//!
//! Extractors fill a [`PackageEntry`], `assemble` reads it back; the keys of the map between them
//! exist in this file only, and `docs/packages.md` says what each one means.

use std::collections::BTreeMap;

use crate::extract::text::cut;
use crate::model::FactValue;

/// The keys of the maps, sorted. `docs/packages.md` explains each.
pub mod keys {
    /// The processor that it was built for, in the words of the distribution.
    pub const ARCHITECTURE: &str = "architecture";
    /// `yes` or `no`: whether the project itself asks for the package.
    pub const DIRECT: &str = "direct";
    /// Packages it needs, `name@version` where the lock tells the version.
    pub const DEPENDS_ON: &str = "depends-on";
    /// `apk`, `cargo`, `deb`, `npm` or `pypi`.
    pub const ECOSYSTEM: &str = "ecosystem";
    /// Extras that are asked for.
    pub const EXTRAS: &str = "extras";
    /// Digests of its archives, `sha256:<hex>`.
    pub const HASHES: &str = "hashes";
    /// Its place below the lock file (npm).
    pub const INSTALL_PATH: &str = "install-path";
    /// Licence statements in free form.
    pub const LICENSE: &str = "license";
    /// `Classifier: License :: …` lines.
    pub const LICENSE_CLASSIFIERS: &str = "license-classifiers";
    /// An SPDX expression that the manifest declares to be one.
    pub const LICENSE_EXPRESSION: &str = "license-expression";
    /// Licence files that the manifest names.
    pub const LICENSE_FILES: &str = "license-files";
    /// Who maintains it, as written.
    pub const MAINTAINER: &str = "maintainer";
    /// Environment markers as written.
    pub const MARKERS: &str = "markers";
    /// The name, normalised by the rule of the ecosystem.
    pub const NAME: &str = "name";
    /// `development`, `optional`, `build` or `runtime`.
    pub const SCOPE: &str = "scope";
    /// Where it comes from: `bundled`, `git`, `path`, `registry`, `url` or `workspace`.
    pub const SOURCE: &str = "source";
    /// The source package that it was built from, `name` or `name@version`.
    pub const SOURCE_PACKAGE: &str = "source-package";
    /// The version range as written.
    pub const SPECIFIER: &str = "specifier";
    /// `constraint`, `installed`, `locked` or `required`.
    pub const STATE: &str = "state";
    /// The name as written, where it differs from `name`.
    pub const STATED_NAME: &str = "stated-name";
    /// The address that belongs to `source`.
    pub const URL: &str = "url";
    /// The exact version.
    pub const VERSION: &str = "version";
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// The word in facts and documents.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// Whose names and versions these are. The words are purl types.
    Ecosystem {
        /// Packages of Alpine.
        Apk "apk",
        /// Cargo registries.
        Cargo "cargo",
        /// Packages of Debian and what derives from it.
        Deb "deb",
        /// The npm registry and its mirrors.
        Npm "npm",
        /// Python distributions.
        Pypi "pypi",
    }
}

words! {
    /// How firmly the manifest names the package.
    State {
        /// It only limits the version of what something else asks for (`constraints.txt`).
        Constraint "constraint",
        /// It is there.
        Installed "installed",
        /// A lock file chose exactly this version.
        Locked "locked",
        /// Somebody asks for it.
        Required "required",
    }
}

words! {
    /// What the package is needed for. `docs/packages.md` has the rule of each format.
    Scope {
        /// To build the project, not to run it.
        Build "build",
        /// To test, document or check the project.
        Development "development",
        /// To run it, if the user asks for more than the minimum.
        Optional "optional",
        /// To run it; also whatever the manifest does not tell apart.
        Runtime "runtime",
    }
}

words! {
    /// What kind of place a package comes from.
    SourceKind {
        /// The archive of another package carries it.
        Bundled "bundled",
        /// A git repository.
        Git "git",
        /// A path on the disk of whoever wrote the manifest.
        Path "path",
        /// A package registry.
        Registry "registry",
        /// An archive at an address.
        Url "url",
        /// The project itself, or a member of its workspace.
        Workspace "workspace",
    }
}

words! {
    /// Whether the project itself asks for the package.
    Reach {
        /// It does.
        Direct "yes",
        /// Only other packages do.
        Transitive "no",
    }
}

/// Where a package comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PackageSource {
    /// What kind of place.
    pub kind: SourceKind,
    /// Its address or path as written.
    pub url: Option<String>,
}

impl PackageSource {
    /// A place with its address.
    pub fn at(kind: SourceKind, url: impl Into<String>) -> Self {
        Self { kind, url: Some(url.into()) }
    }

    /// A place whose address the manifest does not give.
    pub const fn of(kind: SourceKind) -> Self {
        Self { kind, url: None }
    }
}

/// What a manifest states about a licence, each form kept apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct StatedLicense {
    /// `License-Expression` of PEP 639.
    pub expression: Option<String>,
    /// Free text, and npm's `license`; several where the manifest has a list.
    pub stated: Vec<String>,
    /// Trove classifiers below `License ::`, without that prefix.
    pub classifiers: Vec<String>,
}

/// One package entry of one manifest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PackageEntry {
    /// Whose names these are.
    pub ecosystem: Ecosystem,
    /// The normalised name; `None` for a path or an address that does not tell.
    pub name: Option<String>,
    /// The name as written, where it differs.
    pub stated_name: Option<String>,
    /// The exact version.
    pub version: Option<String>,
    /// The range as written.
    pub specifier: Option<String>,
    /// How firmly the package is named.
    pub state: State,
    /// What it is needed for.
    pub scope: Scope,
    /// Where it comes from; `None` when the manifest does not say.
    pub source: Option<PackageSource>,
    /// Digests of its archives, `sha256:<hex>`, sorted and unique.
    pub hashes: Vec<String>,
    /// Environment markers as written.
    pub markers: Option<String>,
    /// What the manifest says about its licence.
    pub license: StatedLicense,
    /// Licence files, relative to the folder of the manifest.
    pub license_files: Vec<String>,
    /// Extras that are asked for.
    pub extras: Vec<String>,
    /// Whether the project itself asks for it, when known.
    pub reach: Option<Reach>,
    /// What it needs: `name@version`, or the name alone where the manifest does not tell.
    pub depends_on: Vec<String>,
    /// Its place below the folder of the lock file (npm).
    pub install_path: Option<String>,
    /// The processor that it was built for, in the words of the distribution.
    pub architecture: Option<String>,
    /// The source package that it was built from, `name` or `name@version`.
    pub source_package: Option<String>,
    /// Who maintains it, as written.
    pub maintainer: Option<String>,
}

impl PackageEntry {
    /// An entry for `stated_name` that says nothing else yet.
    pub fn new(ecosystem: Ecosystem, stated_name: &str, state: State, scope: Scope) -> Self {
        let name = ecosystem.normalize(stated_name);
        let stated_name = (name != stated_name).then(|| stated_name.to_owned());
        Self { name: Some(name), stated_name, ..Self::unnamed(ecosystem, state, scope) }
    }

    /// An entry for something whose name the manifest does not tell.
    pub const fn unnamed(ecosystem: Ecosystem, state: State, scope: Scope) -> Self {
        Self {
            ecosystem,
            name: None,
            stated_name: None,
            version: None,
            specifier: None,
            state,
            scope,
            source: None,
            hashes: Vec::new(),
            markers: None,
            license: StatedLicense {
                expression: None,
                stated: Vec::new(),
                classifiers: Vec::new(),
            },
            license_files: Vec::new(),
            extras: Vec::new(),
            reach: None,
            depends_on: Vec::new(),
            install_path: None,
            architecture: None,
            source_package: None,
            maintainer: None,
        }
    }

    /// The value of a `manifest.package` fact; each text is cut to `text_bytes`.
    pub fn into_fact(self, text_bytes: u64) -> FactValue {
        let mut map = MapWriter::new(text_bytes);
        map.text(keys::ECOSYSTEM, Some(self.ecosystem.name().to_owned()));
        map.text(keys::NAME, self.name);
        map.text(keys::STATED_NAME, self.stated_name);
        map.text(keys::VERSION, self.version);
        map.text(keys::SPECIFIER, self.specifier);
        map.text(keys::STATE, Some(self.state.name().to_owned()));
        map.text(keys::SCOPE, Some(self.scope.name().to_owned()));
        if let Some(source) = self.source {
            map.text(keys::SOURCE, Some(source.kind.name().to_owned()));
            map.text(keys::URL, source.url);
        }
        map.list(keys::HASHES, self.hashes);
        map.text(keys::MARKERS, self.markers);
        map.text(keys::LICENSE_EXPRESSION, self.license.expression);
        map.list(keys::LICENSE, self.license.stated);
        map.list(keys::LICENSE_CLASSIFIERS, self.license.classifiers);
        map.list(keys::LICENSE_FILES, self.license_files);
        map.list(keys::EXTRAS, self.extras);
        map.text(keys::DIRECT, self.reach.map(|reach| reach.name().to_owned()));
        map.list(keys::DEPENDS_ON, self.depends_on);
        map.text(keys::INSTALL_PATH, self.install_path);
        map.text(keys::ARCHITECTURE, self.architecture);
        map.text(keys::SOURCE_PACKAGE, self.source_package);
        map.text(keys::MAINTAINER, self.maintainer);
        map.finish()
    }

    /// Reads a `manifest.package` fact; `None` when the value is not one.
    pub fn from_fact(value: &FactValue) -> Option<Self> {
        let map = MapReader(value.as_map()?);
        Some(Self {
            ecosystem: Ecosystem::parse(&map.text(keys::ECOSYSTEM)?)?,
            name: map.text(keys::NAME),
            stated_name: map.text(keys::STATED_NAME),
            version: map.text(keys::VERSION),
            specifier: map.text(keys::SPECIFIER),
            state: State::parse(&map.text(keys::STATE)?)?,
            scope: Scope::parse(&map.text(keys::SCOPE)?)?,
            source: map
                .text(keys::SOURCE)
                .and_then(|word| SourceKind::parse(&word))
                .map(|kind| PackageSource { kind, url: map.text(keys::URL) }),
            hashes: map.list(keys::HASHES),
            markers: map.text(keys::MARKERS),
            license: StatedLicense {
                expression: map.text(keys::LICENSE_EXPRESSION),
                stated: map.list(keys::LICENSE),
                classifiers: map.list(keys::LICENSE_CLASSIFIERS),
            },
            license_files: map.list(keys::LICENSE_FILES),
            extras: map.list(keys::EXTRAS),
            reach: map.text(keys::DIRECT).and_then(|word| Reach::parse(&word)),
            depends_on: map.list(keys::DEPENDS_ON),
            install_path: map.text(keys::INSTALL_PATH),
            architecture: map.text(keys::ARCHITECTURE),
            source_package: map.text(keys::SOURCE_PACKAGE),
            maintainer: map.text(keys::MAINTAINER),
        })
    }
}

/// The project that a manifest belongs to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProjectEntry {
    /// Whose names these are.
    pub ecosystem: Ecosystem,
    /// The normalised name.
    pub name: String,
    /// The name as written, where it differs.
    pub stated_name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// What the manifest says about its licence.
    pub license: StatedLicense,
    /// Licence files, relative to the folder of the manifest.
    pub license_files: Vec<String>,
}

impl ProjectEntry {
    /// A project called `stated_name`.
    pub fn new(ecosystem: Ecosystem, stated_name: &str) -> Self {
        let name = ecosystem.normalize(stated_name);
        let stated_name = (name != stated_name).then(|| stated_name.to_owned());
        let license = StatedLicense::default();
        Self { ecosystem, name, stated_name, version: None, license, license_files: Vec::new() }
    }

    /// The value of a `manifest.project` fact; each text is cut to `text_bytes`.
    pub fn into_fact(self, text_bytes: u64) -> FactValue {
        let mut map = MapWriter::new(text_bytes);
        map.text(keys::ECOSYSTEM, Some(self.ecosystem.name().to_owned()));
        map.text(keys::NAME, Some(self.name));
        map.text(keys::STATED_NAME, self.stated_name);
        map.text(keys::VERSION, self.version);
        map.text(keys::LICENSE_EXPRESSION, self.license.expression);
        map.list(keys::LICENSE, self.license.stated);
        map.list(keys::LICENSE_CLASSIFIERS, self.license.classifiers);
        map.list(keys::LICENSE_FILES, self.license_files);
        map.finish()
    }

    /// Reads a `manifest.project` fact; `None` when the value is not one.
    pub fn from_fact(value: &FactValue) -> Option<Self> {
        let map = MapReader(value.as_map()?);
        Some(Self {
            ecosystem: Ecosystem::parse(&map.text(keys::ECOSYSTEM)?)?,
            name: map.text(keys::NAME)?,
            stated_name: map.text(keys::STATED_NAME),
            version: map.text(keys::VERSION),
            license: StatedLicense {
                expression: map.text(keys::LICENSE_EXPRESSION),
                stated: map.list(keys::LICENSE),
                classifiers: map.list(keys::LICENSE_CLASSIFIERS),
            },
            license_files: map.list(keys::LICENSE_FILES),
        })
    }
}

impl Ecosystem {
    /// The name by the ecosystem's own rule: PEP 503 for Python; all others are compared as they are
    /// written.
    pub fn normalize(self, name: &str) -> String {
        match self {
            Self::Apk | Self::Cargo | Self::Deb | Self::Npm => name.to_owned(),
            Self::Pypi => {
                let mut normal = String::with_capacity(name.len());
                for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
                    if !normal.is_empty() {
                        normal.push('-');
                    }
                    normal.push_str(&part.to_lowercase());
                }
                normal
            }
        }
    }
}

struct MapWriter {
    map: BTreeMap<String, FactValue>,
    text_bytes: u64,
}

impl MapWriter {
    fn new(text_bytes: u64) -> Self {
        Self { map: BTreeMap::new(), text_bytes }
    }

    fn text(&mut self, key: &str, text: Option<String>) {
        if let Some(text) = text {
            self.map.insert(key.to_owned(), FactValue::Text(cut(text, self.text_bytes)));
        }
    }

    fn list(&mut self, key: &str, texts: Vec<String>) {
        if !texts.is_empty() {
            let texts = texts.into_iter().map(|text| FactValue::Text(cut(text, self.text_bytes)));
            self.map.insert(key.to_owned(), FactValue::List(texts.collect()));
        }
    }

    fn finish(self) -> FactValue {
        FactValue::Map(self.map)
    }
}

struct MapReader<'f>(&'f BTreeMap<String, FactValue>);

impl MapReader<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).and_then(FactValue::as_text).map(str::to_owned)
    }

    fn list(&self, key: &str) -> Vec<String> {
        let texts = self.0.get(key).map(FactValue::texts).unwrap_or_default();
        texts.into_iter().map(str::to_owned).collect()
    }
}
