//! Text that came from a scanned file, made harmless for a terminal.

/// Characters after which a text is cut.
const MOST: usize = 300;

/// Escapes control characters, and those that reorder or hide text, and cuts what is long.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(MOST));
    for (count, character) in text.chars().enumerate() {
        if count == MOST {
            clean.push('…');
            break;
        }
        if character.is_control() || is_deceptive(character) {
            clean.extend(character.escape_unicode());
        } else {
            clean.push(character);
        }
    }
    clean
}

/// Bidirectional controls, zero-width characters, line separators, tags and the byte order mark
/// (Unicode Technical Report 36, section 2.5).
fn is_deceptive(character: char) -> bool {
    matches!(
        character,
        '\u{061c}'
            | '\u{00ad}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::{MOST, clean};

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(clean("a\x1b[31mb\n"), "a\\u{1b}[31mb\\u{a}");
        assert_eq!(clean("x\u{202e}gnp"), "x\\u{202e}gnp");
        assert_eq!(clean("naïve 模型"), "naïve 模型");
        assert_eq!(clean(&"x".repeat(MOST + 1)).chars().count(), MOST + 1);
    }
}
