//! What signatures of models say of files, against what the files are.

use std::collections::BTreeMap;

use super::ScannedFile;
use crate::model::{Code, Diagnostic, Digest, FactValue, SourcePath, names};

/// Files of one signature that are named one by one.
const NAMED: usize = 10;

/// Compares every manifest of a signature with the digests that were computed.
pub(super) fn compare(files: &[ScannedFile]) -> Vec<Diagnostic> {
    let mut digests: Option<BTreeMap<&SourcePath, Option<Digest>>> = None;
    let mut diagnostics = Vec::new();
    for signature in files.iter().filter(|file| file.extractors().contains(&"model_signature")) {
        let facts = signature.extraction().facts.iter();
        let manifest = facts.filter(|fact| fact.name == names::SIGNATURE_FILES);
        for fact in manifest {
            let digests = digests
                .get_or_insert_with(|| files.iter().map(|it| (&it.path, it.sha256)).collect());
            let Some(stated) = fact.value.as_map() else { continue };
            let folder = signature.path.parent();
            let compared = Compared::of(&folder, stated, digests);
            let at = fact.at.clone();
            for (path, stated, is) in compared.different.iter().take(NAMED) {
                let message = format!("`{path}` is signed as `{stated}` and is `{is}`");
                diagnostics.push(
                    Diagnostic::new(Code::SignatureMismatch, at.clone(), message)
                        .help("the file is not the one that was signed; fetch the model again"),
                );
            }
            let message = format!(
                "the signature was not verified; of `{}` files that it names, `{}` are here with \
                 these digests, `{}` with others, `{}` were not compared",
                stated.len(),
                compared.equal,
                compared.different.len(),
                compared.unknown
            );
            diagnostics.push(
                Diagnostic::new(Code::SignatureUnverified, at, message)
                    .help("verify it with the tool and the key of whoever signed"),
            );
        }
    }
    diagnostics
}

#[derive(Default)]
struct Compared<'a> {
    equal: usize,
    different: Vec<(SourcePath, &'a Digest, Digest)>,
    /// Absent, not read to the end, or signed with another algorithm.
    unknown: usize,
}

impl<'a> Compared<'a> {
    fn of(
        folder: &SourcePath,
        stated: &'a BTreeMap<String, FactValue>,
        digests: &BTreeMap<&SourcePath, Option<Digest>>,
    ) -> Self {
        let mut compared = Self::default();
        for (name, value) in stated {
            let path = folder.join(name);
            let is = path.as_ref().and_then(|path| digests.get(path)).copied().flatten();
            match (value.as_digest(), is, path) {
                (Some(stated), Some(is), _) if *stated == is => compared.equal += 1,
                (Some(stated), Some(is), Some(path)) => compared.different.push((path, stated, is)),
                _ => compared.unknown += 1,
            }
        }
        compared
    }
}
