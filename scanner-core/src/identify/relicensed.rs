//! Models whose licence changed while the weights stayed (`relicensed.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

/// One change of licence.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relicensed {
    /// Key of the row.
    pub id: String,
    /// The repositories it is about.
    repos: Vec<String>,
    /// The earlier licence: a catalogue key or an SPDX id.
    pub from: String,
    /// The later one.
    pub to: String,
    /// The day of the change, `YYYY-MM-DD`.
    pub on: String,
    /// The commit of the change, abbreviated.
    pub commit: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    relicensed: Vec<Relicensed>,
}

/// The change that the repository `name` (`org/name`, any case) went through.
pub fn relicensed(name: &str) -> Option<&'static Relicensed> {
    static ROWS: LazyLock<Vec<Relicensed>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("relicensed.toml"))
            .expect("a test reads the table that is compiled in");
        file.relicensed
    });
    ROWS.iter().find(|row| row.repos.iter().any(|repo| repo.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::relicensed;

    #[test]
    fn repositories_are_found_in_any_case_and_exactly() {
        assert_eq!(relicensed("01-AI/yi-34b").map(|row| row.on.as_str()), Some("2024-05-30"));
        assert_eq!(relicensed("01-ai/Yi-1.5-34B"), None);
        assert_eq!(
            relicensed("made-with-clay/Clay").map(|row| row.to.as_str()),
            Some("Apache-2.0")
        );
    }
}
