//! The product of a scenario on disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flowdown_test_support::safetensors::SafetensorsBuilder;
use libtest_mimic::Failed;
use serde_json::Value;

use super::{Attachment, Scenario};

/// Stands in an agreement for the wording of a licence's restrictions: `{{wording KEY}}`.
const WORDING: &str = "{{wording ";

pub(super) struct Product {
    folder: tempfile::TempDir,
}

impl Product {
    /// Builds the product; the words of licences come from `corpus`.
    pub(super) fn of(scenario: &Scenario, corpus: Option<&Path>) -> Result<Self, Failed> {
        let product = Self { folder: tempfile::tempdir()? };
        for model in &scenario.model {
            product.write_model(model, corpus)?;
        }
        let mut settings = scenario.product.clone();
        if let Some(contract) = &scenario.contract {
            let name = contract.file_name().unwrap().to_str().unwrap();
            fs::copy(scenario.folder.join(contract), product.path(name))?;
            settings.insert("contracts".to_owned(), vec![name.to_owned()].into());
        }
        product.write_settings(&settings)?;
        if let Some(agreement) = &scenario.agreement {
            product.write_agreement(scenario, agreement, &mut settings)?;
        }
        Ok(product)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_settings(&self, product: &toml::Table) -> Result<(), Failed> {
        let settings = toml::Table::from_iter([("product".to_owned(), product.clone().into())]);
        Ok(fs::write(self.path("flowdown.toml"), toml::to_string(&settings)?)?)
    }

    fn write_model(&self, model: &super::Model, corpus: Option<&Path>) -> Result<(), Failed> {
        let folder = self.path("models").join(&model.name);
        fs::create_dir_all(&folder)?;
        // Weights that no other model has.
        let bytes = model.name.as_bytes();
        let shape = [bytes.len() as u64];
        let weights = SafetensorsBuilder::new().tensor("weight", "U8", &shape, bytes).build();
        fs::write(folder.join("model.safetensors"), weights)?;
        let card = format!("---\n{}\n---\n# {}\n", model.card.trim(), model.name);
        fs::write(folder.join("README.md"), card)?;
        for (file, key) in &model.texts {
            let corpus = corpus.ok_or("the licence texts are not named")?;
            fs::copy(corpus.join("license-texts").join(format!("{key}.txt")), folder.join(file))?;
        }
        for (file, words) in &model.files {
            fs::write(folder.join(file), words)?;
        }
        Ok(())
    }

    fn write_agreement(
        &self,
        scenario: &Scenario,
        agreement: &Path,
        settings: &mut toml::Table,
    ) -> Result<(), Failed> {
        let name = agreement.file_name().unwrap().to_str().unwrap();
        let mut text = fs::read_to_string(scenario.folder.join(agreement))?;
        let mut files = vec![name.to_owned()];
        if text.contains(WORDING) || scenario.attach == Attachment::UseRestrictions {
            self.bundle()?;
        }
        if text.contains(WORDING) {
            // Any agreement at all makes the scan say which words a licence has for each restriction.
            fs::write(self.path(name), "# Terms\n\nFees are due monthly.\n")?;
            settings.insert("agreement".to_owned(), name.to_owned().into());
            self.write_settings(settings)?;
            text = with_wording(&text, &self.scan()?)?;
        }
        for edit in &scenario.edit {
            if !text.contains(&edit.find) {
                return Err(format!("the agreement does not hold `{}`", edit.find).into());
            }
            text = text.replace(&edit.find, &edit.replace);
        }
        fs::write(self.path(name), text)?;
        if scenario.attach == Attachment::UseRestrictions {
            fs::copy(self.path("bundle/USE-RESTRICTIONS.md"), self.path("USE-RESTRICTIONS.md"))?;
            files.push("USE-RESTRICTIONS.md".to_owned());
        }
        settings.insert("agreement".to_owned(), files.into());
        self.write_settings(settings)
    }

    fn bundle(&self) -> Result<(), Failed> {
        let folder = self.folder.path();
        let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
            .arg("bundle")
            .arg(folder.join("models"))
            .arg("--product")
            .arg(folder.join("flowdown.toml"))
            .arg("-o")
            .arg(folder.join("bundle"))
            .stdin(Stdio::null())
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }

    /// The native document of a scan.
    pub(super) fn scan(&self) -> Result<Value, Failed> {
        let folder = self.folder.path();
        let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
            .arg("scan")
            .arg(folder.join("models"))
            .arg("--product")
            .arg(folder.join("flowdown.toml"))
            .args(["-o", "json=-"])
            .env("SOURCE_DATE_EPOCH", "1790000000")
            .stdin(Stdio::null())
            .output()?;
        serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// `text` with each `{{wording KEY}}` replaced by the licence's own words for its restrictions, an
/// item each.
fn with_wording(text: &str, document: &Value) -> Result<String, Failed> {
    let reviews = document["assessment"]["agreement"]["licenses"].as_array();
    let reviews = reviews.ok_or("the document has no review of the agreement")?;
    let mut text = text.to_owned();
    while let Some(start) = text.find(WORDING) {
        let end = start + text[start..].find("}}").ok_or("a placeholder has no end")?;
        let key = text[start + WORDING.len()..end].to_owned();
        let review = reviews.iter().find(|review| review["license"] == key.as_str());
        let review = review.ok_or_else(|| format!("`{key}` is not under review"))?;
        let mut items = String::new();
        for restriction in review["restrictions"].as_array().ok_or("no restrictions")? {
            let label = &restriction["label"];
            let words = restriction["wording"]["text"]
                .as_str()
                .ok_or_else(|| format!("no wording of {label}"))?;
            // One item each, without the marker that the text has.
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            items.push_str(&format!("- {}\n", without_marker(&words)));
        }
        text.replace_range(start..end + 2, &items);
    }
    Ok(text)
}

/// `(a)`, `1.`, `-` and the like in front of an item are layout.
fn without_marker(words: &str) -> &str {
    let marker = words.split(' ').next().unwrap_or_default();
    let is_marker = marker.len() <= 4
        && (marker.ends_with(['.', ')', '-', ':', '*', '•']) || marker.starts_with('('));
    if is_marker { words[marker.len()..].trim_start() } else { words }
}
