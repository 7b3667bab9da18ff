//! Messages: plain text in which nothing of a scanned file becomes a link or a placeholder.

use serde::Serialize;

use crate::report::plain::plain;

/// A `message` or `multiformatMessageString`.
#[derive(Serialize)]
pub(super) struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'static str>,
}

impl Message {
    /// `words` as one paragraph.
    pub(super) fn new(words: &str) -> Self {
        Self { text: escape(words), markdown: None }
    }

    /// What happened, then what to do about it.
    pub(super) fn with_help(words: &str, help: Option<&str>) -> Self {
        let mut text = escape(words);
        if let Some(help) = help {
            text.push_str("\n\nWhat to do: ");
            text.push_str(&escape(help));
        }
        Self { text, markdown: None }
    }

    /// A text of ours, with its Markdown.
    pub(super) fn formatted(text: &str, markdown: &'static str) -> Self {
        Self { text: doubled(text), markdown: Some(markdown) }
    }
}

/// Braces are placeholders unless doubled (section 3.11.5), and `[words](target)` is a link
/// (section 3.11.6). Viewers differ in how they unescape brackets, so the link is broken instead.
fn escape(text: &str) -> String {
    doubled(&plain(text)).replace("](", "] (")
}

fn doubled(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_becomes_a_link_or_a_placeholder() {
        assert_eq!(escape("[click](javascript:x)"), "[click] (javascript:x)");
        assert_eq!(escape("`{0}` of `[product]`"), "`{{0}}` of `[product]`");
    }
}
