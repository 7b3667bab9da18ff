//! What the vendor states of single parts of the product, which no scanned file shows.

use std::collections::BTreeMap;

use super::{FactValue, Location, Sha512};

/// Where somebody can be reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Contact {
    /// A mail address.
    Mail(String),
    /// A web address, `http` or `https`.
    Web(String),
}

impl Contact {
    /// `None` for what is neither a mail address nor a web address.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()\"".contains(c)) {
            return None;
        }
        let after_scheme = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        if let Some(rest) = after_scheme {
            let is_host = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
            return is_host.then(|| Self::Web(text.to_owned()));
        }
        let (name, host) = text.rsplit_once('@')?;
        let is_mail = !name.is_empty() && !host.is_empty() && !text.contains(['/', ':']);
        is_mail.then(|| Self::Mail(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Mail(text) | Self::Web(text) => text,
        }
    }
}

/// An organisation that the vendor names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclaredParty {
    /// Its name.
    pub name: String,
    /// Where it can be reached.
    pub contact: Option<Contact>,
}

/// The file in which a part or the product is handed on, as BSI TR-03183-2 v2.1.0 (5.2.2) describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclaredFile {
    /// Its name, without a folder.
    pub name: String,
    /// The SHA-512 of its bytes.
    pub sha512: Sha512,
    /// Whether it can be executed.
    pub is_executable: bool,
    /// Whether it is an archive of other files.
    pub is_archive: bool,
    /// Whether its format tells the parts in it apart.
    pub is_structured: bool,
}

impl DeclaredFile {
    const NAME: &str = "name";
    const SHA512: &str = "sha512";
    const KINDS: &str = "kinds";

    /// As a part of the fact that a declaration becomes.
    pub fn to_fact(&self) -> FactValue {
        let kinds = [
            ("executable", self.is_executable),
            ("archive", self.is_archive),
            ("structured", self.is_structured),
        ];
        let kinds = kinds.into_iter().filter(|(_, has)| *has).map(|(kind, _)| kind.into());
        FactValue::Map(BTreeMap::from([
            (Self::NAME.to_owned(), self.name.as_str().into()),
            (Self::SHA512.to_owned(), self.sha512.hex().into()),
            (Self::KINDS.to_owned(), FactValue::List(kinds.collect())),
        ]))
    }

    /// What [`Self::to_fact`] made of it; `None` for anything else.
    pub fn of_fact(fact: &FactValue) -> Option<Self> {
        let map = fact.as_map()?;
        let kinds = map.get(Self::KINDS)?.texts();
        Some(Self {
            name: map.get(Self::NAME)?.as_text()?.to_owned(),
            sha512: Sha512::parse(map.get(Self::SHA512)?.as_text()?)?,
            is_executable: kinds.contains(&"executable"),
            is_archive: kinds.contains(&"archive"),
            is_structured: kinds.contains(&"structured"),
        })
    }
}

/// A part of the product as the vendor knows it: table `[[product.component]]` of the settings file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclaredComponent {
    /// Which artifacts: name, path or purl, each with `*` and `?`, or a digest.
    pub artifact: String,
    /// Their version, where nothing that was scanned states one.
    pub version: Option<String>,
    /// Who hands them to the vendor.
    pub supplier: Option<DeclaredParty>,
    /// Who made them.
    pub creator: Option<DeclaredParty>,
    /// The licence under which the vendor holds them, as somebody found who read its text: an SPDX
    /// expression, a `LicenseRef-…` or a tag.
    pub concluded_license: Option<String>,
    /// Why they are held under it, in the vendor's words.
    pub reason: Option<String>,
    /// Their copyright lines.
    pub copyright: Vec<String>,
    /// The file in which it is handed on; only of one artifact, of which nothing that was scanned is that file.
    pub file: Option<DeclaredFile>,
    /// Where it stands.
    pub at: Location,
}

#[cfg(test)]
mod tests {
    use super::{Contact, DeclaredFile, Sha512};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let kind = Contact::parse(text).map(|contact| match contact {
            Contact::Mail(_) => "mail",
            Contact::Web(_) => "web",
        });
        assert_eq!(kind, expected, "{text}");
    }

    #[test]
    fn a_file_survives_being_a_fact() {
        let file = DeclaredFile {
            name: "acme-2.0.tar.gz".to_owned(),
            sha512: Sha512::of(b"acme"),
            is_executable: false,
            is_archive: true,
            is_structured: true,
        };
        assert_eq!(DeclaredFile::of_fact(&file.to_fact()), Some(file));
        assert_eq!(DeclaredFile::of_fact(&"acme-2.0.tar.gz".into()), None);
    }

    #[test]
    fn contacts_are_mail_or_web_addresses() {
        check("security@acme.example", Some("mail"));
        check("https://acme.example/security", Some("web"));
        check("http://[::1]/x", Some("web"));
        check("acme.example", None);
        check("mailto:a@b", None);
        check("@acme", None);
        check("acme@", None);
        check("https://", None);
        check("ACME <a@b.example>", None);
    }
}
