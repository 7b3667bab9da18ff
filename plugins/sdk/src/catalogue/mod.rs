//! Licence knowledge as data: records, profiles and phrases of one family crate.
//!
//! A family crate has `catalogue/<key>.toml` (one record a licence version), `profiles/<key>.json`
//! (fingerprints of its texts, numbers only) and `profiles/phrases.toml` (fingerprints of prescribed
//! notices). Its build script calls [`compile`], which checks every word against [`vocab`]: a record
//! with an unknown word does not build. At run time [`Knowledge::load`] reads the result.

mod check;
pub mod contract;
pub mod vocab;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::message::{Phrase, Profile, Terms};

/// What a family crate knows.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// The records, sorted by key.
    pub terms: Vec<Terms>,
    /// Fingerprints of texts, sorted by key; a licence may have several.
    pub profiles: Vec<Profile>,
    /// Fingerprints of prescribed notices, sorted by label.
    pub phrases: Vec<Phrase>,
}

/// A family crate cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file or folder cannot be read or written.
    #[error("`{path}` cannot be read or written")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what its name says.
    #[error("`{file}` is not valid: {why}")]
    Syntax {
        /// Which file.
        file: String,
        /// What the parser says.
        why: String,
    },
    /// A value is not one that is allowed.
    #[error("`{file}`: `{what}` is `{value}`, expected {expected}")]
    Invalid {
        /// Which file.
        file: String,
        /// Which entry.
        what: String,
        /// What it says.
        value: String,
        /// What it may say.
        expected: String,
    },
    /// A variable that Cargo sets for build scripts is absent.
    #[error("`{0}` is not set: this function is for build scripts")]
    NotABuildScript(&'static str),
}

impl Knowledge {
    /// Reads what [`compile`] wrote.
    ///
    /// # Errors
    /// [`CatalogueError::Syntax`] when `bytes` are not that.
    pub fn load(bytes: &[u8]) -> Result<Self, CatalogueError> {
        serde_json::from_slice(bytes).map_err(|error| syntax("the compiled knowledge", &error))
    }

    /// Reads and checks the folder of a family crate.
    ///
    /// # Errors
    /// [`CatalogueError`] with the file and the value.
    pub fn read(folder: &Path) -> Result<Self, CatalogueError> {
        let mut knowledge =
            Self { terms: read_terms(&folder.join("catalogue"))?, ..Self::default() };
        let profiles = folder.join("profiles");
        if profiles.exists() {
            for path in files(&profiles, "json")? {
                let found: Vec<Profile> = serde_json::from_str(&read(&path)?)
                    .map_err(|error| syntax(&path.display().to_string(), &error))?;
                knowledge.profiles.extend(found);
            }
            let phrases = profiles.join("phrases.toml");
            if phrases.exists() {
                knowledge.phrases = toml::from_str::<Phrases>(&read(&phrases)?)
                    .map_err(|error| syntax(&phrases.display().to_string(), &error))?
                    .phrase;
            }
        }
        knowledge.check_references(&profiles)?;
        Ok(knowledge)
    }

    /// A profile, clause or phrase that no record mentions would never be used.
    fn check_references(&self, profiles: &Path) -> Result<(), CatalogueError> {
        let invalid = |what: &str, value: &str, expected: &str| CatalogueError::Invalid {
            file: profiles.display().to_string(),
            what: what.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        };
        let named = |param: &str| -> BTreeSet<&str> {
            let obligations = self.terms.iter().flat_map(|terms| &terms.obligation);
            obligations.filter_map(|duty| duty.params.get(param)?.as_str()).collect()
        };
        let (policies, phrases) = (named("policy_ref"), named("phrase_id"));
        let keys: BTreeSet<&str> = self.terms.iter().map(|terms| terms.key.as_str()).collect();
        let labels: BTreeSet<&str> = self
            .terms
            .iter()
            .flat_map(|terms| &terms.restriction)
            .map(|restriction| restriction.label.as_str())
            .collect();
        for profile in &self.profiles {
            let key = profile.key.as_str();
            if !keys.contains(key) && !policies.contains(key) {
                return Err(invalid("key", key, "the key of a record or a `policy_ref` of one"));
            }
            if let Some(clause) =
                profile.clauses.iter().find(|clause| !labels.contains(clause.label.as_str()))
            {
                return Err(invalid("clauses.label", &clause.label, "a restriction of a record"));
            }
        }
        match self.phrases.iter().find(|phrase| !phrases.contains(phrase.label.as_str())) {
            Some(phrase) => {
                Err(invalid("phrase.label", &phrase.label, "a `phrase_id` of a record"))
            }
            None => Ok(()),
        }
    }
}

/// `profiles/phrases.toml`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// One table a phrase.
    #[serde(default)]
    pub phrase: Vec<Phrase>,
}

/// Parses and checks one record. `stem` is the file's name without `.toml`.
///
/// # Errors
/// [`CatalogueError`] with the file and the value.
pub fn parse(stem: &str, text: &str) -> Result<Terms, CatalogueError> {
    let file = format!("{stem}.toml");
    let terms = toml::from_str(text).map_err(|error| syntax(&file, &error))?;
    check::check(&terms, stem, &file)?;
    Ok(terms)
}

/// For build scripts: reads and checks the crate's folder and writes `family.json` to `OUT_DIR`.
///
/// # Errors
/// [`CatalogueError`] with the file and the value.
pub fn compile() -> Result<(), CatalogueError> {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?).join("family.json");
    instruct_cargo("cargo::rerun-if-changed=catalogue\ncargo::rerun-if-changed=profiles")?;
    let knowledge = Knowledge::read(&folder)?;
    let json = serde_json::to_vec(&knowledge)
        .map_err(|error| syntax(&out.display().to_string(), &error))?;
    fs::write(&out, json).map_err(|source| CatalogueError::Io { path: out, source })
}

fn instruct_cargo(lines: &str) -> Result<(), CatalogueError> {
    use io::Write as _;
    writeln!(io::stdout(), "{lines}")
        .map_err(|source| CatalogueError::Io { path: "standard output".into(), source })
}

fn variable(name: &'static str) -> Result<std::ffi::OsString, CatalogueError> {
    std::env::var_os(name).ok_or(CatalogueError::NotABuildScript(name))
}

fn read_terms(folder: &Path) -> Result<Vec<Terms>, CatalogueError> {
    files(folder, "toml")?
        .iter()
        .map(|path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            parse(&stem, &read(path)?)
        })
        .collect::<Result<Vec<Terms>, _>>()
        .map(sorted)
}

/// By key, which is not the order of file names: `llama-3.1.toml` comes before `llama-3.toml`.
pub(crate) fn sorted(mut terms: Vec<Terms>) -> Vec<Terms> {
    terms.sort_by(|a, b| a.key.cmp(&b.key));
    terms
}

/// Files of a folder with this extension, sorted.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, CatalogueError> {
    let io = |source| CatalogueError::Io { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, CatalogueError> {
    fs::read_to_string(path).map_err(|source| CatalogueError::Io { path: path.to_owned(), source })
}

fn syntax(file: &str, error: &dyn std::fmt::Display) -> CatalogueError {
    CatalogueError::Syntax { file: file.to_owned(), why: error.to_string() }
}

#[cfg(test)]
mod tests;
