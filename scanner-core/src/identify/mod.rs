//! Which model something is. For now by name only: the catalogue of known models, with which an
//! ancestor that is not in the scan brings its licence on the ground "catalogue".

mod relicensed;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use relicensed::{Relicensed, relicensed};

/// A model of the catalogue. Only what lineage needs is read; the structural facts wait for
/// identification by weights.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct KnownModel {
    /// Key of the row.
    pub id: String,
    /// Its Hugging Face repository; ` | ` separates several.
    pub repo: String,
    /// Its licence, as a catalogue key, a Hugging Face tag, or words.
    pub license: String,
    /// Where the licence was read, or `(from memory)`.
    license_source: String,
    /// Where the rest of the row was read, or `(from memory)`.
    source: String,
    /// The row or repository it derives from.
    #[serde(default)]
    pub derived_from: Option<String>,
}

impl KnownModel {
    /// Whether the row as a whole was checked against a public source. A row from memory only
    /// gives candidates.
    pub fn is_verified(&self) -> bool {
        !self.source.starts_with("(from memory)")
    }

    /// Whether the licence itself was checked against a public source.
    pub fn license_is_verified(&self) -> bool {
        !self.license_source.starts_with("(from memory)")
    }
}

#[derive(Deserialize)]
struct File {
    model: Vec<KnownModel>,
}

/// The catalogue of known models.
#[derive(Debug)]
pub struct Catalogue {
    models: Vec<KnownModel>,
    by_name: BTreeMap<String, usize>,
}

impl Catalogue {
    /// The catalogue that ships with Flowdown.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
            let file: File = toml::from_str(include_str!("models.toml"))
                .expect("a test reads the catalogue that is compiled in");
            Catalogue::new(file.model)
        });
        &BUILT_IN
    }

    fn new(models: Vec<KnownModel>) -> Self {
        let mut by_name = BTreeMap::new();
        for (index, model) in models.iter().enumerate() {
            for repo in model.repo.split(" | ").filter(|repo| repo.contains('/')) {
                by_name.entry(repo.to_ascii_lowercase()).or_insert(index);
            }
            by_name.entry(model.id.clone()).or_insert(index);
        }
        Self { models, by_name }
    }

    /// The model of the repository `name` (`org/name`, any case), or with the row id `name`.
    /// Names that are merely similar are not found.
    pub fn find(&self, name: &str) -> Option<&KnownModel> {
        self.by_name.get(&name.to_ascii_lowercase()).map(|&index| &self.models[index])
    }

    /// Number of models.
    pub fn len(&self) -> usize {
        self.models.len()
    }

    /// Whether it knows no model.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Catalogue;

    #[test]
    fn repositories_are_found_by_their_exact_name_only() {
        let catalogue = Catalogue::built_in();
        assert_eq!(catalogue.len(), 150);
        let model = catalogue.find("BigCode/StarCoderBase-1B").expect("a row of the catalogue");
        assert_eq!(model.license, "bigcode-openrail-m");
        assert!(model.license_is_verified());
        assert!(catalogue.find("runwayml/stable-diffusion-v1-5").is_some());
        assert!(catalogue.find("bigcode/starcoderbase-1").is_none());
        assert!(catalogue.find("starcoderbase").is_none());
    }

    #[test]
    fn rows_from_memory_keep_their_mark() {
        let catalogue = Catalogue::built_in();
        let from_memory = catalogue.models.iter().filter(|model| !model.is_verified()).count();
        assert_eq!(from_memory, 47);
    }
}
