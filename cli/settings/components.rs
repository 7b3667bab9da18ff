//! Tables `[[product.component]]`: what the vendor knows of parts that no scanned file shows.

use anyhow::{Context as _, anyhow, bail};
use flowdown_core::model::{
    Contact, DeclaredComponent, DeclaredFile, DeclaredParty, Location, Sha512, UserFile,
    is_archive_name,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// What the vendor knows of a part.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComponentTable {
    /// Which artifacts: name, path or purl, each with `*` and `?`, or a digest.
    artifact: String,
    /// Their version, where nothing that was scanned states one.
    version: Option<String>,
    /// Who hands them to the vendor.
    supplier: Option<PartyTable>,
    /// Who made them.
    creator: Option<PartyTable>,
    /// The licence under which the vendor holds them, as somebody found who read its text.
    concluded_license: Option<String>,
    /// Why: who read which text. Goes with `concluded_license`.
    reason: Option<String>,
    /// Their copyright lines.
    #[serde(default)]
    copyright: Vec<String>,
    /// The file in which the one part is handed on, where it is none of the scanned files.
    file: Option<FileTable>,
}

/// A file that is handed on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTable {
    /// Its name, without a folder.
    name: String,
    /// The SHA-512 of its bytes, 128 hexadecimal digits.
    sha512: String,
    /// Whether it can be executed. `false` when not given.
    #[serde(default)]
    executable: bool,
    /// Whether it is an archive of other files. When not given, the ending of its name decides.
    archive: Option<bool>,
    /// Whether its format tells the parts in it apart. When not given, an archive's does.
    structured: Option<bool>,
}

/// An organisation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PartyTable {
    /// Its name.
    name: String,
    /// Its mail address or web address.
    contact: Option<String>,
}

/// The components that `tables` declare; `declared_in` is the settings file.
pub(super) fn read(
    tables: Vec<ComponentTable>,
    declared_in: &UserFile,
) -> anyhow::Result<Vec<DeclaredComponent>> {
    let numbered = tables.into_iter().enumerate();
    numbered
        .map(|(index, table)| {
            let key = format!("product.component[{index}]");
            let at = Location::user_file(declared_in).at_key(key.clone());
            component(table, at).with_context(|| format!("`{key}`"))
        })
        .collect()
}

fn component(table: ComponentTable, at: Location) -> anyhow::Result<DeclaredComponent> {
    let ComponentTable {
        artifact,
        version,
        supplier,
        creator,
        concluded_license,
        reason,
        copyright,
        file,
    } = table;
    let says_nothing = version.is_none()
        && supplier.is_none()
        && creator.is_none()
        && concluded_license.is_none()
        && copyright.is_empty()
        && file.is_none();
    if says_nothing {
        bail!(
            "it says nothing of `{artifact}`: give a version, supplier, creator, concluded_license, \
             copyright or file"
        );
    }
    if concluded_license.is_some() != reason.is_some() {
        bail!(
            "`concluded_license` and `reason` go together; whoever reads the report must see why"
        );
    }
    if file.is_some() && artifact.contains(['*', '?']) {
        bail!("`file` is of one part, and `{artifact}` can mean several");
    }
    Ok(DeclaredComponent {
        artifact: stated("artifact", artifact)?,
        version: version.map(|text| stated("version", text)).transpose()?,
        supplier: supplier.map(party).transpose().context("`supplier`")?,
        creator: creator.map(party).transpose().context("`creator`")?,
        concluded_license: concluded_license
            .map(|text| stated("concluded_license", text))
            .transpose()?,
        reason: reason.map(|text| stated("reason", text)).transpose()?,
        copyright: lines("copyright", copyright)?,
        file: file.map(|table| self::file("file", table)).transpose()?,
        at,
    })
}

fn party(table: PartyTable) -> anyhow::Result<DeclaredParty> {
    let contact = table.contact.map(|text| contact("contact", &text)).transpose()?;
    Ok(DeclaredParty { name: stated("name", table.name)?, contact })
}

/// A mail address or web address.
pub(super) fn contact(key: &str, text: &str) -> anyhow::Result<Contact> {
    Contact::parse(text).ok_or_else(|| {
        anyhow!("`{key}` is `{text}`, neither a mail address nor one that begins with `https://`")
    })
}

/// The file that `table` under `key` describes.
pub(super) fn file(key: &str, table: FileTable) -> anyhow::Result<DeclaredFile> {
    let FileTable { name, sha512, executable, archive, structured } = table;
    let name = stated(&format!("{key}.name"), name)?;
    if name.contains(['/', '\\']) {
        bail!("`{key}.name` is `{name}`; it is a name without a folder");
    }
    let sha512 = Sha512::parse(&sha512)
        .ok_or_else(|| anyhow!("`{key}.sha512` is no SHA-512: 128 hexadecimal digits"))?;
    let is_archive = archive.unwrap_or_else(|| is_archive_name(&name));
    let is_structured = structured.unwrap_or(is_archive);
    Ok(DeclaredFile { name, sha512, is_executable: executable, is_archive, is_structured })
}

/// Lines that say something.
pub(super) fn lines(key: &str, lines: Vec<String>) -> anyhow::Result<Vec<String>> {
    lines.into_iter().map(|line| stated(key, line)).collect()
}

fn stated(key: &str, text: String) -> anyhow::Result<String> {
    if text.trim().is_empty() {
        bail!("`{key}` is empty");
    }
    Ok(text)
}
