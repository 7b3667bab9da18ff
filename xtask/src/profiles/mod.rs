//! Fingerprints of licence texts. The texts stay where they are; the repository gets numbers.
//!
//! `xtask/profiles.toml` says which texts there are, which phrases settle near twins, and where the
//! restrictions stand. Every anchor must be found, every list must have as many items as the record
//! has restrictions, and every text must satisfy its own discriminators; otherwise nothing is
//! written.

mod clauses;
mod spec;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use flowdown_plugin_sdk::catalogue::{Phrases, parse};
use flowdown_plugin_sdk::message::{Phrase, Profile, ProfileDiscriminator, Terms};
use flowdown_plugin_sdk::text::{self, Power, Prefixes, Presence, Word};

use crate::generated::{self, Generated, root};
use spec::{Spec, TextSpec};

/// Which texts, and what to do with their fingerprints.
#[derive(clap::Args)]
pub(crate) struct ProfileArguments {
    /// The folder with `<key>.txt` files
    #[arg(long, value_name = "DIR")]
    texts: PathBuf,
    #[command(flatten)]
    generated: generated::Arguments,
}

impl ProfileArguments {
    /// Writes the fingerprints, or compares them with what is there.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        self.generated.settle(&files(&self.texts)?)
    }
}

fn files(texts: &Path) -> anyhow::Result<Vec<Generated>> {
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
        let wording = quoted(&text, &entry.after, entry.until.as_deref())
            .with_context(|| format!("phrase `{}`", entry.id))?;
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

fn fingerprint(texts: &Path, entry: &TextSpec) -> anyhow::Result<Profile> {
    let whole = read(texts, entry.file.as_deref().unwrap_or(&entry.key))?;
    let start = entry.from.as_deref().map_or(Ok(0), |anchor| find(&whole, anchor))?;
    let text = &whole[start..];
    let end = entry.until.as_deref().map_or(Ok(text.len()), |anchor| find(text, anchor))?;
    let text = &text[..end];
    let mut profile = text::profile(&entry.key, entry.kind, text);
    profile.permissive = entry.permissive;
    for discriminator in &entry.discriminator {
        let source = match &discriminator.text {
            Some(other) => read(texts, other)?,
            None => text.to_owned(),
        };
        let start = find(&source, &discriminator.phrase)?;
        let wording = &source[start..start + discriminator.phrase.len()];
        profile.discriminators.push(text::discriminator(
            &discriminator.label,
            wording,
            if discriminator.must_not { Presence::MustNot } else { Presence::Must },
        ));
    }
    satisfies_itself(text, &profile.discriminators)?;
    if let Some(list) = &entry.clauses {
        let terms = record(&entry.plugin, list.record.as_deref().unwrap_or(&entry.key))?;
        let labels = terms.restriction.iter().map(|restriction| restriction.label.as_str());
        let labels: Vec<&str> = labels
            .filter(|label| list.labels.as_deref().is_none_or(|start| label.starts_with(start)))
            .collect();
        let text = &text[find(text, &list.after)? + list.after.len()..];
        let items = clauses::items(text, list, labels.len())?;
        profile.clauses =
            labels.into_iter().zip(&items).map(|(label, item)| text::phrase(label, item)).collect();
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

fn read(texts: &Path, name: &str) -> anyhow::Result<String> {
    let path = texts.join(format!("{name}.txt"));
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("`{}` cannot be read", path.display()))?;
    Ok(text)
}

/// Where `anchor` first stands, compared without ASCII case.
fn find(text: &str, anchor: &str) -> anyhow::Result<usize> {
    text.to_ascii_lowercase()
        .find(&anchor.to_ascii_lowercase())
        .with_context(|| format!("`{anchor}` does not stand in the text"))
}

/// The first text in double quotes after `anchor`, whatever the line breaks, cut before `until`.
fn quoted(text: &str, anchor: &str, until: Option<&str>) -> anyhow::Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace(['“', '”'], "\"");
    let rest = &text[find(&text, anchor)? + anchor.len()..];
    let wording = rest.split('"').nth(1).context("no quoted text follows the anchor")?;
    match until {
        Some(until) => Ok(wording[..find(wording, until)?].to_owned()),
        None => Ok(wording.to_owned()),
    }
}

#[cfg(test)]
mod tests;
