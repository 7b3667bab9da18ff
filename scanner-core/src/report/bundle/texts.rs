//! Which texts the bundle holds, under which file names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::file_name::stem;
use crate::model::{BundleEntry, BundleGap, BundleText, Digest, LicenseBundle, Report, TextOrigin};

/// Hexadecimal digits of a digest that keep two texts of one licence apart.
const DIGEST_DIGITS: usize = 12;

/// A text with its file.
pub(super) struct NamedText {
    /// Path inside the bundle.
    pub(super) file: String,
    pub(super) text: BundleText,
}

/// One entry of the bundle with the files of its texts.
pub(super) struct NamedEntry<'a> {
    pub(super) entry: &'a BundleEntry,
    pub(super) texts: Vec<NamedText>,
    pub(super) notices: Vec<NamedText>,
    /// The entry's gaps, and the absence of every text.
    pub(super) gaps: Vec<BundleGap>,
}

/// The entries of a bundle, in its order, with their files.
pub(super) struct Texts<'a> {
    pub(super) bundle: &'a LicenseBundle,
    pub(super) entries: Vec<NamedEntry<'a>>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let bundle = &report.assessment.bundle;
        let texts: Vec<Vec<BundleText>> =
            bundle.entries.iter().map(|entry| texts(report, entry)).collect();
        let licenses = bundle.entries.iter().zip(&texts);
        let licenses = Names::of(licenses.flat_map(|(entry, texts)| {
            texts.iter().map(|text| (entry.spdx.as_str(), text.sha256))
        }));
        let notices = bundle.entries.iter().flat_map(|entry| &entry.notices);
        let notices = Names::of(notices.map(|text| (notice_name(text), text.sha256)));
        let named = bundle.entries.iter().zip(texts).map(|(entry, texts)| NamedEntry {
            entry,
            gaps: gaps(entry, &texts),
            texts: texts
                .into_iter()
                .map(|text| NamedText {
                    file: licenses.file("LICENSES", &entry.spdx, text.sha256),
                    text,
                })
                .collect(),
            notices: entry
                .notices
                .iter()
                .map(|text| NamedText {
                    file: notices.file("NOTICES", notice_name(text), text.sha256),
                    text: text.clone(),
                })
                .collect(),
        });
        Self { bundle, entries: named.collect() }
    }

    /// The bytes of every text by its file.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let texts = self.entries.iter().flat_map(|entry| entry.texts.iter().chain(&entry.notices));
        texts.map(|named| (named.file.clone(), named.text.bytes.to_vec())).collect()
    }
}

/// The texts that came with the artifacts; if none did, that of the SPDX License List.
fn texts(report: &Report, entry: &BundleEntry) -> Vec<BundleText> {
    if !entry.texts.is_empty() {
        return entry.texts.clone();
    }
    let key = entry.license.as_ref();
    let listed = key.and_then(|key| report.inventory.listed_texts.get(key));
    let listed = listed.map(|text| BundleText {
        origin: TextOrigin::SpdxList,
        sha256: Digest::sha256_of(text.as_bytes()),
        bytes: Arc::from(text.as_bytes()),
    });
    listed.into_iter().collect()
}

fn gaps(entry: &BundleEntry, texts: &[BundleText]) -> Vec<BundleGap> {
    let mut gaps = entry.gaps.clone();
    if texts.is_empty() && gaps.is_empty() {
        gaps.push(BundleGap {
            what: format!("no text of `{}` was found in the scanned source", entry.spdx),
            fix: "put the licence text beside the artifact and scan again".to_owned(),
        });
    }
    gaps
}

/// A notice is named for the folder it came from, which is the artifact's, and its own name.
fn notice_name(text: &BundleText) -> &str {
    match &text.origin {
        TextOrigin::Artifact { path } => path.as_str(),
        TextOrigin::SpdxList => "notice",
    }
}

/// How many different texts share a stem. File systems that ignore case decide what "share" means.
struct Names(HashMap<String, Vec<Digest>>);

impl Names {
    fn of<'a>(texts: impl Iterator<Item = (&'a str, Digest)>) -> Self {
        let mut names: HashMap<String, Vec<Digest>> = HashMap::new();
        for (name, digest) in texts {
            names.entry(stem(name).to_ascii_lowercase()).or_default().push(digest);
        }
        for digests in names.values_mut() {
            digests.sort_unstable();
            digests.dedup();
        }
        Self(names)
    }

    fn file(&self, folder: &str, name: &str, digest: Digest) -> String {
        let stem = stem(name);
        let several = self.0.get(&stem.to_ascii_lowercase()).is_some_and(|texts| texts.len() > 1);
        if several {
            format!("{folder}/{stem}-{}.txt", &digest.hex()[..DIGEST_DIGITS])
        } else {
            format!("{folder}/{stem}.txt")
        }
    }
}
