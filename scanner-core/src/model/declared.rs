//! What the vendor states of single parts of the product, which no scanned file shows.

use super::Location;

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
    /// Where it stands.
    pub at: Location,
}

#[cfg(test)]
mod tests {
    use super::Contact;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let kind = Contact::parse(text).map(|contact| match contact {
            Contact::Mail(_) => "mail",
            Contact::Web(_) => "web",
        });
        assert_eq!(kind, expected, "{text}");
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
