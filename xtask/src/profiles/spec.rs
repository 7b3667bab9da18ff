//! `xtask/profiles.toml`.

use flowdown_plugin_sdk::message::ProfileKind;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) text: Vec<TextSpec>,
    pub(super) phrase: Vec<PhraseSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextSpec {
    /// Key of the profile.
    pub(super) key: String,
    /// Folder below `plugins/`.
    pub(super) plugin: String,
    /// Name of the text without `.txt`, when it is not the key.
    pub(super) file: Option<String>,
    /// The fingerprint begins with this.
    pub(super) from: Option<String>,
    /// The fingerprint ends before this.
    pub(super) until: Option<String>,
    #[serde(default = "license")]
    pub(super) kind: ProfileKind,
    #[serde(default)]
    pub(super) permissive: bool,
    #[serde(default)]
    pub(super) discriminator: Vec<DiscriminatorSpec>,
    /// Where a list of restrictions stands.
    pub(super) clauses: Option<ClausesSpec>,
    /// Where single restrictions stand, in text order.
    #[serde(default)]
    pub(super) clause: Vec<ClauseSpec>,
}

fn license() -> ProfileKind {
    ProfileKind::License
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscriminatorSpec {
    /// What its presence or absence means.
    pub(super) label: String,
    /// A few words of the text.
    pub(super) phrase: String,
    /// The text that has them, when it is not this one.
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) must_not: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClausesSpec {
    /// The list begins after this.
    pub(super) after: String,
    pub(super) split: Split,
    /// The record that names the restrictions, when it is not this text's.
    pub(super) record: Option<String>,
    /// Only restrictions whose label begins so.
    pub(super) labels: Option<String>,
    /// Restrictions that do not stand in the list. Those that are placed one by one never do.
    #[serde(default)]
    pub(super) except: Vec<String>,
    /// Items that are headings and no restriction.
    #[serde(default)]
    pub(super) skip: Vec<String>,
}

/// Where one restriction stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseSpec {
    /// Its label in the record.
    pub(super) label: String,
    /// It begins with this.
    pub(super) from: String,
    /// It ends before this, else with its line.
    pub(super) until: Option<String>,
}

/// How the items of a list are told apart.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Split {
    /// Each begins with a list marker and may run over several lines.
    Markers,
    /// Each is a line.
    Lines,
    /// Each ends with a semicolon.
    Semicolons,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhraseSpec {
    /// `phrase_id` of the obligation.
    pub(super) id: String,
    pub(super) plugin: String,
    /// Name of the text without `.txt`.
    pub(super) text: String,
    /// The phrase is the first quoted text after this.
    pub(super) after: Option<String>,
    /// The phrase begins with this.
    pub(super) from: Option<String>,
    /// It ends before this.
    pub(super) until: Option<String>,
}
