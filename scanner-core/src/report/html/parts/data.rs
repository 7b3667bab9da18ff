//! The rows as embedded JSON.

use std::collections::HashMap;
use std::io;

use serde::Serialize;

use super::Row;

/// The words of the rows, each once, and the rows as positions: name, version, kind, licence,
/// status, terms with ancestors, purl, only for development, open obligations, findings by severity;
/// beyond the rows of the page also fragments, dependencies and findings.
#[derive(Serialize)]
struct Data<'a> {
    words: Vec<&'a str>,
    rows: Vec<serde_json::Value>,
}

/// Hands out numbers for words. Zero is the absence of one.
struct Words<'a> {
    numbers: HashMap<&'a str, usize>,
    words: Vec<&'a str>,
}

impl<'a> Words<'a> {
    fn number(&mut self, word: Option<&'a str>) -> usize {
        let Some(word) = word else { return 0 };
        *self.numbers.entry(word).or_insert_with(|| {
            self.words.push(word);
            self.words.len() - 1
        })
    }
}

/// The document of the rows, and that of the fragments that rows beyond the page need.
pub(super) fn documents<'a>(
    rows: impl Iterator<Item = &'a Row>,
    markup: &[String],
) -> io::Result<(String, String)> {
    let mut words = Words { numbers: HashMap::new(), words: vec![""] };
    let mut renumbered: HashMap<usize, usize> = HashMap::new();
    let mut needed: Vec<&str> = Vec::new();
    let mut cells = Vec::new();
    for row in rows {
        let mut fragments = Vec::new();
        for &number in row.fragments.iter().filter(|_| row.markup.is_none()) {
            fragments.push(*renumbered.entry(number).or_insert_with(|| {
                needed.push(&markup[number]);
                needed.len() - 1
            }));
        }
        let fixed = (
            &row.name,
            row.version.as_deref().unwrap_or_default(),
            words.number(Some(row.kind)),
            words.number(Some(&row.license)),
            words.number(Some(row.status.text)),
            words.number(row.with_ancestors.as_deref()),
            row.purl.as_deref().unwrap_or_default(),
            usize::from(row.development_only),
            row.open,
            row.findings,
        );
        cells.push(if row.markup.is_some() {
            serde_json::to_value(fixed)?
        } else {
            serde_json::to_value((fixed, fragments, &row.depends_on, &row.finding_numbers))?
        });
    }
    let data = serde_json::to_string(&Data { words: words.words, rows: cells })?;
    Ok((inert(&data), inert(&serde_json::to_string(&needed)?)))
}

/// JSON that ends no script element and opens no comment in it (HTML, "Restrictions for contents of
/// script elements"), and that has no line ends of its own.
fn inert(json: &str) -> String {
    json.replace("</", "<\\/")
        .replace("<!", "\\u003c!")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_inside_its_element() {
        let text = "</script><!-- \u{2028}\u{2029}";
        let json = inert(&serde_json::to_string(text).unwrap());
        assert!(!json.contains("</") && !json.contains("<!") && json.is_ascii(), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
