//! Fingerprints of licence texts. The texts stay where they are; the repository gets numbers.
//!
//! `xtask/profiles.toml` says which texts there are, which phrases settle near twins, and where the
//! restrictions stand. Every anchor must be found, every list must have as many items as the record
//! has restrictions, and every text must satisfy its own discriminators; otherwise nothing is
//! written.

mod clauses;
mod spec;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use flowdown_plugin_sdk::catalogue::{Phrases, parse};
use flowdown_plugin_sdk::message::{Phrase, Profile, ProfileDiscriminator, Terms};
use flowdown_plugin_sdk::text::{self, Power, Prefixes, Presence, Word};

use crate::generated::{self, Generated, root};
use spec::{PhraseSpec, Spec, TextSpec};

/// Which texts, and what to do with their fingerprints.
#[derive(clap::Args)]
pub(crate) struct ProfileArguments {
    /// A folder with `<key>.txt` files; of several, the first that has a text gives it
    #[arg(long, required = true, value_name = "DIR")]
    texts: Vec<PathBuf>,
    #[command(flatten)]
    generated: generated::Arguments,
}

impl ProfileArguments {
    /// Writes the fingerprints, or compares them with what is there.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        self.generated.settle(&files(&self.texts)?)
    }
}

fn files(texts: &[PathBuf]) -> anyhow::Result<Vec<Generated>> {
    let spec: Spec = toml::from_str(include_str!("../../profiles.toml"))?;
    let mut profiles: BTreeMap<String, Vec<Profile>> = BTreeMap::new();
    for entry in &spec.text {
        let profile = fingerprint(texts, entry).with_context(|| format!("text `{}`", entry.key))?;
        let path = format!("plugins/{}/profiles/{}.json", entry.plugin, entry.key);
        profiles.entry(path).or_default().push(profile);
    }
    let mut phrases: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
    for entry in &spec.phrase {
        let text = read(texts, &entry.text)?;
        let wording = wording(&text, entry).with_context(|| format!("phrase `{}`", entry.id))?;
        let path = format!("plugins/{}/profiles/phrases.toml", entry.plugin);
        phrases.entry(path).or_default().push(text::phrase(&entry.id, &wording));
    }
    let mut files = Vec::new();
    for (path, found) in profiles {
        let content = format!("{}\n", serde_json::to_string_pretty(&found)?);
        files.push(Generated { path, content });
    }
    for (path, mut phrase) in phrases {
        phrase.sort_by(|a, b| a.label.cmp(&b.label));
        files.push(Generated { path, content: toml::to_string(&Phrases { phrase })? });
    }
    Ok(files)
}

fn fingerprint(texts: &[PathBuf], entry: &TextSpec) -> anyhow::Result<Profile> {
    let whole = read(texts, entry.file.as_deref().unwrap_or(&entry.key))?;
    let text = match &entry.from {
        Some(anchor) => &whole[find(&whole, anchor)?.start..],
        None => &whole,
    };
    let text = match &entry.until {
        Some(anchor) => &text[..find(text, anchor)?.start],
        None => text,
    };
    let mut profile = text::profile(&entry.key, entry.kind, text);
    profile.permissive = entry.permissive;
    for discriminator in &entry.discriminator {
        let source = match &discriminator.text {
            Some(other) => read(texts, other)?,
            None => text.to_owned(),
        };
        let wording = &source[find(&source, &discriminator.phrase)?];
        profile.discriminators.push(text::discriminator(
            &discriminator.label,
            wording,
            if discriminator.must_not { Presence::MustNot } else { Presence::Must },
        ));
    }
    satisfies_itself(text, &profile.discriminators)?;
    if entry.clauses.is_some() || !entry.clause.is_empty() {
        let list = entry.clauses.as_ref().and_then(|list| list.record.as_deref());
        let terms = record(&entry.plugin, list.unwrap_or(&entry.key))?;
        profile.clauses = clauses::wording(text, entry, &terms)?;
    }
    Ok(profile)
}

/// A text that fails its own discriminators could never be recognised.
fn satisfies_itself(text: &str, discriminators: &[ProfileDiscriminator]) -> anyhow::Result<()> {
    let words: Vec<Word> = text::words(text).collect();
    let prefixes = Prefixes::new(&words);
    for discriminator in discriminators {
        let power = Power::of(discriminator.words as usize);
        let present =
            (0..words.len()).any(|start| prefixes.window(start, power) == Some(discriminator.hash));
        ensure!(
            present == discriminator.must,
            "`{}` is {} in the text itself",
            discriminator.label,
            if present { "present" } else { "absent" }
        );
    }
    Ok(())
}

fn record(plugin: &str, key: &str) -> anyhow::Result<Terms> {
    let path = root().join(format!("plugins/{plugin}/catalogue/{key}.toml"));
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("`{}` cannot be read", path.display()))?;
    Ok(parse(key, &text)?)
}

fn read(texts: &[PathBuf], name: &str) -> anyhow::Result<String> {
    let mut paths = texts.iter().map(|folder| folder.join(format!("{name}.txt")));
    let path = paths.find(|path| path.exists());
    let path = path.with_context(|| format!("no folder has a text `{name}.txt`"))?;
    std::fs::read_to_string(&path).with_context(|| format!("`{}` cannot be read", path.display()))
}

/// Where `anchor` first stands: without ASCII case, and with any white space between its words.
fn find(text: &str, anchor: &str) -> anyhow::Result<Range<usize>> {
    let starts = text.char_indices().map(|(start, _)| start);
    let mut places =
        starts.filter_map(|start| Some(start..start + anchor_bytes(&text[start..], anchor)?));
    places.next().with_context(|| format!("`{anchor}` does not stand in the text"))
}

/// How many bytes `anchor` takes at the beginning of `text`, if it stands there.
fn anchor_bytes(text: &str, anchor: &str) -> Option<usize> {
    let mut rest = text;
    for (index, word) in anchor.split_whitespace().enumerate() {
        let trimmed = if index == 0 { rest } else { rest.trim_start() };
        let is_apart = index == 0 || trimmed.len() < rest.len();
        let here = trimmed.get(..word.len())?.eq_ignore_ascii_case(word);
        rest = (is_apart && here).then(|| &trimmed[word.len()..])?;
    }
    Some(text.len() - rest.len())
}

/// The prescribed words of a phrase, whatever the line breaks: what is quoted after its anchor, or
/// what begins with it, cut before the words that end it.
fn wording(text: &str, entry: &PhraseSpec) -> anyhow::Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(['“', '”'], "\"");
    let wording = match (&entry.after, &entry.from) {
        (Some(after), None) => {
            let rest = &text[find(&text, after)?.end..];
            rest.split('"').nth(1).context("no quoted text follows the anchor")?
        }
        (None, Some(from)) => &text[find(&text, from)?.start..],
        _ => bail!("a phrase has either `after` or `from`"),
    };
    Ok(match &entry.until {
        Some(until) => wording[..find(wording, until)?.start].to_owned(),
        None => wording.to_owned(),
    })
}

#[cfg(test)]
mod tests;
