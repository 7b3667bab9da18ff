//! Runs an extractor on a file and reads its facts back as typed entries.

use std::collections::BTreeMap;
use std::path::Path;

use flowdown_core::extract::manifests::ALL;
use flowdown_core::extract::manifests::entry::PackageEntry;
use flowdown_core::extract::manifests::requirements::{Include, resolve_includes};
use flowdown_core::extract::{Extractor, HEAD_BYTES, Need, Probe};
use flowdown_core::model::{Diagnostic, Limits, SourcePath};

/// What an extractor said about a file.
pub(crate) struct Reading {
    path: SourcePath,
    pub(crate) entries: Vec<PackageEntry>,
    pub(crate) includes: Vec<Include>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Reads `bytes` with `extractor` as the file `path`, in pieces as a source gives them.
    pub(crate) fn new(extractor: &dyn Extractor, path: &str, bytes: &[u8]) -> Self {
        let path = SourcePath::new(path);
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let probe = Probe::new(&path, bytes.len() as u64, head);
        let mut parser = extractor.begin(&probe, &Limits::default());
        for piece in bytes.chunks(64 << 10) {
            if parser.feed(piece) == Need::Done {
                break;
            }
        }
        let extraction = parser.finish();
        let facts = |name: &'static str| {
            extraction.facts.iter().filter(move |fact| fact.name.as_str() == name)
        };
        Self {
            entries: facts("manifest.package")
                .map(|fact| {
                    PackageEntry::from_fact(&fact.value).expect("a package fact is an entry")
                })
                .collect(),
            includes: facts("manifest.include")
                .map(|f| Include::from_fact(f).expect("an include fact is an include"))
                .collect(),
            path,
            diagnostics: extraction.diagnostics,
        }
    }

    /// Reads `bytes` with the extractor that wants them; `None` if none does.
    pub(crate) fn by_probe(path: &str, bytes: &[u8]) -> Option<Self> {
        let source_path = SourcePath::new(path);
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let probe = Probe::new(&source_path, bytes.len() as u64, head);
        let extractor = ALL.iter().find(|extractor| extractor.wants(&probe))?;
        Some(Self::new(*extractor, path, bytes))
    }

    /// How many of the includes lead nowhere below `root`, out of it or in a circle.
    pub(crate) fn include_problems(&self, root: &Path) -> usize {
        let files = BTreeMap::from([(self.path.clone(), self.includes.clone())]);
        resolve_includes(&files, |path| root.join(path.as_str()).exists()).diagnostics.len()
    }
}

/// Reads `bytes` with the extractor called `id`.
pub(crate) fn read_as(id: &str, path: &str, bytes: &[u8]) -> Reading {
    let extractor =
        ALL.iter().find(|extractor| extractor.id() == id).expect("the id is one of the list");
    Reading::new(*extractor, path, bytes)
}
