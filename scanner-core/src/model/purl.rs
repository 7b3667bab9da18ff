//! Package URLs.

use std::fmt;

use super::Digest;

/// A package URL that the `packageurl` crate accepted. Ordered and compared as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Purl(String);

impl Purl {
    /// Builds `pkg:<type>/<namespace>/<name>@<version>`; names and version are percent-encoded.
    /// `None` when the type's rules refuse it (`pkg:huggingface` needs a namespace).
    pub fn build(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
    ) -> Option<Self> {
        Self::build_qualified(kind, namespace, name, version, &[])
    }

    /// The same with qualifiers: `…?arch=all&distro=debian-12`.
    pub fn build_qualified(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
        qualifiers: &[(&str, &str)],
    ) -> Option<Self> {
        let mut purl = packageurl::PackageUrl::new(kind.to_owned(), name.to_owned()).ok()?;
        if let Some(namespace) = namespace {
            purl.with_namespace(namespace.to_owned()).ok()?;
        }
        if let Some(version) = version {
            purl.with_version(version.to_owned()).ok()?;
        }
        for (key, value) in qualifiers {
            purl.add_qualifier((*key).to_owned(), (*value).to_owned()).ok()?;
        }
        Some(Self(purl.to_string()))
    }

    /// The purl of the Hugging Face repository `id`: `org/name`, or the bare `name` of an early one.
    pub fn of_hugging_face(id: &str, revision: Option<&str>) -> Option<Self> {
        let (organisation, name) = match id.split_once('/') {
            Some((organisation, name)) => (Some(organisation), name),
            None => (None, id),
        };
        Self::build("huggingface", organisation, name, revision)
    }

    /// `pkg:generic/<name>?checksum=sha256:<hex>`: something known by its content only.
    pub fn generic_with_checksum(name: &str, digest: &Digest) -> Option<Self> {
        let mut purl = packageurl::PackageUrl::new("generic", name.to_owned()).ok()?;
        purl.add_qualifier("checksum", digest.to_string()).ok()?;
        Some(Self(purl.to_string()))
    }

    /// Reads a package URL; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(text.parse::<packageurl::PackageUrl<'_>>().ok()?.to_string()))
    }

    /// Whether `other` is what this one names: the same package, in the version, with the
    /// qualifiers and at the subpath that this one states; what it does not state may be anything.
    pub fn covers(&self, other: &Self) -> bool {
        // Cheaper than parsing: canonical texts of one package begin alike.
        let package = self.0.split(['@', '?', '#']).next().unwrap_or_default();
        if !other.0.starts_with(package) {
            return false;
        }
        let parse = |text: &str| text.parse::<packageurl::PackageUrl<'static>>().ok();
        let (Some(named), Some(other)) = (parse(&self.0), parse(&other.0)) else { return false };
        let stated = |named: Option<&str>, other: Option<&str>| named.is_none() || named == other;
        named.ty() == other.ty()
            && named.namespace() == other.namespace()
            && named.name() == other.name()
            && stated(named.version(), other.version())
            && stated(named.subpath(), other.subpath())
            && named.qualifiers().iter().all(|(name, value)| {
                other.qualifiers().get(name).is_some_and(|found| found == value)
            })
    }

    /// The canonical text without version, qualifiers and subpath.
    pub fn without_version(&self) -> &str {
        // In names these three are percent-encoded.
        self.0.find(['@', '?', '#']).map_or(&self.0, |end| &self.0[..end])
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Purl;

    #[track_caller]
    fn check(named: &str, other: &str, covers: bool) {
        let (named, other) = (Purl::parse(named).unwrap(), Purl::parse(other).unwrap());
        assert_eq!(named.covers(&other), covers, "{named} and {other}");
    }

    #[test]
    fn a_purl_without_its_version() {
        for (text, expected) in [
            ("pkg:pypi/numpy@1.26.4", "pkg:pypi/numpy"),
            ("pkg:npm/%40a/b@1?x=y#z", "pkg:npm/%40a/b"),
            ("pkg:generic/x?checksum=sha256:0", "pkg:generic/x"),
        ] {
            assert_eq!(Purl::parse(text).unwrap().without_version(), expected);
        }
    }

    #[test]
    fn a_purl_covers_what_it_does_not_exclude() {
        check("pkg:huggingface/nova/base", "pkg:huggingface/nova/base@1a2b", true);
        check("pkg:huggingface/nova/base@1a2b", "pkg:huggingface/nova/base@1a2b", true);
        check("pkg:huggingface/nova/base@1a2b", "pkg:huggingface/nova/base", false);
        check("pkg:huggingface/nova/base", "pkg:huggingface/nova/base-2", false);
        check("pkg:pypi/nova", "pkg:npm/nova", false);
        check("pkg:npm/%40nova/x?a=1", "pkg:npm/%40nova/x?a=1&b=2", true);
        check("pkg:npm/%40nova/x?a=1", "pkg:npm/%40nova/x", false);
        assert_eq!(Purl::parse("nova/base"), None);
    }
}
