//! The XML form, projected from the JSON form: [`shapes`] says for every object of the document what
//! its fields are in XML and in which order, [`unscored`] moves what XML has no place for, and
//! nothing else knows of XML.
//!
//! XML 1.0 has no way to write most control characters, not even escaped: U+FFFD stands for them. A
//! licence text that holds one is written in base64, so that its bytes survive. Carriage returns,
//! and line ends in attributes, are escaped, because every parser would change them.

mod shapes;
mod unscored;

use std::borrow::Cow;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;
use serde_json::{Map, Value};

use self::shapes::{
    ATTACHED_TEXT, BOM, COMPONENT, DETAILED_EXPRESSION, EXPRESSION, Field, LICENSE, Shape,
};

type Object = Map<String, Value>;

/// Writes the XML form of a document in JSON form. `bom` is the document with an empty list of
/// components, which are written as they come.
pub(super) fn write(
    mut bom: Value,
    mut components: impl Iterator<Item = serde_json::Result<Value>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    unscored::move_rationales(&mut bom);
    let version = bom["specVersion"].as_str().unwrap_or_default();
    let namespace = format!("http://cyclonedx.org/schema/bom/{version}");
    let mut xml =
        Xml { writer: Writer::new_with_indent(out, b' ', 2), components: &mut components };
    xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    if let Some(bom) = bom.as_object() {
        let mut start = BytesStart::new("bom");
        start.push_attribute(("xmlns", namespace.as_str()));
        xml.element(start, "bom", BOM, bom)?;
    }
    xml.writer.get_mut().write_all(b"\n")
}

struct Xml<'a> {
    writer: Writer<&'a mut dyn Write>,
    /// The components of the document, until they are written.
    components: &'a mut dyn Iterator<Item = serde_json::Result<Value>>,
}

impl Xml<'_> {
    fn event(&mut self, event: Event<'_>) -> io::Result<()> {
        self.writer.write_event(event)
    }

    /// An element with the attributes, the text and the children that `fields` make of `object`.
    fn object(&mut self, name: &'static str, fields: &[Field], object: &Object) -> io::Result<()> {
        self.element(BytesStart::new(name), name, fields, object)
    }

    /// The same with the attributes that `start` has already.
    fn element(
        &mut self,
        mut start: BytesStart<'_>,
        name: &'static str,
        fields: &[Field],
        object: &Object,
    ) -> io::Result<()> {
        let present = |field: &Field| object.get(field.json).map(|value| (field.xml, value));
        for (attribute_name, value) in fields
            .iter()
            .filter(|field| matches!(field.shape, Shape::Attribute))
            .filter_map(present)
        {
            start.push_attribute(attribute(attribute_name, &words(value)));
        }
        let mut text =
            fields.iter().filter(|field| matches!(field.shape, Shape::Content)).filter_map(present);
        if let Some((_, value)) = text.next() {
            return self.text(start, name, &words(value));
        }
        if !fields.iter().any(|field| has_children(field, object)) {
            return self.event(Event::Empty(start));
        }
        self.event(Event::Start(start))?;
        for field in fields {
            match (object.get(field.json), &field.shape) {
                (Some(value), shape) => self.field(field.xml, shape, value)?,
                (None, Shape::Mandatory) => {
                    self.text(BytesStart::new(field.xml), field.xml, "")?;
                }
                (None, _) => {}
            }
        }
        self.event(Event::End(BytesEnd::new(name)))
    }

    fn field(&mut self, name: &'static str, shape: &Shape, value: &Value) -> io::Result<()> {
        match shape {
            // Written with the start of the element.
            Shape::Attribute | Shape::Content => Ok(()),
            Shape::Text | Shape::Mandatory => self.text(BytesStart::new(name), name, &words(value)),
            Shape::Reference => {
                let mut start = BytesStart::new(name);
                start.push_attribute(attribute("ref", &words(value)));
                self.event(Event::Empty(start))
            }
            Shape::Object(fields) => match value.as_object() {
                Some(object) => self.object(name, fields, object),
                None => Ok(()),
            },
            Shape::AttachedText => match value.as_object() {
                Some(object) => self.attached_text(name, object),
                None => Ok(()),
            },
            Shape::Repeat(item) => items(value).try_for_each(|value| self.field(name, item, value)),
            Shape::List(..) | Shape::Licenses if items(value).next().is_none() => {
                self.event(Event::Empty(BytesStart::new(name)))
            }
            Shape::List(item_name, item) => {
                self.event(Event::Start(BytesStart::new(name)))?;
                items(value).try_for_each(|value| self.field(item_name, item, value))?;
                self.event(Event::End(BytesEnd::new(name)))
            }
            Shape::Components => self.components(name),
            Shape::Licenses => {
                self.event(Event::Start(BytesStart::new(name)))?;
                items(value)
                    .filter_map(Value::as_object)
                    .try_for_each(|item| self.license(item))?;
                self.event(Event::End(BytesEnd::new(name)))
            }
        }
    }

    fn license(&mut self, choice: &Object) -> io::Result<()> {
        if let Some(license) = choice.get("license").and_then(Value::as_object) {
            return self.object("license", LICENSE, license);
        }
        // An expression with anything beside it is another element since 1.7.
        let detailed = ["expressionDetails", "licensing", "properties"];
        if detailed.iter().any(|field| choice.contains_key(*field)) {
            self.object("expression-detailed", DETAILED_EXPRESSION, choice)
        } else {
            self.object("expression", EXPRESSION, choice)
        }
    }

    fn attached_text(&mut self, name: &'static str, text: &Object) -> io::Result<()> {
        use base64::Engine as _;
        let content = text.get("content").and_then(Value::as_str).unwrap_or_default();
        if content.chars().all(is_legal) {
            return self.object(name, ATTACHED_TEXT, text);
        }
        let mut encoded = text.clone();
        encoded.insert("encoding".to_owned(), "base64".into());
        let content = base64::engine::general_purpose::STANDARD.encode(content);
        encoded.insert("content".to_owned(), content.into());
        self.object(name, ATTACHED_TEXT, &encoded)
    }

    fn text(&mut self, start: BytesStart<'_>, name: &str, text: &str) -> io::Result<()> {
        self.event(Event::Start(start))?;
        self.event(Event::Text(BytesText::from_escaped(escaped(text, Place::Text))))?;
        self.event(Event::End(BytesEnd::new(name)))
    }

    /// The components of the document, each made when it is its turn.
    fn components(&mut self, name: &'static str) -> io::Result<()> {
        let Some(first) = self.components.next() else {
            return self.event(Event::Empty(BytesStart::new(name)));
        };
        self.event(Event::Start(BytesStart::new(name)))?;
        let mut next = Some(first);
        while let Some(component) = next {
            if let Some(component) = component?.as_object() {
                self.object("component", COMPONENT, component)?;
            }
            next = self.components.next();
        }
        self.event(Event::End(BytesEnd::new(name)))
    }
}

fn attribute<'a>(name: &'static str, value: &'a str) -> Attribute<'a> {
    Attribute { key: QName(name), value: escaped(value, Place::Attribute) }
}

/// The items of a list; what is no list is one item.
fn items(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter()
}

fn has_children(field: &Field, object: &Object) -> bool {
    match (&field.shape, object.get(field.json)) {
        (Shape::Attribute | Shape::Content, _) => false,
        (Shape::Repeat(_), Some(value)) => items(value).next().is_some(),
        (_, value) => value.is_some() || matches!(field.shape, Shape::Mandatory),
    }
}

/// A text as it is, a number or truth value in words.
fn words(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Attribute,
    Text,
}

/// `text` in the characters that may stand there, so that a parser gives back what was meant.
fn escaped(text: &str, place: Place) -> Cow<'_, str> {
    let stays =
        |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"');
    if text.bytes().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if place == Place::Attribute => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' if place == Place::Attribute => escaped.push_str("&#10;"),
            '\t' if place == Place::Attribute => escaped.push_str("&#9;"),
            legal if is_legal(legal) => escaped.push(legal),
            _ => escaped.push(char::REPLACEMENT_CHARACTER),
        }
    }
    Cow::Owned(escaped)
}

/// Whether XML 1.0 can hold a character (section 2.2 of the recommendation).
const fn is_legal(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_or_is_replaced() {
        assert_eq!(escaped("<a & 'b'>\r\n", Place::Text), "&lt;a &amp; 'b'&gt;&#13;\n");
        assert_eq!(escaped("\"\n\t", Place::Attribute), "&quot;&#10;&#9;");
        assert_eq!(
            escaped("\0\u{b}\u{1b}[31m\u{ffff}", Place::Text),
            "\u{fffd}\u{fffd}\u{fffd}[31m\u{fffd}"
        );
        assert_eq!(escaped("\u{202e}\u{10ffff}", Place::Text), "\u{202e}\u{10ffff}");
    }

    #[test]
    fn a_text_with_a_form_feed_keeps_its_bytes() {
        let bom = serde_json::json!({ "specVersion": "1.6", "components": [] });
        let component = serde_json::json!({ "licenses": [
            { "license": { "name": "x", "text": { "contentType": "text/plain", "content": "a\u{c}b" } } },
        ] });
        let mut out = Vec::new();
        write(bom, [Ok(component)].into_iter(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains(r#"<text content-type="text/plain" encoding="base64">YQxi</text>"#),
            "{text}"
        );
    }
}
