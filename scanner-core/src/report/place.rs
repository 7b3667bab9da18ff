//! Locations and long texts in words.

use std::borrow::Cow;

use crate::model::{Location, Origin, Span};

/// Names, values and messages are cut to this length; licence texts are not.
pub(super) const TEXT_BYTES: usize = 8 << 10;

/// `text`, cut to [`TEXT_BYTES`] with `…` at the cut.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= TEXT_BYTES {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(TEXT_BYTES);
    Cow::Owned(format!("{}…", &text[..end]))
}

/// The part of the file that is meant: `lines 3-7`, `bytes 0-16`, `key general.license`.
pub(super) fn part(span: &Span) -> String {
    match span {
        Span::Lines { first, last } if first == last => format!("line {first}"),
        Span::Lines { first, last } => format!("lines {first}-{last}"),
        Span::Bytes { start, end } => format!("bytes {start}-{end}"),
        Span::Key(key) => format!("key {}", cut(key)),
    }
}

/// A location in one line: `README.md, line 3`, `catalogue record llama-3.1`.
pub(super) fn place(location: &Location) -> String {
    let mut words = match &location.origin {
        Origin::Scanned { layer: None } => location.path.to_string(),
        Origin::Scanned { layer: Some(layer) } => format!("{} in layer {layer}", location.path),
        Origin::UserFile { sha256 } => format!("{} ({sha256})", location.path),
        Origin::Catalogue => format!("catalogue record {}", location.path),
    };
    if let Some(span) = &location.span {
        words.push_str(", ");
        words.push_str(&part(span));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    #[test]
    fn locations_read_as_one_line() {
        let file = Location::scanned(&SourcePath::new("a/README.md"));
        assert_eq!(place(&file), "a/README.md");
        assert_eq!(place(&file.clone().at_lines(3, 3)), "a/README.md, line 3");
        assert_eq!(place(&file.clone().at_lines(3, 7)), "a/README.md, lines 3-7");
        assert_eq!(place(&file.at_key("license")), "a/README.md, key license");
        assert_eq!(place(&Location::catalogue("llama-2")), "catalogue record llama-2");
    }

    #[test]
    fn cuts_fall_between_characters() {
        let text = "ä".repeat(TEXT_BYTES);
        let short = cut(&text);
        assert!(short.ends_with("ä…") && short.len() <= TEXT_BYTES + '…'.len_utf8());
        assert_eq!(cut("short"), "short");
    }
}
