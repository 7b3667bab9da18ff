//! File names that every file system takes, from text that anybody may have chosen.

/// Longer names are cut; the caller keeps names apart.
const CHARACTERS: usize = 100;

/// Names that Windows reserves, also with an extension.
const RESERVED: &[&str] = &["aux", "con", "nul", "prn"];

/// `text` as the stem of a file name: letters, digits, `.`, `-`, `_` and `+`; not hidden, not
/// reserved, not empty, not too long.
pub(super) fn stem(text: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let name: String =
        text.chars().take(CHARACTERS).map(|c| if legal(c) { c } else { '_' }).collect();
    let name = name.trim_matches('.');
    let first = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let port = first.strip_prefix("com").or_else(|| first.strip_prefix("lpt"));
    let is_port =
        port.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit());
    match name {
        "" => "unnamed".to_owned(),
        _ if is_port || RESERVED.contains(&first.as_str()) => format!("_{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for (text, expected) in [
            ("Apache-2.0", "Apache-2.0"),
            ("GPL-2.0+", "GPL-2.0+"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a\\b:c\u{0}d", "a_b_c_d"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("com1", "_com1"),
            ("common", "common"),
            ("\u{202e}gpj", "_gpj"),
        ] {
            assert_eq!(stem(text), expected, "{text:?}");
        }
        assert_eq!(stem(&"x".repeat(1_000)).len(), CHARACTERS);
    }
}
