//! Where the front matter of a card begins and ends.

use crate::extract::text;

/// The front matter of a text. Lines count from 1 in that text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FrontMatter<'t> {
    /// The text does not begin with a line `---`.
    Absent,
    /// Between two lines `---`.
    Complete {
        /// What stands between them.
        yaml: &'t str,
        /// The line of the first `---`.
        opening: u64,
        /// The line of the second.
        closing: u64,
    },
    /// There is no second line `---`.
    Unterminated {
        /// All that follows the first one.
        rest: &'t str,
        /// The line of the first `---`.
        opening: u64,
    },
}

/// Finds the front matter.
///
/// `huggingface_hub` takes blank lines before the first `---` too; other readers do not, so the
/// caller tells from `opening` and complains.
pub(super) fn find(text: &str) -> FrontMatter<'_> {
    let mut opened: Option<(u64, usize)> = None;
    let mut offset = 0;
    for (number, line) in (1..).zip(text::lines(text)) {
        let start = offset;
        offset += line.len();
        match opened {
            None if line.trim().is_empty() => {}
            None if line.trim() == "---" => opened = Some((number, offset)),
            None => return FrontMatter::Absent,
            // Indented dashes are content, for example of a block scalar.
            Some((opening, from)) if line.trim_end() == "---" => {
                return FrontMatter::Complete {
                    yaml: &text[from..start],
                    opening,
                    closing: number,
                };
            }
            Some(_) => {}
        }
    }
    match opened {
        Some((opening, from)) => FrontMatter::Unterminated { rest: &text[from..], opening },
        None => FrontMatter::Absent,
    }
}

/// Keys that only the front matter of a card has, sorted.
const CARD_KEYS: &[&str] = &[
    "annotations_creators",
    "base_model",
    "base_model_relation",
    "dataset_info",
    "datasets",
    "extra_gated_prompt",
    "library_name",
    "license",
    "license_link",
    "license_name",
    "model-index",
    "model_name",
    "pipeline_tag",
    "task_categories",
];

/// Whether the first bytes of a file are front matter with a key of a card.
pub(super) fn head_has_card_keys(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.next().is_some_and(|line| line.trim_ascii() == b"---")
        && lines.take_while(|line| line.trim_ascii_end() != b"---").any(|line| {
            let key = line.split(|byte| *byte == b':').next().filter(|key| key.len() < line.len());
            key.is_some_and(|key| CARD_KEYS.iter().any(|known| known.as_bytes() == key))
        })
}
