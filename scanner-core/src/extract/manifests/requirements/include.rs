//! Joins requirements files: `-r` and `-c` lines name files that only `assemble` can look up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::extract::text::shown;
use crate::model::{Code, Diagnostic, Fact, FactValue, Location, SourcePath};

/// In which role a file includes another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IncludeRole {
    /// `-r`: its packages are required too.
    Requirements,
    /// `-c`: it only limits versions.
    Constraints,
}

impl IncludeRole {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Requirements, Self::Constraints];

    /// The option that pip knows it by.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Requirements => "-r",
            Self::Constraints => "-c",
        }
    }

    /// The long form of that option.
    pub(super) const fn long_option(self) -> &'static str {
        match self {
            Self::Requirements => "--requirement",
            Self::Constraints => "--constraint",
        }
    }
}

/// An include line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Include {
    /// In which role.
    pub role: IncludeRole,
    /// The file or address as written.
    pub target: String,
    /// The line.
    pub at: Location,
}

impl Include {
    /// The value of a `manifest.include` fact: option, space, target.
    pub(super) fn value(role: IncludeRole, target: &str) -> FactValue {
        FactValue::Text(format!("{} {target}", role.option()))
    }

    /// Reads a `manifest.include` fact; `None` when it is not one.
    pub fn from_fact(fact: &Fact) -> Option<Self> {
        let (option, target) = fact.value.as_text()?.split_once(' ')?;
        let role = IncludeRole::ALL.into_iter().find(|role| role.option() == option)?;
        Some(Self { role, target: target.to_owned(), at: fact.at.clone() })
    }
}

/// One file includes another, and both are there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct IncludeEdge {
    /// The file with the line.
    pub from: SourcePath,
    /// The file it names.
    pub to: SourcePath,
    /// In which role.
    pub role: IncludeRole,
    /// The line.
    pub at: Location,
}

/// What the include lines of all files amount to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Includes {
    /// Sorted by file, then in the order of the lines.
    pub edges: Vec<IncludeEdge>,
    /// Lines that lead nowhere, out of the source, or back to where they came from.
    pub diagnostics: Vec<Diagnostic>,
}

/// Follows the include lines of all requirements files of a source. `files` are those that were
/// read, with their includes; `exists` tells whether the source has a file that was not.
pub fn resolve_includes(
    files: &BTreeMap<SourcePath, Vec<Include>>,
    exists: impl Fn(&SourcePath) -> bool,
) -> Includes {
    let mut found = Includes::default();
    for (from, includes) in files {
        for include in includes {
            match resolve(from, include, files, &exists) {
                Ok(to) => {
                    let (role, at) = (include.role, include.at.clone());
                    found.edges.push(IncludeEdge { from: from.clone(), to, role, at });
                }
                Err(reason) => found.diagnostics.push(reason.diagnostic(include)),
            }
        }
    }
    found.diagnostics.extend(loops(files, &found.edges));
    found
}

/// Why an include leads nowhere.
enum Dead {
    /// It names an address.
    Address,
    /// It names a place outside of the source.
    Outside,
    /// It names a file that the source does not have.
    Missing(SourcePath),
    /// It names a file that no extractor took for a requirements file.
    Unread,
}

fn resolve(
    from: &SourcePath,
    include: &Include,
    files: &BTreeMap<SourcePath, Vec<Include>>,
    exists: impl Fn(&SourcePath) -> bool,
) -> Result<SourcePath, Dead> {
    if include.target.contains("://") {
        return Err(Dead::Address);
    }
    // Files written on Windows separate folders with backslashes; pip takes both there.
    let target = include.target.replace('\\', "/");
    let to = from.parent().join(&target).ok_or(Dead::Outside)?;
    if files.contains_key(&to) {
        Ok(to)
    } else if exists(&to) {
        Err(Dead::Unread)
    } else {
        Err(Dead::Missing(to))
    }
}

impl Dead {
    fn diagnostic(self, include: &Include) -> Diagnostic {
        let (code, reason) = match self {
            Self::Address => (
                Code::ManifestIncludeMissing,
                "names an address, and a scan reads nothing from the network".to_owned(),
            ),
            Self::Outside => (Code::ManifestIncludeEscapes, "leaves the scanned tree".to_owned()),
            Self::Missing(to) => (
                Code::ManifestIncludeMissing,
                format!("names `{}`, which is not in the scanned tree", shown(to.as_str())),
            ),
            Self::Unread => (
                Code::ManifestIncludeMissing,
                "names a file that is there but is not called like a requirements file".to_owned(),
            ),
        };
        let help = "the packages it names are missing from the result; add the file to the tree \
                    under a name like `requirements-….txt`";
        let written = shown(&include.target);
        let message = format!("`{} {written}` {reason}", include.role.option());
        Diagnostic::new(code, include.at.clone(), message).help(help)
    }
}

/// One diagnostic for each pair of files whose include closes a loop. Every file is entered once,
/// so the time does not depend on how the files include each other.
fn loops(files: &BTreeMap<SourcePath, Vec<Include>>, edges: &[IncludeEdge]) -> Vec<Diagnostic> {
    let mut by_file: HashMap<&SourcePath, Vec<&IncludeEdge>> = HashMap::new();
    for edge in edges {
        by_file.entry(&edge.from).or_default().push(edge);
    }
    let mut closing = BTreeMap::new();
    let mut done: BTreeSet<&SourcePath> = BTreeSet::new();
    for start in files.keys() {
        if done.contains(start) {
            continue;
        }
        // The chain of includes from `start`, each file with the next of its lines to follow.
        let mut chain = vec![(start, 0)];
        let mut on_chain = BTreeSet::from([start]);
        while let Some((file, next)) = chain.last_mut() {
            let file = *file;
            let Some(edge) = by_file.get(file).and_then(|edges| edges.get(*next)) else {
                done.insert(file);
                on_chain.remove(file);
                chain.pop();
                continue;
            };
            *next += 1;
            if on_chain.contains(&edge.to) {
                closing.entry((&edge.from, &edge.to)).or_insert(*edge);
            } else if !done.contains(&edge.to) {
                on_chain.insert(&edge.to);
                chain.push((&edge.to, 0));
            }
        }
    }
    closing.into_values().map(diagnostic_of_loop).collect()
}

fn diagnostic_of_loop(edge: &IncludeEdge) -> Diagnostic {
    let (from, to) = (shown(edge.from.as_str()), shown(edge.to.as_str()));
    let message = format!("`{from}` includes `{to}`, which includes it again");
    Diagnostic::new(Code::ManifestIncludeLoop, edge.at.clone(), message)
        .help("remove one of the lines; each file was read once")
}
