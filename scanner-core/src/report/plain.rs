//! Text from scanned files as plain text on one line.

use super::markdown::{is_unprintable, visible};
use super::place::cut;

/// `text` on one line and cut to length; unprintable characters are shown as `(U+202E)`.
pub(super) fn plain(text: &str) -> String {
    let text = cut(text);
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            plain.push_str(&visible(character));
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(plain("a\nb\u{202e}c\u{1b}[0m"), "a b(U+202E)c(U+001B)[0m");
        assert_eq!(plain("naïve 模型"), "naïve 模型");
    }
}
