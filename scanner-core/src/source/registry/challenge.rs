//! What a registry wants to be shown: the header `WWW-Authenticate` (RFC 9110 section 11.6.1).

/// One way to be let in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Challenge {
    /// User and password with every request (RFC 7617).
    Basic,
    /// A token of the server at `realm` (distribution specification, "Token authentication").
    Bearer {
        /// Where tokens are issued.
        realm: String,
        /// What they are issued for.
        service: Option<String>,
    },
}

/// The challenges of one header that are understood.
pub(super) fn challenges(header: &str) -> Vec<Challenge> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((scheme, after)) = word(rest) {
        let (parameters, after) = parameters(after);
        rest = after;
        let value = |name: &str| {
            parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|it| it.1.clone())
        };
        match scheme.to_ascii_lowercase().as_str() {
            "basic" => found.push(Challenge::Basic),
            "bearer" => {
                if let Some(realm) = value("realm") {
                    found.push(Challenge::Bearer { realm, service: value("service") });
                }
            }
            _ => {}
        }
    }
    found
}

/// The next word, without commas and blanks before it.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches([' ', '\t', ',']);
    let end = text.find([' ', '\t', ',', '=', '"']).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// `name=value` pairs up to the next scheme, and what stands behind them.
fn parameters(mut text: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    while let Some((name, after)) = word(text) {
        let Some(after) = after.trim_start().strip_prefix('=') else { break };
        let (value, after) = value(after.trim_start());
        found.push((name.to_owned(), value));
        text = after;
    }
    // A name without a value at the start of what is left would be read for ever.
    let is_stuck = word(text).is_none();
    (found, if is_stuck { "" } else { text })
}

fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>) -> Challenge {
        Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) }
    }

    #[test]
    fn challenges_are_read() {
        let header =
            r#"Bearer realm="https://auth.example.com/token",service="a, \"b\"",scope="x:y""#;
        let expected = bearer("https://auth.example.com/token", Some("a, \"b\""));
        assert_eq!(challenges(header), [expected]);
        assert_eq!(challenges(r#"basic realm="x""#), [Challenge::Basic]);
        assert_eq!(
            challenges(r#"Negotiate, Basic realm="a" , BEARER Realm=r"#),
            [Challenge::Basic, bearer("r", None)]
        );
    }

    #[test]
    fn nonsense_ends() {
        for header in ["", ",,,", "=", "\"", "Bearer", "Bearer realm", "Bearer realm=\"x", "a=b=c"]
        {
            assert!(challenges(header).len() < 2, "{header}");
        }
        assert_eq!(challenges(&"Basic ,".repeat(1000)).len(), 1000);
    }
}
