//! Values of a card that can be read and should not be trusted.

use crate::extract::cards::yaml::{Entry, Node, Style, Value};
use crate::extract::text::shown;
use crate::model::SourcePath;

/// What is odd about a value, and what to do.
pub(super) struct Doubt {
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// A key that readers do not know because of its case.
pub(super) fn of_key(found: &str, wanted: &str) -> Doubt {
    let message = format!("the key is `{found}`, and readers look for `{wanted}`");
    Doubt { message, help: "it was read all the same; write the key in lower case" }
}

/// A value of another type than `wanted`: all of an entry, or something in its list.
pub(super) fn of_type(entry: &Entry, found: &Node, wanted: &str) -> Doubt {
    let (key, type_name) = (&entry.key, found.type_name());
    let verb = if std::ptr::eq(found, &entry.value) { "is" } else { "holds" };
    let message = match single_key(found) {
        // `license: {license}` of a template that nobody filled in.
        Some(word) => {
            format!("`{key}` {verb} {type_name} with the key `{}`, not {wanted}", shown(word))
        }
        None => format!("`{key}` {verb} {type_name}, not {wanted}"),
    };
    Doubt { message, help: "that part was ignored; the other keys were read" }
}

/// Values of `license` that another reader takes for something else, or for nothing.
pub(super) fn of_license(value: &Node) -> Vec<Doubt> {
    let nodes = match &value.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let type_doubt = nodes.iter().find_map(|node| match &node.value {
        Value::Null => Some("`license` has no value".to_owned()),
        Value::Text(text, Style::Plain) => scalar_type(text).map(|type_name| {
            format!("`license` is `{}`, which YAML readers take for {type_name}", shown(text))
        }),
        _ => None,
    });
    let letter_doubt = nodes.iter().filter_map(Node::text).find_map(|text| {
        let odd = u32::from(text.chars().find(|c| !c.is_ascii())?);
        let text = shown(text);
        Some(format!("`license` is `{text}` with the character U+{odd:04X}, and tags are ASCII"))
    });
    let type_help = "it was read as text; name the licence, in quotes if need be";
    let letter_help = "it was read as it stands; type the tag anew";
    let doubts = [(type_doubt, type_help), (letter_doubt, letter_help)].into_iter();
    doubts.filter_map(|(message, help)| Some(Doubt { message: message?, help })).collect()
}

/// A link to a file that is outside the repository.
pub(super) fn of_link(link: &str) -> Option<Doubt> {
    let is_url = link.contains("://") || link.starts_with('#');
    (!is_url && SourcePath::new("").join(link).is_none()).then(|| Doubt {
        message: format!("`license_link` is `{}`, which leaves the repository", shown(link)),
        help: "the link was not followed; link to a file inside",
    })
}

/// The only key of a map.
pub(super) fn single_key(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Map(entries) => match entries.as_slice() {
            [entry] => Some(&entry.key),
            _ => None,
        },
        _ => None,
    }
}

/// What YAML 1.1 readers, PyYAML among them, take a plain scalar for.
fn scalar_type(text: &str) -> Option<&'static str> {
    const BOOLEANS: [&str; 6] = ["false", "no", "off", "on", "true", "yes"];
    if BOOLEANS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some("a boolean");
    }
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.parse::<f64>().is_ok();
    is_number.then_some("a number")
}
