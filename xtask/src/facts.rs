//! The list of facts for authors of plugins.

use std::fmt::Write as _;

use flowdown_core::extract::names;

use crate::generated::Generated;

const HEAD: &str = "\
# Facts

What extractors can say of a file, by name. Plugins receive the facts whose names begin with one of
the prefixes that they need; evidence of a claim is an index into them.

Generated from `scanner-core/src/model/names.rs` by `cargo xtask facts`.

| name | what it says |
|---|---|
";

/// `docs/facts.md`.
pub(crate) fn files() -> Vec<Generated> {
    let mut content = HEAD.to_owned();
    for (name, meaning) in names::ALL {
        let meaning = meaning.replace('|', "\\|");
        writeln!(content, "| `{}` | {meaning} |", name.as_str()).expect("text takes all text");
    }
    vec![Generated { path: "docs/facts.md".to_owned(), content }]
}

#[cfg(test)]
mod tests {
    use flowdown_core::extract::names;

    #[test]
    fn the_list_of_facts_is_current() {
        crate::generated::check(&super::files()).unwrap();
    }

    #[test]
    fn facts_are_sorted_and_named_once() {
        let names: Vec<&str> = names::ALL.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}
