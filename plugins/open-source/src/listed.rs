//! The SPDX License List: ids, names, texts, and the fingerprints that the build script made.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use flowdown_plugin_sdk::message::{Grams, ListedLicense, Profile, ProfileKind, Terms};
use spdx::License;
use spdx::identifiers::LICENSES;
use spdx::text::LICENSE_TEXTS;

const FINGERPRINTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/listed.bin"));

/// Keys of listed licences: the key of the record, if there is one, else the SPDX id.
#[derive(Clone, Debug)]
pub(crate) struct Keys(BTreeMap<String, String>);

impl Keys {
    pub(crate) fn of(terms: &[Terms]) -> Self {
        let listed = terms.iter().filter(|record| !record.ids.spdx.is_empty());
        Self(listed.map(|record| (record.ids.spdx.clone(), record.key.clone())).collect())
    }

    pub(crate) fn key(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

/// Every licence of the list with its text. Left out is what the crate has beside them:
/// `NOASSERTION`, `NONE`, and names under which the list has no text.
pub(crate) fn all() -> impl Iterator<Item = (&'static License, &'static str)> {
    // The two tables of the crate are not in the same order, so a position in one says nothing
    // about the other.
    static TEXTS: LazyLock<BTreeMap<&str, &str>> =
        LazyLock::new(|| LICENSE_TEXTS.iter().copied().collect());
    LICENSES
        .iter()
        .filter_map(|license| Some((license, *TEXTS.get(license.name)?)))
        .filter(|(_, text)| !text.is_empty())
}

/// The licences of the list that are not deprecated.
pub(crate) fn licenses(keys: &Keys) -> Vec<ListedLicense> {
    all()
        .filter(|(license, _)| !is_deprecated(license.name))
        .map(|(license, text)| ListedLicense {
            key: keys.key(license.name),
            spdx: license.name.to_owned(),
            name: license.full_name.to_owned(),
            text: Some(Cow::Borrowed(text)),
        })
        .collect()
}

fn is_deprecated(id: &str) -> bool {
    spdx::license_id(id).is_some_and(spdx::LicenseId::is_deprecated)
}

/// The id that stands for a deprecated one, when SPDX names a single one: the GNU ids without
/// suffix mean "only", those with `+` "or later".
pub(crate) fn current(id: &'static str) -> &'static str {
    if !is_deprecated(id) {
        return id;
    }
    let (base, or_later) = id.strip_suffix('+').map_or((id, false), |base| (base, true));
    spdx::gnu_license_id(base, or_later).map_or(id, |license| license.name)
}

/// A distinct text: its profile, and the ids that have it.
#[derive(Clone, Debug)]
pub(crate) struct ListedText {
    pub(crate) profile: Profile,
    pub(crate) ids: Vec<&'static str>,
}

/// The fingerprints of all texts. Ids that share a text share a profile; its key is that of a
/// record, else of the first id that is not deprecated.
pub(crate) fn texts(keys: &Keys) -> Vec<ListedText> {
    let mut numbers = Numbers(FINGERPRINTS);
    let mut texts = Vec::new();
    while let Some(ids) = numbers.next() {
        let ids = (0..ids).filter_map(|_| LICENSE_TEXTS.get(numbers.next()? as usize));
        let mut ids: Vec<&'static str> = ids.map(|(id, _)| *id).collect();
        let Some(profile) = numbers.profile() else { break };
        // Deprecated ids come last, and are named only where there is no other.
        ids.sort_by_key(|id| (is_deprecated(id), keys.key(id) == *id, *id));
        let current = ids.iter().take_while(|id| !is_deprecated(id)).count();
        ids.truncate(current.max(1));
        let permissive = ids.iter().all(|id| is_permissive(id));
        let key = ids.first().map(|id| keys.key(id)).unwrap_or_default();
        texts.push(ListedText { profile: Profile { key, permissive, ..profile }, ids });
    }
    texts
}

/// Not copyleft, not share-alike, and no limit on commerce or changes.
fn is_permissive(id: &str) -> bool {
    // It is copyleft for some readers and permissive for others: a changed copy is unknown.
    const IN_DOUBT: [&str; 1] = ["MS-PL"];
    let limited = ["-NC", "-ND", "-SA", "-Sharing", "ODbL"].iter().any(|limit| id.contains(limit));
    let free = spdx::license_id(id).is_some_and(|license| !license.is_copyleft());
    IN_DOUBT.contains(&id) || (free && !limited)
}

/// Reads little-endian numbers.
struct Numbers(&'static [u8]);

impl Numbers {
    fn next(&mut self) -> Option<u32> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*bytes))
    }

    fn grams(&mut self) -> Option<Grams> {
        let count = self.next()? as usize;
        let (grams, rest) = self.0.split_at_checked(count * size_of::<u32>())?;
        self.0 = rest;
        Some(grams.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }

    fn profile(&mut self) -> Option<Profile> {
        let words = self.next()?;
        let (low, high) = (self.next()?, self.next()?);
        Some(Profile {
            key: String::new(),
            kind: ProfileKind::License,
            words,
            whole: u64::from(high) << 32 | u64::from(low),
            grams: self.grams()?,
            frame: self.grams()?,
            discriminators: Vec::new(),
            clauses: Vec::new(),
            permissive: false,
        })
    }
}
