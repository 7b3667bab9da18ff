//! Model and dataset cards: Markdown with YAML front matter (`README.md` of a Hugging Face
//! repository).
//!
//! Layout: optional blank lines, a line `---`, YAML, a line `---`, Markdown. What the YAML says is
//! reported as it is written. A card whose YAML is broken is read line by line, so that the
//! licence tag survives; a card without YAML still has a title and a body. Nothing is concluded
//! here: a tag is the name of a licence, not a text, and the base model's name is not the model's.

mod body;
mod disagree;
mod doubts;
mod front_matter;
mod parse;
#[cfg(test)]
mod tests;

pub use disagree::disagreements;

use super::license_file;
use crate::extract::capture::{self, Cap, PastCap};
use crate::extract::{Extractor, Parser, Probe, names};
use crate::model::{FactName, Limits};

/// Reads model and dataset cards.
pub struct ModelCard;

/// Stems of card names, compared without case, sorted.
const STEMS: &[&str] = &[
    "card",
    "data_card",
    "datacard",
    "dataset_card",
    "datasetcard",
    "model_card",
    "modelcard",
    "readme",
];

/// Folders of installed packages: a README there describes a package, unless it has front matter.
const PACKAGE_FOLDERS: &[&str] = &["dist-packages", "node_modules", "site-packages"];

impl Extractor for ModelCard {
    fn id(&self) -> &'static str {
        "model_card"
    }

    fn facts(&self) -> &'static [FactName] {
        &[
            names::CARD_BASE_MODEL,
            names::CARD_BASE_MODEL_RELATION,
            names::CARD_BODY_LICENSE,
            names::CARD_DATASETS,
            names::CARD_FRONT_MATTER,
            names::CARD_GATED_PROMPT,
            names::CARD_LANGUAGE,
            names::CARD_LIBRARY_NAME,
            names::CARD_LICENSE,
            names::CARD_LICENSE_LINK,
            names::CARD_LICENSE_NAME,
            names::CARD_MODEL_NAME,
            names::CARD_PIPELINE_TAG,
            names::CARD_TAGS,
            names::CARD_TITLE,
        ]
    }

    /// A Markdown file with the name of a card, or with front matter that has a card's keys: the
    /// pages of a web site have front matter too.
    fn wants(&self, probe: &Probe<'_>) -> bool {
        let Some((stem, extension)) = probe.name.rsplit_once('.') else { return false };
        if !["md", "markdown"].iter().any(|known| extension.eq_ignore_ascii_case(known)) {
            return false;
        }
        // `README.hf.md`, `README.zh-CN.md`, `README_zh.md`
        let first = stem.split('.').next().unwrap_or(stem);
        let is_card = |stem: &str| STEMS.iter().any(|known| stem.eq_ignore_ascii_case(known));
        let has_card_name =
            is_card(first) || is_card(stem.split(['_', '-']).next().unwrap_or(stem));
        let is_in_package =
            probe.path.as_str().split('/').any(|folder| PACKAGE_FOLDERS.contains(&folder));
        if license_file::is_license_name(probe.path) {
            return false;
        }
        (has_card_name && !is_in_package) || front_matter::head_has_card_keys(probe.head)
    }

    fn begin(&self, probe: &Probe<'_>, limits: &Limits) -> Box<dyn Parser> {
        capture::begin(probe, limits, Cap::Card, PastCap::ReadStart, parse::read)
    }
}
