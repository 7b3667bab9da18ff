//! Text from scanned files inside Markdown: shown, never interpreted.

use crate::report::place::cut;

/// Characters that Markdown or HTML may give a meaning inside a line. `:` and `@` stop automatic
/// links; a backslash before ASCII punctuation is always an escape.
const SPECIAL: &str = "\\`*_{}[]<>#|!&~$@";

/// `text` on one line, every special character escaped, unprintable ones shown as `U+202E`.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in cut(text).chars() {
        if is_unprintable(character) {
            escaped.push_str(&visible(character));
        } else {
            if SPECIAL.contains(character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    // What links without brackets: a scheme, and `www.` without one.
    let linking = [("://", "\\://"), ("ailto:", "ailto\\:"), ("mpp:", "mpp\\:")];
    let linking = linking.into_iter().chain([("www.", "www\\."), ("WWW.", "WWW\\.")]);
    linking.fold(escaped, |text, (plain, broken)| text.replace(plain, broken))
}

/// An identifier as code, which links nothing; one that would end the code early is escaped.
pub(crate) fn code(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_graphic() && c != '`');
    if is_plain { format!("`{text}`") } else { escape(text) }
}

/// `text` as a block that Markdown leaves alone: fenced with more backticks than it holds.
pub(super) fn block(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut body = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' | '\t' => body.push(character),
            _ if is_unprintable(character) => body.push_str(&visible(character)),
            _ => body.push(character),
        }
    }
    format!("{fence}text\n{}\n{fence}\n", body.trim_end_matches('\n'))
}

/// Control characters, line separators, and everything that reorders or hides text.
pub(super) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A character that cannot be seen, by its name; line ends and tabs become a space.
pub(super) fn visible(character: char) -> String {
    match character {
        '\n' | '\r' | '\t' => " ".to_owned(),
        other => format!("(U+{:04X})", u32::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_code_unless_they_would_end_it() {
        assert_eq!(code("pkg:pypi/a@1"), "`pkg:pypi/a@1`");
        assert_eq!(code("a`<b>"), "a\\`\\<b\\>");
    }

    #[test]
    fn nothing_keeps_a_meaning() {
        for (text, expected) in [
            ("plain name-1.0", "plain name-1.0"),
            ("[click](javascript:x)", "\\[click\\](javascript:x)"),
            ("<img src=x onerror=y>", "\\<img src=x onerror=y\\>"),
            ("a\n# Heading", "a \\# Heading"),
            ("`code` **bold** _i_", "\\`code\\` \\*\\*bold\\*\\* \\_i\\_"),
            ("| cell |", "\\| cell \\|"),
            ("https://e.example", "https\\://e.example"),
            ("mailto:a@b.example", "mailto\\:a\\@b.example"),
            ("ends: with a colon", "ends: with a colon"),
            ("www.e.example", "www\\.e.example"),
            ("a\u{202e}b\u{1b}[0m", "a(U+202E)b(U+001B)\\[0m"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_block_cannot_be_closed_from_inside() {
        assert_eq!(block("a\n```\nb"), "````text\na\n```\nb\n````\n");
        assert_eq!(block("one\r\ntwo\n"), "```text\none\ntwo\n```\n");
    }
}
