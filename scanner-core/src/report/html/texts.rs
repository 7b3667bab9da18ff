//! The texts of the customer bundle, each once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::view::View;
use crate::model::{BundleText, Digest, LicenseKey, TextOrigin};

/// Bytes of texts that a page holds; the bundle has all of them.
const BYTES: usize = 4 << 20;

#[derive(Serialize)]
pub(super) struct Texts<'a> {
    texts: Vec<Text<'a>>,
    /// What the bundle lacks, in the words of its entries.
    gaps: Vec<(&'a str, &'a str, &'a str)>,
    #[serde(skip)]
    of_license: BTreeMap<&'a LicenseKey, Vec<usize>>,
}

#[derive(Serialize)]
struct Text<'a> {
    number: usize,
    sha256: String,
    is_notice: bool,
    /// The licences whose text it is.
    spdx: Vec<&'a str>,
    /// The files it came in; none for a text of the SPDX License List.
    paths: Vec<&'a str>,
    bytes: usize,
    /// `None` where the page would grow too large.
    text: Option<Cow<'a, str>>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let report = view.report();
        let mut numbers: BTreeMap<Digest, usize> = BTreeMap::new();
        let mut all = Self { texts: Vec::new(), gaps: Vec::new(), of_license: BTreeMap::new() };
        let mut room = BYTES;
        for entry in &report.assessment.bundle.entries {
            let mut add = |sha256, bytes: &'a [u8], path, is_notice| {
                let number = *numbers.entry(sha256).or_insert_with(|| {
                    let fits = bytes.len() <= room;
                    room -= if fits { bytes.len() } else { 0 };
                    let text = fits.then(|| String::from_utf8_lossy(bytes));
                    all.texts.push(Text::of(all.texts.len(), sha256, bytes, is_notice, text));
                    all.texts.len() - 1
                });
                all.texts[number].also(&entry.spdx, path);
                if let (Some(key), false) = (&entry.license, is_notice) {
                    let of_license = all.of_license.entry(key).or_default();
                    if !of_license.contains(&number) {
                        of_license.push(number);
                    }
                }
            };
            for text in &entry.texts {
                add(text.sha256, &text.bytes, path(text), false);
            }
            let listed =
                entry.license.as_ref().and_then(|key| report.inventory.listed_texts.get(key));
            if let (Some(text), true) = (listed, entry.texts.is_empty()) {
                add(Digest::sha256_of(text.as_bytes()), text.as_bytes(), None, false);
            }
            for notice in &entry.notices {
                add(notice.sha256, &notice.bytes, path(notice), true);
            }
            for gap in &entry.gaps {
                all.gaps.push((&entry.spdx, &gap.what, &gap.fix));
            }
        }
        all
    }

    /// The numbers of the texts of a licence.
    pub(super) fn of_license(&self, key: &LicenseKey) -> Vec<usize> {
        self.of_license.get(key).cloned().unwrap_or_default()
    }
}

fn path(text: &BundleText) -> Option<&str> {
    match &text.origin {
        TextOrigin::Artifact { path } => Some(path.as_str()),
        TextOrigin::SpdxList => None,
    }
}

impl<'a> Text<'a> {
    fn of(
        number: usize,
        sha256: Digest,
        bytes: &'a [u8],
        is_notice: bool,
        text: Option<Cow<'a, str>>,
    ) -> Self {
        let (spdx, paths, bytes) = (Vec::new(), Vec::new(), bytes.len());
        Self { number, sha256: sha256.hex(), is_notice, spdx, paths, bytes, text }
    }

    fn also(&mut self, spdx: &'a str, path: Option<&'a str>) {
        if !self.spdx.contains(&spdx) {
            self.spdx.push(spdx);
        }
        if let Some(path) = path.filter(|path| !self.paths.contains(path)) {
            self.paths.push(path);
        }
    }
}
