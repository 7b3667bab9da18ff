//! `agreement` of table `[product]`: the files of the agreement with customers.
//!
//! An agreement that is not read would leave every restriction "missing", so whatever is wrong with
//! a file ends the run.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use flowdown_core::extract::agreement::{self, Format};
use flowdown_core::model::{Agreement, Digest, SourcePath, UserFile};
use schemars::JsonSchema;
use serde::Deserialize;

/// Most files of one agreement.
const FILES: usize = 32;

/// Most bytes of one file.
const FILE_BYTES: u64 = 4 << 20;

/// One file, or several in order.
#[derive(Deserialize, Debug, Default)]
#[serde(from = "toml::Value")]
pub(super) struct Names(Vec<toml::Value>);

/// The same, as a schema says it.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "never read: it gives the schema")]
pub(super) enum OneOrMany {
    /// A file.
    One(String),
    /// Files, in order.
    Many(Vec<String>),
}

impl From<toml::Value> for Names {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::Array(values) => Self(values),
            value => Self(vec![value]),
        }
    }
}

/// Reads the files that `names` has, relative to `folder`, in order.
pub(super) fn read(names: &Names, folder: &Path) -> anyhow::Result<Vec<Agreement>> {
    if names.0.len() > FILES {
        bail!("`product.agreement` names {} files, at most {FILES} are read", names.0.len());
    }
    let mut files: Vec<Agreement> = Vec::new();
    for name in &names.0 {
        let toml::Value::String(name) = name else {
            bail!(
                "`product.agreement` has `{name}`; write the name of a file, or a list of names as \
                 in `[\"EULA.md\", \"USE-RESTRICTIONS.md\"]`"
            );
        };
        if files.iter().any(|file| file.file.path.as_str() == name) {
            bail!("`product.agreement` names `{name}` twice; remove one");
        }
        let file =
            file(name, folder).with_context(|| format!("the agreement `{name}` cannot be used"))?;
        files.push(file);
    }
    Ok(files)
}

fn file(name: &str, folder: &Path) -> anyhow::Result<Agreement> {
    let format = Format::of(name).ok_or_else(|| anyhow!("{}", unreadable(name)))?;
    let bytes = super::bounded(&folder.join(name), FILE_BYTES)?;
    let file = UserFile { path: SourcePath::new(name), sha256: Digest::sha256_of(&bytes) };
    Ok(agreement::read(file, format, &bytes)?)
}

/// Why a file of another format is refused, and what to do.
fn unreadable(name: &str) -> String {
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let formats = "an agreement is read from `.md`, `.txt`, `.html` or `.htm`";
    match ending.as_deref() {
        Some("pdf") => format!(
            "{formats}, not from PDF, in which words and their order are not reliable; name the \
             document it was made from, or convert it, for example with `pdftotext -layout`, and \
             read the result"
        ),
        Some("doc" | "docx" | "odt" | "rtf") => format!(
            "{formats}; save the document as one of them, for example with `soffice --convert-to \
             html`"
        ),
        _ => format!("{formats}; save it as one of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `value`, in a folder that has `EULA.md` and `list.html`.
    fn check(value: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("EULA.md", "Pay."), ("list.html", "<p>Pay."), ("a.pdf", "%PDF"), ("b.txt", "\0")]
        {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let table: toml::Table = format!("agreement = {value}").parse().unwrap();
        let names = Names::from(table["agreement"].clone());
        read(&names, folder.path())
            .map(|files| files.iter().map(|file| file.file.path.to_string()).collect())
            .map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn one_file_or_a_list_of_files() {
        assert_eq!(check("'EULA.md'").unwrap(), ["EULA.md"]);
        assert_eq!(check("['EULA.md', 'list.html']").unwrap(), ["EULA.md", "list.html"]);
        assert_eq!(check("[]").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_name_and_what_to_do() {
        for (value, words) in [
            ("'a.pdf'", "pdftotext"),
            ("'a.docx'", "soffice"),
            ("'a.xyz'", "`.md`, `.txt`, `.html` or `.htm`"),
            ("'b.txt'", "binary"),
            ("'none.md'", "cannot be read"),
            ("['EULA.md', 'EULA.md']", "twice"),
            ("5", "`5`"),
            ("['EULA.md', true]", "`true`"),
        ] {
            let error = check(value).unwrap_err();
            assert!(error.contains(words), "{value}: {words} in {error}");
        }
    }
}
