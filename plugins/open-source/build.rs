//! Checks the records of this crate, and fingerprints the texts of the SPDX License List.
//!
//! `listed.bin` in `OUT_DIR` has one entry for each distinct text, little-endian, read by
//! `src/listed.rs`: number of ids, their positions in the list (u32 each), words (u32), hash of all
//! words (u64), number of grams (u32), grams (u32 each). The list is sorted by id, so the file is the
//! same for every build.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use flowdown_plugin_sdk::catalogue::{CatalogueError, compile};
use flowdown_plugin_sdk::message::{Profile, ProfileKind};
use flowdown_plugin_sdk::text;

/// Where the text proper begins and ends, for texts that are often found without their head or
/// tail. Ids that begin so; a few words of the text.
const BODIES: [(&str, &str, &str); 2] = [
    ("Apache-2.0", "TERMS AND CONDITIONS FOR USE", "END OF TERMS AND CONDITIONS"),
    ("CC-BY", "By exercising the Licensed Rights", "Creative Commons is not a party"),
];

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
    let mut texts: BTreeMap<(u32, u64), (Profile, Vec<u32>)> = BTreeMap::new();
    for (position, (id, text)) in (0_u32..).zip(spdx::text::LICENSE_TEXTS) {
        let profile = text::profile(id, ProfileKind::License, body(id, text));
        if profile.words >= LEAST_WORDS {
            let twins = texts.entry((profile.words, profile.whole));
            twins.or_insert_with(|| (profile, Vec::new())).1.push(position);
        }
    }
    let mut bytes = Vec::new();
    for (profile, positions) in texts.into_values() {
        for number in [positions.len()].into_iter().chain(positions.iter().map(|at| *at as usize)) {
            bytes.extend((number as u32).to_le_bytes());
        }
        bytes.extend(profile.words.to_le_bytes());
        bytes.extend(profile.whole.to_le_bytes());
        bytes.extend((profile.grams.len() as u32).to_le_bytes());
        bytes.extend(profile.grams.iter().flat_map(|gram| gram.to_le_bytes()));
    }
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("listed.bin"), bytes)?;
    Ok(())
}

/// A text without title and copyright lines at its head, and without what follows its terms.
fn body<'a>(id: &str, text: &'a str) -> &'a str {
    let whole = text;
    let mut text = without_head(text);
    for (start_of_id, start, end) in BODIES {
        if id.starts_with(start_of_id) {
            text = whole.find(start).map_or(text, |at| &whole[at..]);
            text = text.find(end).map_or(text, |at| &text[..at]);
        }
    }
    // The GNU licences end with instructions that copies often leave out.
    text.find("END OF TERMS AND CONDITIONS").map_or(text, |at| &text[..at])
}

/// What follows the last copyright line among the first lines, else what follows a title that
/// stands alone; everything when most of the text would be lost.
fn without_head(text: &str) -> &str {
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
    let body = &text[start..];
    if text::words(body).count() * 2 < text::words(text).count() { text } else { body }
}
