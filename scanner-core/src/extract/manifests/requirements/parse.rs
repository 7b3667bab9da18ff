//! Requirements and includes of a requirements file.

use std::ops::Range;

use super::include::{Include, IncludeRole};
use super::line::{logical_lines, split_options};
use crate::extract::manifests::entry::{Ecosystem, PackageEntry, PackageSource, Scope, State};
use crate::extract::manifests::sheet::Sheet;
use crate::extract::manifests::{hashes, pep508};
use crate::extract::text::shown;
use crate::model::{Code, SourcePath};

/// Words in a file's name that say that its packages are not needed to run the product. Sorted.
const DEVELOPMENT_WORDS: &[&str] = &[
    "ci",
    "dev",
    "develop",
    "development",
    "doc",
    "docs",
    "lint",
    "linting",
    "qa",
    "test",
    "testing",
    "tests",
    "typing",
];

/// Options of pip that name no package, each with whether a value follows. Sorted.
const GLOBAL_OPTIONS: &[(&str, Value)] = &[
    ("--extra-index-url", Value::Follows),
    ("--find-links", Value::Follows),
    ("--index-url", Value::Follows),
    ("--no-binary", Value::Follows),
    ("--no-index", Value::None),
    ("--only-binary", Value::Follows),
    ("--pre", Value::None),
    ("--prefer-binary", Value::None),
    ("--process-dependency-links", Value::None),
    ("--require-hashes", Value::None),
    ("--trusted-host", Value::Follows),
    ("--use-feature", Value::Follows),
    ("-f", Value::Follows),
    ("-i", Value::Follows),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Follows,
    None,
}

/// What holds for every entry of a file.
#[derive(Clone, Copy)]
struct Defaults {
    state: State,
    scope: Scope,
}

pub(super) fn read(sheet: &mut Sheet<'_>) {
    let defaults = defaults(sheet.path());
    sheet.kind(match defaults.state {
        State::Constraint => "constraints.txt",
        _ => "requirements.txt",
    });
    let max_bytes = usize::try_from(sheet.limits.fact_text_bytes).unwrap_or(usize::MAX);
    for line in logical_lines(sheet.text, max_bytes) {
        if sheet.is_full() {
            break;
        }
        match line.text {
            Some(text) if text.is_empty() => {}
            Some(text) => read_line(sheet, &text, &line.span, defaults),
            None => {
                let message = format!(
                    "a line with its continuations has {} bytes, more than `fact_text_bytes` = \
                     {max_bytes}; it was not read",
                    line.span.len()
                );
                let help = "put each requirement on a line of its own";
                sheet.problem(Code::LimitReached, &line.span, message, help);
            }
        }
    }
}

fn defaults(path: &SourcePath) -> Defaults {
    let name = path.file_name();
    let stem = name.strip_suffix(".txt").unwrap_or(name);
    let mut words = stem.split(|c: char| !c.is_ascii_alphanumeric());
    let is_development =
        words.any(|word| DEVELOPMENT_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)));
    Defaults {
        state: if stem.starts_with("constraints") { State::Constraint } else { State::Required },
        scope: if is_development { Scope::Development } else { Scope::Runtime },
    }
}

fn read_line(sheet: &mut Sheet<'_>, line: &str, span: &Range<usize>, defaults: Defaults) {
    let (requirement, options) = split_options(line);
    if !requirement.is_empty() {
        let stated: Vec<&str> = values_of(&options, "--hash").collect();
        read_requirement(sheet, requirement, &stated, span, defaults);
        return;
    }
    let mut options = options.iter().map(String::as_str);
    while let Some(word) = options.next() {
        let role = IncludeRole::ALL.into_iter().find_map(|role| {
            value(word, &mut options, role.option(), role.long_option()).map(|value| (role, value))
        });
        if let Some((role, target)) = role.filter(|(_, target)| !target.is_empty()) {
            sheet.include(Include::value(role, target), span);
        } else if let Some(target) = value(word, &mut options, "-e", "--editable") {
            read_requirement(sheet, target, &[], span, defaults);
        } else if let Some(follows) = global_option(word) {
            if follows == Value::Follows {
                options.next();
            }
        } else {
            let message = format!("pip has no option `{}`, or it lacks its value", shown(word));
            let help =
                "correct the line, which was skipped; `pip install --help` lists the options";
            sheet.problem(Code::ManifestEntryInvalid, span, message, help);
            return;
        }
    }
}

/// The value of an option in the forms `-r x`, `-rx`, `--requirement x` and `--requirement=x`.
fn value<'w>(
    word: &'w str,
    rest: &mut impl Iterator<Item = &'w str>,
    short: &str,
    long: &str,
) -> Option<&'w str> {
    if word == short || word == long {
        return Some(rest.next().unwrap_or_default());
    }
    if let Some(value) = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')) {
        return Some(value);
    }
    // `--constraint` begins with `-c` only after its second hyphen, so it is not taken for it.
    word.strip_prefix(short)
}

fn global_option(word: &str) -> Option<Value> {
    let (name, has_value) = match word.split_once('=') {
        Some((name, _value)) => (name, true),
        None => (word, false),
    };
    let (_, value) = GLOBAL_OPTIONS.iter().find(|(known, _)| *known == name)?;
    Some(if has_value { Value::None } else { *value })
}

fn values_of<'o>(options: &'o [String], name: &str) -> impl Iterator<Item = &'o str> {
    options.iter().enumerate().filter_map(move |(index, word)| {
        let rest = word.strip_prefix(name)?;
        match rest.strip_prefix('=') {
            Some(value) => Some(value),
            None if rest.is_empty() => options.get(index + 1).map(String::as_str),
            None => None,
        }
    })
}

fn read_requirement(
    sheet: &mut Sheet<'_>,
    text: &str,
    stated_hashes: &[&str],
    span: &Range<usize>,
    defaults: Defaults,
) {
    let help = "correct the line as pip wants it; the rest of the file was read";
    let (mut entry, doubt) = match entry(text, defaults) {
        Ok(read) => read,
        Err(reason) => {
            let message = format!("the line is no requirement: {reason}");
            sheet.problem(Code::ManifestEntryInvalid, span, message, help);
            return;
        }
    };
    let (found, unknown) = hashes::read_all(stated_hashes.iter().copied(), hashes::from_prefixed);
    entry.hashes.extend(found);
    if let Some(doubt) = doubt {
        let message = format!("the requirement was kept as written: {doubt}");
        sheet.problem(Code::ManifestEntryInvalid, span, message, help);
    }
    if let Some(unknown) = unknown {
        let message = format!("`--hash={}` is no digest; it was left out", shown(unknown));
        sheet.problem(Code::ManifestEntryInvalid, span, message, help);
    }
    sheet.package(entry, span);
}

/// The entry of a requirement, and what is wrong with its range or marker.
fn entry(text: &str, defaults: Defaults) -> Result<(PackageEntry, Option<String>), String> {
    let Defaults { state, scope } = defaults;
    if !is_location(text) {
        let read = pep508::parse(text)?;
        let mut entry = PackageEntry::new(Ecosystem::Pypi, &read.name, state, scope);
        let doubt = read.doubt.clone();
        read.fill(&mut entry);
        return Ok((entry, doubt));
    }
    // Behind an address or path a marker needs a space before its semicolon.
    let (location, markers) = match text.split_once(" ;") {
        Some((location, markers)) => (location.trim(), Some(markers.trim())),
        None => (text, None),
    };
    let (address, fragment) = location.split_once('#').unwrap_or((location, ""));
    let (address, extras) = split_extras(address)?;
    let named = fragment_name(fragment).or_else(|| pep508::archive_name(address));
    let mut entry = match named {
        Some(named) => {
            let mut entry = PackageEntry::new(Ecosystem::Pypi, &named.name, state, scope);
            entry.version = named.version;
            entry
        }
        None => PackageEntry::unnamed(Ecosystem::Pypi, state, scope),
    };
    entry.extras = extras;
    entry.hashes = pep508::fragment_hashes(fragment).collect();
    entry.markers = markers.map(str::to_owned);
    entry.source = Some(PackageSource::at(pep508::source_kind(address), location));
    Ok((entry, None))
}

/// Whether a requirement is an address or a path instead of a name.
fn is_location(text: &str) -> bool {
    let name_end = text.find(|c| !pep508::is_name_character(c)).unwrap_or(text.len());
    let after_name = text[name_end..].trim_start();
    if name_end > 0 && after_name.starts_with(['@', '[']) && !text.starts_with('.') {
        return false;
    }
    let first_word = text.split(char::is_whitespace).next().unwrap_or_default();
    let has_scheme = first_word.split_once("://").is_some_and(|(scheme, _)| {
        scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    }) || first_word.starts_with("file:");
    let is_plain_path = first_word.contains(['/', '\\']) && !first_word.contains(['=', '<', '>']);
    has_scheme
        || text.starts_with(['.', '/'])
        || is_plain_path
        || (after_name.is_empty() && pep508::is_archive(first_word))
}

/// `./folder[extra1,extra2]`
fn split_extras(address: &str) -> Result<(&str, Vec<String>), String> {
    match address.strip_suffix(']').and_then(|inside| inside.rsplit_once('[')) {
        Some((address, extras)) => Ok((address, pep508::split_extras(extras)?)),
        None => Ok((address, Vec::new())),
    }
}

/// The name in `#egg=name[extra]==1.0&subdirectory=x`.
fn fragment_name(fragment: &str) -> Option<pep508::ArchiveName> {
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg="))?;
    let end = egg.find(['[', '=']).unwrap_or(egg.len());
    let name = &egg[..end];
    let version = egg.split_once("==").map(|(_, version)| version.to_owned());
    pep508::is_name(name).then(|| pep508::ArchiveName { name: name.to_owned(), version })
}
