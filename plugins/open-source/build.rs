//! Checks the records of this crate, and fingerprints the texts of the SPDX License List.
//!
//! `listed.bin` in `OUT_DIR` has one entry for each distinct text, little-endian, read by
//! `src/listed.rs`: number of ids, their positions in the list (u32 each), words (u32), hash of all
//! words (u64), number of grams (u32), grams (u32 each), and the same for the grams of what stands
//! around the terms. The list is sorted by id, so the file is the same for every build.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use flowdown_plugin_sdk::catalogue::{CatalogueError, compile};
use flowdown_plugin_sdk::message::{Grams, ProfileKind};
use flowdown_plugin_sdk::text;
/// Where the text proper begins and ends, for texts that are often found without their head or
/// tail. Ids that begin so; a few words of the text.
const BODIES: [(&str, &str, &str); 2] = [
    ("Apache-2.0", "TERMS AND CONDITIONS FOR USE", "END OF TERMS AND CONDITIONS"),
    ("CC-BY", "By exercising the Licensed Rights", "Creative Commons is not a party"),
];

/// Exceptions that are often found beside a permissive licence, with its id.
const EXCEPTIONS: [(&str, &str); 2] =
    [("Apache-2.0", "LLVM-exception"), ("Apache-2.0", "Swift-exception")];

/// A shorter text would be found by chance.
const LEAST_WORDS: u32 = 10;

#[derive(Debug, thiserror::Error)]
enum BuildError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error("`OUT_DIR` is not set: this is a build script")]
    NoOutDir(#[from] std::env::VarError),
    #[error("`listed.bin` cannot be written")]
    Io(#[from] io::Error),
}

fn main() -> Result<(), BuildError> {
    compile()?;
    let mut texts: BTreeMap<(u32, u64), Listed> = BTreeMap::new();
    for (position, (id, text)) in (0_u32..).zip(spdx::text::LICENSE_TEXTS) {
        let body = body(id, text);
        let profile = text::profile(id, ProfileKind::License, &text[body.clone()]);
        if profile.words >= LEAST_WORDS {
            let listed = texts.entry((profile.words, profile.whole)).or_default();
            listed.whole.push(text);
            listed.whole.extend(exceptions(id));
            listed.positions.push(position);
            listed.grams = profile.grams;
        }
    }
    let mut bytes = Vec::new();
    for ((words, whole), listed) in texts {
        put(&mut bytes, &listed.positions);
        bytes.extend(words.to_le_bytes());
        bytes.extend(whole.to_le_bytes());
        put(&mut bytes, &listed.grams);
        put(&mut bytes, &text::frame(listed.whole, &listed.grams));
    }
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("listed.bin"), bytes)?;
    Ok(())
}

/// A distinct text of the list.
#[derive(Default)]
struct Listed {
    /// Of its ids.
    positions: Vec<u32>,
    grams: Grams,
    /// Everything that the list prints under these ids, and exceptions to it.
    whole: Vec<&'static str>,
}

/// How many numbers, and the numbers.
fn put(bytes: &mut Vec<u8>, numbers: &[u32]) {
    bytes.extend((numbers.len() as u32).to_le_bytes());
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

/// The texts of the exceptions that stand beside the licence `id` and only permit more.
fn exceptions(id: &str) -> impl Iterator<Item = &'static str> {
    let of_license = EXCEPTIONS.iter().filter(move |(license, _)| *license == id);
    of_license.flat_map(|(_, exception)| {
        let texts = spdx::text::EXCEPTION_TEXTS.iter();
        texts.filter(move |(name, _)| name == exception).map(|(_, text)| *text)
    })
}

/// Where the terms stand: without title and copyright lines at the head, and without what follows
/// them.
fn body(id: &str, text: &str) -> Range<usize> {
    let mut body = after_head(text)..text.len();
    for (start_of_id, start, end) in BODIES {
        if id.starts_with(start_of_id) {
            body.start = text.find(start).unwrap_or(body.start);
            body.end = text[body.start..].find(end).map_or(body.end, |at| body.start + at);
        }
    }
    // The GNU licences end with instructions that copies often leave out.
    if let Some(at) = text[body.clone()].find("END OF TERMS AND CONDITIONS") {
        body.end = body.start + at;
    }
    body
}

/// Where the last copyright line among the first lines ends, else a title that stands alone; the
/// beginning when most of the text would be lost.
fn after_head(text: &str) -> usize {
    const HEAD_LINES: usize = 12;
    const TITLE_WORDS: usize = 8;
    let mut offset = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n').take(HEAD_LINES) {
        offset += line.len();
        let is_notice = line.to_lowercase().contains("copyright") && text::words(line).count() == 0;
        if is_notice {
            start = offset;
        }
    }
    if start == 0
        && let Some((title, body)) = text.trim_start().split_once("\n\n")
        && text::words(title).count() <= TITLE_WORDS
    {
        start = text.len() - body.len();
    }
    let body = text::words(&text[start..]).count();
    if body * 2 < text::words(text).count() { 0 } else { start }
}
