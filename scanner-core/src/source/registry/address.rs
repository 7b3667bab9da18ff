//! Addresses: what another server names, and what is written into one.

use std::net::IpAddr;

use ureq::http::Uri;

use super::PlainHttp;

/// Characters of what a server says that are shown.
const SHOWN_CHARS: usize = 200;

/// Text of a server for a message.
pub(super) fn shorten(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(SHOWN_CHARS).collect()
}

/// Scheme, host and port.
pub(super) fn origin(url: &Uri) -> (Option<&str>, Option<&str>, Option<u16>) {
    let port = url.port_u16().or_else(|| match url.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    });
    (url.scheme_str(), url.host(), port)
}

/// Whether a host, maybe with a port, is this machine.
pub(in crate::source) fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, _)) if name.ends_with(']') || !name.contains(':') => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// An address that a server named, if it may be asked: never without TLS where the first was asked
/// with it.
pub(super) fn checked(first: &Uri, text: &str, plain_http: PlainHttp) -> Result<Uri, String> {
    let url: Uri = text.parse().map_err(|_| "it is no address".to_owned())?;
    let authority = url.authority().ok_or("it names no host")?;
    if authority.as_str().contains('@') {
        return Err("it has a user in it".to_owned());
    }
    let may_be_plain = plain_http == PlainHttp::Everywhere || is_loopback(authority.host());
    match (url.scheme_str(), first.scheme_str()) {
        (Some("https"), _) => Ok(url),
        (Some("http"), Some("http")) if may_be_plain => Ok(url),
        _ => Err("it is not HTTPS".to_owned()),
    }
}

/// The target of a redirect, seen from `base` (RFC 3986 section 5.2, for what servers send).
pub(super) fn joined(base: &Uri, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let scheme = base.scheme_str().unwrap_or("https");
    let authority = base.authority().map_or("", |it| it.as_str());
    if target.contains("://") {
        target.to_owned()
    } else if let Some(rest) = target.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if target.starts_with('/') {
        format!("{scheme}://{authority}{target}")
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{target}")
    }
}

/// `application/x-www-form-urlencoded`.
pub(super) fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| {
        let mut encoded = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        encoded
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_others() {
        for host in ["localhost", "localhost:5000", "127.0.0.1", "127.8.8.8:1", "[::1]", "[::1]:5"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.com", "128.0.0.1", "127.0.0.1.example.com", "[::2]:1", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn redirects_are_joined() {
        let base: Uri = "http://localhost:5000/v2/a/blobs/x?y=1".parse().unwrap();
        let check = |target: &str, expected: &str| assert_eq!(joined(&base, target), expected);
        check("https://s.example.com/a?b=c", "https://s.example.com/a?b=c");
        check("/store/x#part", "http://localhost:5000/store/x");
        check("//other:1/x", "http://other:1/x");
        check("z", "http://localhost:5000/v2/a/blobs/z");
    }

    #[test]
    fn addresses_that_others_name_are_checked() {
        let from = |first: &str, to: &str| {
            let first = first.parse().unwrap();
            checked(&first, to, PlainHttp::Loopback).map(|url| url.to_string())
        };
        assert!(from("https://a.example.com/", "https://b.example.com/x").is_ok());
        assert!(from("http://localhost/", "http://127.0.0.1:9/x").is_ok());
        for (first, to) in [
            ("https://a.example.com/", "http://a.example.com/x"),
            ("https://a.example.com/", "http://localhost/x"),
            ("http://localhost/", "http://a.example.com/x"),
            ("http://localhost/", "http://user@localhost/x"),
            ("http://localhost/", "file:///etc/passwd"),
            ("http://localhost/", "nonsense"),
        ] {
            assert!(from(first, to).is_err(), "{first} {to}");
        }
        let first = "http://a.example.com/".parse().unwrap();
        assert!(checked(&first, "http://b.example.com/", PlainHttp::Everywhere).is_ok());
    }

    #[test]
    fn forms_are_encoded() {
        assert_eq!(form(&[("a", "x y/ä"), ("b", "1")]), "a=x%20y%2F%C3%A4&b=1");
    }

    #[test]
    fn words_of_a_server_are_cut() {
        let shown = shorten(&format!("a\u{1b}[31m{}", "x".repeat(10_000)));
        assert_eq!((shown.chars().count(), shown.contains('\u{1b}')), (SHOWN_CHARS, false));
    }
}
