//! The lines of SPDX 2 tag-value: `Tag: value`, with texts between `<text>` and `</text>`.

/// A tag with its value, and the line where it begins, from 1.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Tag<'a> {
    pub(crate) line: u64,
    pub(crate) name: &'a str,
    pub(crate) value: String,
}

/// Every tag of a document, in order; comments and lines without a colon are no tags.
pub(crate) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut lines = (1_u64..).zip(text.lines());
    std::iter::from_fn(move || {
        loop {
            let (line, row) = lines.next()?;
            let Some((name, value)) = row.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name.starts_with('#') {
                continue;
            }
            let Some(first) = value.strip_prefix("<text>") else {
                return Some(Tag { line, name, value: value.to_owned() });
            };
            let mut whole = first.to_owned();
            while !whole.contains("</text>") {
                let Some((_, next)) = lines.next() else { break };
                whole.push('\n');
                whole.push_str(next);
            }
            let end = whole.find("</text>").unwrap_or(whole.len());
            whole.truncate(end);
            return Some(Tag { line, name, value: whole });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_span_lines() {
        let text =
            "# a: b\nSPDXVersion: SPDX-2.3\nnothing\nC: <text>one\n two: 3</text> rest\nD: <text>x";
        let found: Vec<(u64, &str, String)> =
            tags(text).map(|tag| (tag.line, tag.name, tag.value)).collect();
        let expected = [(2, "SPDXVersion", "SPDX-2.3"), (4, "C", "one\n two: 3"), (6, "D", "x")];
        assert_eq!(found, expected.map(|(line, name, value)| (line, name, value.to_owned())));
    }
}
