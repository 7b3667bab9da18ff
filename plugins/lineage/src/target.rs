//! What a stated name, path or address names.

/// Nobody names a model in more bytes.
const STATED_BYTES: usize = 500;
/// First labels of the Hub's host names.
const HUB_LABELS: [&str; 2] = ["hf", "huggingface"];

/// The parent's name: `org/name` where the words give one, else the words themselves. `None` when
/// they name nothing.
///
/// A folder of the Hub's cache (`models--org--name/snapshots/…`) and an address on the Hub are
/// `org/name`. A path on somebody's disk stays as it is: its last folder may be called after anything.
pub(crate) fn target(stated: &str) -> Option<String> {
    let stated = stated.trim();
    if stated.len() > STATED_BYTES || stated.trim_matches(['.', '/', '\\']).is_empty() {
        return None;
    }
    let name = cached(stated).or_else(|| on_the_hub(stated));
    Some(name.unwrap_or_else(|| stated.trim_end_matches('/').to_owned()))
}

/// `…/models--org--name/…`, with either slash.
fn cached(stated: &str) -> Option<String> {
    let folder = stated.split(['/', '\\']).find_map(|part| part.strip_prefix("models--"))?;
    let name = match folder.split_once("--") {
        Some((organization, name)) => format!("{organization}/{name}"),
        None => folder.to_owned(),
    };
    (!folder.is_empty()).then_some(name)
}

/// `https://host/org/name/…`
fn on_the_hub(stated: &str) -> Option<String> {
    let rest = stated.strip_prefix("https://").or_else(|| stated.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next()?;
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let label = parts.next()?.split('.').next()?;
    if !HUB_LABELS.contains(&label) {
        return None;
    }
    let organization = parts.next().filter(|part| !matches!(*part, "datasets" | "spaces"));
    let organization = organization.or_else(|| parts.next())?;
    Some(match parts.next().filter(|part| !matches!(*part, "tree" | "blob" | "resolve")) {
        Some(name) => format!("{organization}/{name}"),
        None => organization.to_owned(),
    })
}

/// Whether a target is the artifact itself.
pub(crate) fn is_same(target: &str, own: Option<&str>) -> bool {
    own.is_some_and(|own| own.eq_ignore_ascii_case(target))
}
