//! The templates, and what may stand in a page: text from scanned files is shown, never read as
//! markup.

use std::borrow::Cow;
use std::io;

use base64::Engine as _;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

use crate::model::Digest;
use crate::report::markdown::{is_unprintable, visible};
use crate::report::place::cut;

/// The look of every page.
pub(in crate::report) const STYLE: &str = include_str!("templates/style.css");
/// What the report does beyond being read.
pub(super) const SCRIPT: &str = include_str!("templates/page.js");

macro_rules! templates {
    ($($name:literal)*) => {
        const TEMPLATES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("templates/", $name))),)*];
    };
}

// One line each, sorted.
templates! {
    "agreement.html"
    "customer.html"
    "findings.html"
    "flow.html"
    "licenses.html"
    "macros.html"
    "overview.html"
    "page.html"
    "part_duties.html"
    "part_files.html"
    "part_identity.html"
    "part_license.html"
    "part_lineage.html"
    "part_links.html"
    "part_restrictions.html"
    "part_terms.html"
    "parts.html"
    "picture.html"
    "scan.html"
    "texts.html"
}

/// Every template, ready to be filled.
pub(in crate::report) struct Templates(Environment<'static>);

impl Templates {
    pub(in crate::report) fn new() -> io::Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true);
        environment.set_syntax(syntax.build().map_err(io::Error::other)?);
        // Every text that nobody has marked as markup is shown on one line, cut to length.
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if !value.is_safe() => {
                escape_formatter(out, state, &Value::from(shown(text).as_ref()))
            }
            _ => escape_formatter(out, state, value),
        });
        environment.add_filter("lines", |text: &str| Value::from_safe_string(lines(text)));
        environment.add_filter("ticked", |text: &str| Value::from_safe_string(ticked(text)));
        environment.add_filter("grouped", grouped);
        environment.add_filter("counted", counted);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).map_err(io::Error::other)?;
        }
        Ok(Self(environment))
    }

    /// The template `name`, filled with `context`.
    pub(in crate::report) fn fill(
        &self,
        name: &str,
        context: &impl Serialize,
    ) -> io::Result<String> {
        self.try_fill(name, context).map_err(io::Error::other)
    }

    fn try_fill(&self, name: &str, context: &impl Serialize) -> Result<String, Error> {
        self.0.get_template(name)?.render(Value::from(Serde(context)))
    }
}

/// What a browser may do with a page: show it, and run or apply exactly what is named here. Nothing
/// is loaded from anywhere.
pub(in crate::report) fn content_policy(script: Option<&str>) -> String {
    let script = script.map(|script| format!("; script-src {}", hash(script)));
    format!(
        "default-src 'none'; style-src {}{}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        script.unwrap_or_default()
    )
}

fn hash(source: &str) -> String {
    let digest = Digest::sha256_of(source.as_bytes());
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(digest.bytes()))
}

/// `text` on one line and cut to length; what cannot be seen or reorders text is named.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let text = cut(text);
    if !text.contains(is_unprintable) {
        return text;
    }
    let mut line = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unprintable(character) {
            line.push_str(&visible(character));
        } else {
            line.push(character);
        }
    }
    Cow::Owned(line)
}

/// A whole text with its lines; never cut.
fn lines(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 16);
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' | '\t' => markup.push(character),
            other => escape(other, &mut markup),
        }
    }
    markup
}

/// A message, in which values stand in backticks: those are shown as code. An odd one is shown as
/// it is.
fn ticked(text: &str) -> String {
    let text = shown(text);
    let mut markup = String::with_capacity(text.len() + 32);
    let mut pieces = text.split('`').peekable();
    let mut is_code = false;
    while let Some(piece) = pieces.next() {
        let is_closed = is_code && pieces.peek().is_some();
        let (before, after) = match (is_code, is_closed) {
            (true, true) => ("<code>", "</code>"),
            (true, false) => ("`", ""),
            (false, _) => ("", ""),
        };
        markup.push_str(before);
        piece.chars().for_each(|character| escape(character, &mut markup));
        markup.push_str(after);
        is_code = !is_code;
    }
    markup
}

fn escape(character: char, markup: &mut String) {
    match character {
        '<' => markup.push_str("&lt;"),
        '>' => markup.push_str("&gt;"),
        '&' => markup.push_str("&amp;"),
        '"' => markup.push_str("&quot;"),
        _ if is_unprintable(character) => markup.push_str(&visible(character)),
        _ => markup.push(character),
    }
}

/// A number with its thousands apart: `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 file`, `2,000 files`.
fn counted(number: u64, noun: &str) -> String {
    let ending = match (number, noun.strip_suffix('y')) {
        (1, _) => return format!("1 {noun}"),
        (_, Some(stem)) => return format!("{} {stem}ies", grouped(number)),
        (_, None) => "s",
    };
    format!("{} {noun}{ending}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_ease() {
        assert_eq!(["7", "1,000", "12,345,678"], [7, 1_000, 12_345_678].map(grouped));
        assert_eq!(counted(1, "part"), "1 part");
        assert_eq!(counted(2, "dependency"), "2 dependencies");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(shown("a\u{202e}b\n\0"), "a(U+202E)b (U+0000)");
        assert_eq!(lines("</pre>\r\n\u{2028}&"), "&lt;/pre&gt;\n(U+2028)&amp;");
    }

    #[test]
    fn values_in_backticks_are_code() {
        assert_eq!(ticked("`a<b` is `c`"), "<code>a&lt;b</code> is <code>c</code>");
        assert_eq!(ticked("`a` and ` alone"), "<code>a</code> and ` alone");
        assert_eq!(ticked("none"), "none");
    }

    #[test]
    fn every_template_is_read_and_listed() {
        assert!(Templates::new().is_ok());
        assert!(TEMPLATES.is_sorted());
    }

    #[test]
    fn no_style_or_script_ends_its_element() {
        for source in [STYLE, SCRIPT] {
            assert!(!source.contains("</") && !source.contains("<!--") && !source.contains('\r'));
        }
    }
}
