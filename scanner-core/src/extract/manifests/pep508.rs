//! One requirement of a Python package (PEP 508), as manifests write it.
//!
//! `pep508_rs` reads name, extras and version range. Two parts it never sees. Markers: it compiles
//! them into decision diagrams in a table that lives as long as the process, and a marker of 1 kB
//! can need 2^20 nodes; they are kept as written after a check that takes one pass. Addresses: it
//! resolves them against the working directory of the process.

use std::str::FromStr as _;

use pep508_rs::pep440_rs::Operator;
use pep508_rs::{VerbatimUrl, VersionOrUrl};

use super::entry::{PackageEntry, PackageSource, SourceKind};
use super::hashes;
use crate::extract::text::shown;

/// Longest requirement that is read, without markers and digests. pip itself has no bound.
const MAX_BYTES: usize = 4096;
/// Most extras of one requirement. Each takes forty times its bytes in memory.
const MAX_EXTRAS: usize = 256;
/// Deepest nesting of parentheses in a marker.
const MAX_MARKER_DEPTH: u32 = 64;

/// What a requirement says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Requirement {
    /// The name as written.
    pub(super) name: String,
    pub(super) extras: Vec<String>,
    /// The range as written.
    pub(super) specifier: Option<String>,
    /// The version, if the range allows only one.
    pub(super) version: Option<String>,
    pub(super) source: Option<PackageSource>,
    pub(super) hashes: Vec<String>,
    pub(super) markers: Option<String>,
    /// Why the range or the marker is not valid; the rest still holds.
    pub(super) doubt: Option<String>,
}

impl Requirement {
    /// Fills what the requirement says into `entry`.
    pub(super) fn fill(self, entry: &mut PackageEntry) {
        entry.extras = self.extras;
        entry.specifier = self.specifier;
        entry.version = self.version;
        entry.source = self.source;
        entry.hashes = self.hashes;
        entry.markers = self.markers;
    }
}

/// Reads `name[extras] range ; marker` or `name[extras] @ address ; marker`. The error says why the
/// text names no package at all.
pub(super) fn parse(text: &str) -> Result<Requirement, String> {
    let text = text.trim();
    let name_end = text.find(|c: char| !is_name_character(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    if !is_name(name) {
        return Err(format!("`{}` does not begin with a package name", shown(text)));
    }
    let rest = rest.trim_start();
    let (extras, rest) = match rest.strip_prefix('[') {
        None => (Vec::new(), rest),
        Some(inside) => {
            let (list, rest) = inside
                .split_once(']')
                .ok_or_else(|| format!("the extras of `{}` have no `]`", shown(name)))?;
            (split_extras(list)?, rest.trim_start())
        }
    };
    let mut requirement = Requirement { name: name.to_owned(), extras, ..Requirement::default() };
    if let Some(address) = rest.strip_prefix('@') {
        let address = address.trim_start();
        let end = address.find(char::is_whitespace).unwrap_or(address.len());
        let (url, rest) = address.split_at(end);
        requirement.set_address(url);
        requirement.set_markers(rest.trim_start())?;
        return Ok(requirement);
    }
    let (range, markers) = match rest.find(';') {
        Some(semicolon) => rest.split_at(semicolon),
        None => (rest, ""),
    };
    requirement.set_range(range.trim())?;
    requirement.set_markers(markers)?;
    Ok(requirement)
}

impl Requirement {
    fn set_range(&mut self, range: &str) -> Result<(), String> {
        if range.is_empty() {
            return Ok(());
        }
        if !range.starts_with(['<', '>', '=', '!', '~', '(']) {
            return Err(format!(
                "expected a version range after `{}`, found `{}`",
                shown(&self.name),
                shown(range)
            ));
        }
        if self.name.len() + range.len() > MAX_BYTES {
            let bytes = range.len();
            let name = shown(&self.name);
            let doubt = format!(
                "but the range of `{name}`, which has {bytes} bytes, more than {MAX_BYTES}"
            );
            self.doubt = Some(doubt);
            return Ok(());
        }
        self.specifier = Some(range.to_owned());
        let whole = format!("{} {range}", self.name);
        match pep508_rs::Requirement::<VerbatimUrl>::from_str(&whole) {
            Ok(read) => self.version = only_version(range, read.version_or_url.as_ref()),
            Err(error) => {
                let reason = error.message.to_string().replace('\n', " ");
                let range = shown(range);
                self.doubt = Some(format!("`{range}` is not a version range: {reason}"));
            }
        }
        Ok(())
    }

    fn set_address(&mut self, url: &str) {
        let (address, fragment) = url.split_once('#').unwrap_or((url, ""));
        self.hashes.extend(fragment_hashes(fragment));
        let kind = source_kind(address);
        if let Some(file) = archive_name(address) {
            self.version = file.version;
        }
        self.source = Some(PackageSource::at(kind, url));
    }

    fn set_markers(&mut self, rest: &str) -> Result<(), String> {
        if rest.is_empty() {
            return Ok(());
        }
        let Some(marker) = rest.strip_prefix(';') else {
            return Err(format!("expected `;` and a marker, found `{}`", shown(rest)));
        };
        let marker = marker.trim();
        if let Err(reason) = check_marker(marker) {
            self.doubt.get_or_insert(format!("`{}` is not a marker: {reason}", shown(marker)));
        }
        self.markers = (!marker.is_empty()).then(|| marker.to_owned());
        Ok(())
    }
}

/// The version that `==` or `===` without `*` leaves as the only one, as it is written.
fn only_version(range: &str, read: Option<&VersionOrUrl>) -> Option<String> {
    let Some(VersionOrUrl::VersionSpecifier(specifiers)) = read else { return None };
    let [specifier] = &specifiers[..] else { return None };
    matches!(specifier.operator(), Operator::Equal | Operator::ExactEqual).then(|| {
        let range = range.trim_matches(['(', ')']).trim();
        range.trim_end_matches(',').trim_start_matches('=').trim().to_owned()
    })
}

/// Whether `c` may stand in a name.
pub(super) const fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Whether `text` is a name by PEP 508: letters, digits, `-`, `_`, `.`, ending in letters or digits.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(is_name_character)
}

/// The extras in a list between brackets.
pub(super) fn split_extras(list: &str) -> Result<Vec<String>, String> {
    let extras = list.split(',').map(str::trim).filter(|extra| !extra.is_empty());
    let extras: Vec<String> = extras.take(MAX_EXTRAS + 1).map(str::to_owned).collect();
    if extras.len() > MAX_EXTRAS {
        return Err(format!("it asks for more than {MAX_EXTRAS} extras"));
    }
    Ok(extras)
}

/// What kind of place an address names, by its scheme.
pub(super) fn source_kind(address: &str) -> SourceKind {
    const VERSION_CONTROL: &[&str] = &["bzr+", "git+", "git:", "hg+", "svn+"];
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    if VERSION_CONTROL.iter().any(|prefix| address.starts_with(prefix)) {
        SourceKind::Git
    } else if matches!(scheme, Some("http" | "https" | "ftp")) {
        SourceKind::Url
    } else {
        SourceKind::Path
    }
}

/// Digests in the fragment of an address: `#sha256=<hex>&egg=name`.
pub(super) fn fragment_hashes(fragment: &str) -> impl Iterator<Item = String> {
    fragment
        .split('&')
        .filter_map(|part| part.split_once('='))
        .filter_map(|(algorithm, hex)| hashes::from_hex(algorithm, hex))
}

/// Name and version in the file name of an archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ArchiveName {
    pub(super) name: String,
    pub(super) version: Option<String>,
}

/// Endings of source archives that pip installs.
const SOURCE_ARCHIVES: &[&str] = &[".tar.bz2", ".tar.gz", ".tar.xz", ".tgz", ".zip"];

/// Whether `address` ends like an archive that pip installs.
pub(super) fn is_archive(address: &str) -> bool {
    address.ends_with(".whl") || SOURCE_ARCHIVES.iter().any(|ending| address.ends_with(ending))
}

/// Reads the name of a wheel (`name-version(-build)-python-abi-platform.whl`) or of a source
/// archive (`name-version.tar.gz`) at the end of a path or address.
pub(super) fn archive_name(address: &str) -> Option<ArchiveName> {
    let file = address.rsplit(['/', '\\']).next()?.replace("%2B", "+").replace("%2b", "+");
    if let Some(stem) = file.strip_suffix(".whl") {
        let parts: Vec<&str> = stem.split('-').collect();
        let ([name, version, _, _, _] | [name, version, _, _, _, _]) = parts[..] else {
            return None;
        };
        let version = Some(version.to_owned());
        return is_name(name).then(|| ArchiveName { name: name.to_owned(), version });
    }
    let stem = SOURCE_ARCHIVES.iter().find_map(|ending| file.strip_suffix(ending))?;
    let (name, version) = stem.rsplit_once('-')?;
    // `archive/refs/tags/v1.2.zip` and `main.zip` name a revision, not a package.
    pep440_rs::Version::from_str(version).ok()?;
    let version = Some(version.to_owned());
    is_name(name).then(|| ArchiveName { name: name.to_owned(), version })
}

/// Checks a marker's grammar: comparisons joined by `and` and `or`, with parentheses.
fn check_marker(marker: &str) -> Result<(), String> {
    let mut tokens = MarkerTokens { rest: marker };
    let mut depth = 0_u32;
    loop {
        // A comparison, behind any number of opening parentheses.
        let mut token = tokens.next()?;
        while token == Some(Token::Open) {
            depth += 1;
            if depth > MAX_MARKER_DEPTH {
                return Err(format!("parentheses are nested deeper than {MAX_MARKER_DEPTH}"));
            }
            token = tokens.next()?;
        }
        let is_comparison = token == Some(Token::Operand)
            && tokens.next()? == Some(Token::Comparison)
            && tokens.next()? == Some(Token::Operand);
        if !is_comparison {
            return Err("expected a comparison of a variable with a text".to_owned());
        }
        // Closing parentheses, then `and`, `or` or the end.
        loop {
            match tokens.next()? {
                Some(Token::Close) if depth > 0 => depth -= 1,
                Some(Token::Join) => break,
                None if depth == 0 => return Ok(()),
                _ => return Err("expected `and`, `or` or the end".to_owned()),
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token {
    Open,
    Close,
    Operand,
    Comparison,
    Join,
}

struct MarkerTokens<'t> {
    rest: &'t str,
}

impl MarkerTokens<'_> {
    fn next(&mut self) -> Result<Option<Token>, String> {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '"' | '\'' => {
                let end = self.rest[1..].find(first).ok_or("a text in quotes has no end")?;
                (Token::Operand, end + 2)
            }
            '<' | '>' | '=' | '!' | '~' => {
                let length = self.rest.find(|c| !matches!(c, '<' | '>' | '=' | '!' | '~'));
                (Token::Comparison, length.unwrap_or(self.rest.len()))
            }
            _ => {
                let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                let length = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
                match &self.rest[..length] {
                    "" => return Err(format!("unexpected `{}`", first.escape_debug())),
                    "and" | "or" => (Token::Join, length),
                    "in" => (Token::Comparison, length),
                    "not" => (Token::Comparison, self.not_in(length)?),
                    _ => (Token::Operand, length),
                }
            }
        };
        self.rest = &self.rest[length..];
        Ok(Some(token))
    }

    /// The length of `not in`, whatever stands between the words.
    fn not_in(&self, not: usize) -> Result<usize, String> {
        let after = &self.rest[not..];
        let spaces = after.len() - after.trim_start().len();
        if after.trim_start().starts_with("in") {
            return Ok(not + spaces + 2);
        }
        Err("expected `in` after `not`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a requirement as `name[extras] specifier =version @url ;markers ?doubt`.
    fn check(text: &str, expected: &str) {
        let shown = match parse(text) {
            Err(error) => format!("error: {error}"),
            Ok(read) => {
                let mut shown = read.name.clone();
                if !read.extras.is_empty() {
                    shown += &format!("[{}]", read.extras.join(","));
                }
                for (sign, part) in [
                    (" ", read.specifier),
                    (" =", read.version),
                    (" @", read.source.and_then(|source| source.url)),
                    (" ;", read.markers),
                    (" ?", read.doubt),
                ] {
                    if let Some(part) = part {
                        shown += sign;
                        shown += &part;
                    }
                }
                shown
            }
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn reads_names_extras_ranges_and_markers() {
        check("idna", "idna");
        check("Idna[a, b]>=2,<4", "Idna[a,b] >=2,<4");
        check("idna == 3.4 ; python_version < '3'", "idna == 3.4 =3.4 ;python_version < '3'");
        check("idna===3.4", "idna ===3.4 =3.4");
        check("idna (==3.4)", "idna (==3.4) =3.4");
        check("idna==3.*", "idna ==3.*");
        check("idna==1.2.3+gcr.2", "idna ==1.2.3+gcr.2 =1.2.3+gcr.2");
    }

    #[test]
    fn reads_addresses() {
        check("a @ https://h.example/a.zip ; x == 'y'", "a @https://h.example/a.zip ;x == 'y'");
        check(
            "a @ https://h.example/a_b-2.8%2Bcu1-cp1-cp1-linux.whl",
            "a =2.8+cu1 @https://h.example/a_b-2.8%2Bcu1-cp1-cp1-linux.whl",
        );
        check("a@git+ssh://h.example/a@main", "a @git+ssh://h.example/a@main");
    }

    #[test]
    fn keeps_the_name_when_the_range_or_marker_is_wrong() {
        let shown = parse("a == 3.7.1 @ git+https://h.example").unwrap();
        assert_eq!((shown.name.as_str(), shown.version), ("a", None));
        assert!(shown.doubt.is_some_and(|doubt| doubt.contains("is not a version range")));
        check(
            "a; python_version",
            "a ;python_version ?`python_version` is not a marker: expected a comparison of a \
             variable with a text",
        );
    }

    #[test]
    fn refuses_what_names_no_package() {
        check("==2.3.4", "error: `==2.3.4` does not begin with a package name");
        check("a b", "error: expected a version range after `a`, found `b`");
        check("a[b", "error: the extras of `a` have no `]`");
        check("a/../b==1", "error: expected a version range after `a`, found `/../b==1`");
        let extras = "b,".repeat(300);
        check(&format!("a[{extras}]"), "error: it asks for more than 256 extras");
        check("a-", "error: `a-` does not begin with a package name");
    }

    #[test]
    fn checks_the_grammar_of_markers() {
        for marker in [
            "a == 'b'",
            "'b' in a and (c >= \"1\" or (d not  in 'e')) and f ~= '1.2'",
            "os.name == 'nt'",
        ] {
            assert_eq!(check_marker(marker), Ok(()), "{marker}");
        }
        for marker in
            ["", "a", "a ==", "a == 'b", "(a == 'b'", "a == 'b')", "a == 'b' c", "a not 'b'", "é"]
        {
            assert!(check_marker(marker).is_err(), "{marker}");
        }
        assert!(check_marker(&"(".repeat(100_000)).is_err());
    }

    #[test]
    fn reads_archive_names() {
        let check = |file: &str, expected: Option<(&str, &str)>| {
            let read = archive_name(file).map(|file| (file.name, file.version.unwrap_or_default()));
            let read = read.as_ref().map(|(name, version)| (name.as_str(), version.as_str()));
            assert_eq!(read, expected, "{file}");
        };
        check("./dist/my_pkg-1.0-py3-none-any.whl", Some(("my_pkg", "1.0")));
        check("my_pkg-1.0-1-py3-none-any.whl", Some(("my_pkg", "1.0")));
        check("my_pkg-1.0.whl", None);
        check("https://h.example/my-pkg-1.0rc1.tar.gz", Some(("my-pkg", "1.0rc1")));
        check("https://h.example/archive/main.zip", None);
    }
}
