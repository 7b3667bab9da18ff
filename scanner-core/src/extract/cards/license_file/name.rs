//! What the name of a file says about the licence in it.
//!
//! A name is cut into words at `-`, `_`, `.`, blanks and brackets, and compared without case.

use crate::model::{SourcePath, TextRole};

/// What kind of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    License,
    Notice,
    UsePolicy,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::Notice => "notice",
            Self::UsePolicy => "use-policy",
        }
    }

    pub(super) const fn role(self) -> TextRole {
        match self {
            Self::License => TextRole::License,
            Self::Notice => TextRole::Notice,
            Self::UsePolicy => TextRole::UsePolicy,
        }
    }
}

/// What the text covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    Any,
    Code,
    Data,
    Model,
}

impl Scope {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Code => "code",
            Self::Data => "data",
            Self::Model => "model",
        }
    }
}

/// What a name says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Name {
    pub(super) kind: Kind,
    pub(super) scope: Scope,
}

/// Words that make a name that of a licence, sorted.
const LICENSE_WORDS: &[&str] =
    &["copying", "copying3", "licence", "licences", "license", "licenses", "unlicense"];

/// Words that may follow a licence word written in lower case, sorted.
const QUALIFIERS: &[&str] = &[
    "agpl",
    "agreement",
    "ai",
    "apache",
    "apache2",
    "artistic",
    "boost",
    "bsd",
    "bsl",
    "cc",
    "cc0",
    "code",
    "community",
    "data",
    "dataset",
    "datasets",
    "eula",
    "gpl",
    "lesser",
    "lgpl",
    "mit",
    "model",
    "models",
    "mpl",
    "ofl",
    "openrail",
    "rail",
    "research",
    "responsible",
    "software",
    "source",
    "terms",
    "unlicense",
    "use",
    "weights",
    "zlib",
];

/// Names of notices, word by word, sorted.
const NOTICES: &[&[&str]] = &[
    &["3rdpartylicenses"],
    &["3rdpartynotices"],
    &["attribution"],
    &["attributions"],
    &["copyright"],
    &["copyrights"],
    &["notice"],
    &["notices"],
    &["third", "party"],
    &["thirdparty"],
    &["thirdpartylicensereadme"],
    &["thirdpartylicenses"],
    &["thirdpartynotice"],
    &["thirdpartynotices"],
];

/// Names of use policies, word by word, sorted.
const POLICIES: &[&[&str]] = &[
    &["acceptable", "use"],
    &["acceptable", "usage"],
    &["aup"],
    &["prohibited", "use"],
    &["prohibited", "uses"],
    &["usage", "policy"],
    &["use", "policy"],
    &["use", "restrictions"],
];

/// Extensions of files that hold something else than a text to read, sorted.
const NOT_TEXT: &[&str] = &[
    "apk",
    "bat",
    "bin",
    "c",
    "cc",
    "class",
    "cpp",
    "cs",
    "css",
    "csv",
    "d",
    "dart",
    "dll",
    "dylib",
    "exe",
    "gif",
    "go",
    "gz",
    "h",
    "hpp",
    "icns",
    "ico",
    "ini",
    "ipynb",
    "jar",
    "java",
    "jpeg",
    "jpg",
    "js",
    "json",
    "jsx",
    "key",
    "kt",
    "less",
    "lock",
    "lua",
    "map",
    "mjs",
    "mo",
    "o",
    "parquet",
    "php",
    "pl",
    "png",
    "po",
    "properties",
    "ps1",
    "py",
    "pyc",
    "pyi",
    "pyo",
    "r",
    "rb",
    "rs",
    "safetensors",
    "scala",
    "scss",
    "sh",
    "so",
    "spdx",
    "sql",
    "svg",
    "swift",
    "tar",
    "toml",
    "ts",
    "tsv",
    "tsx",
    "vue",
    "wasm",
    "webp",
    "whl",
    "xml",
    "xsd",
    "yaml",
    "yml",
    "zip",
];

/// Extensions that say only how a text is written, sorted.
const TEXT: &[&str] =
    &["adoc", "docx", "htm", "html", "markdown", "md", "org", "pdf", "rst", "rtf", "text", "txt"];

/// Folders whose every text is a licence, sorted.
const LICENSE_FOLDERS: &[&str] = &["licence", "licences", "license", "licenses", "model_licenses"];

/// Words of a name that are looked at.
const WORDS: usize = 8;

/// What the name of a file says, if it is the name of a licence, notice or use-policy file.
pub(super) fn classify(path: &SourcePath) -> Option<Name> {
    let file_name = path.file_name();
    let (stem, extension) = match file_name.rsplit_once('.') {
        Some((stem, extension)) if is_one_of(TEXT, extension) => (stem, Some(extension)),
        Some((_, extension)) if is_one_of(NOT_TEXT, extension) => return None,
        _ => (file_name, None),
    };
    // Hidden files are settings (`.licenserc`), not texts.
    if stem.is_empty() || stem.starts_with('.') {
        return None;
    }
    let mut words = [""; WORDS];
    let mut count = 0;
    for word in stem.split(is_separator).filter(|word| !word.is_empty()) {
        *words.get_mut(count)? = word;
        count += 1;
    }
    let words = words.get(..count).filter(|words| !words.is_empty())?;
    let folder = folder_name(path);
    let in_license_folder = is_one_of(LICENSE_FOLDERS, folder);
    let is_document = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    let kind = if begins_with_any(words, POLICIES) {
        Kind::UsePolicy
    } else if is_notice(words) || (in_license_folder && is_one_of(&["authors"], words[0])) {
        Kind::Notice
    } else if is_license(words)
        || (is_document && words.iter().any(|word| is_one_of(LICENSE_WORDS, word)))
        || (in_license_folder && !is_one_of(&["index", "readme"], words[0]))
        || is_chinese_license(stem)
    {
        Kind::License
    } else {
        return None;
    };
    Some(Name { kind, scope: scope(words, folder) })
}

fn folder_name(path: &SourcePath) -> &str {
    let folder = path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.rsplit_once('/').map_or(folder, |(_, name)| name)
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ' ' | '(' | ')' | '+' | ',')
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn begins_with_any(words: &[&str], phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| {
        phrase.len() <= words.len()
            && phrase.iter().zip(words).all(|(known, word)| known.eq_ignore_ascii_case(word))
    })
}

/// `THIRD_PARTY_NOTICES`, `Notice`; a `notice-board` or `copyright-form` is none.
fn is_notice(words: &[&str]) -> bool {
    let (first, rest) = (words[0], words.get(1..).unwrap_or_default());
    begins_with_any(words, NOTICES)
        && (rest.is_empty()
            || is_capital(first)
            || rest.iter().any(|word| {
                is_one_of(LICENSE_WORDS, word) || is_one_of(&["notice", "notices"], word)
            }))
}

/// `LICENSE`, `LICENSE-MODEL`, `license-mit`, `MODEL_LICENSE_AGREEMENT`, `Apache-2.0-LICENSE`.
fn is_license(words: &[&str]) -> bool {
    let last_words = match words {
        [rest @ .., last] if is_one_of(&["agreement", "terms"], last) => rest,
        _ => words,
    };
    if last_words.last().is_some_and(|word| is_one_of(LICENSE_WORDS, word)) {
        return true;
    }
    let (first, rest) = (words[0], words.get(1..).unwrap_or_default());
    is_one_of(LICENSE_WORDS, first)
        && (is_capital(first)
            || rest.iter().all(|word| is_one_of(QUALIFIERS, word) || is_version(word)))
}

/// Whether a word is written as the name of such a file and not as a word of a sentence.
fn is_capital(word: &str) -> bool {
    !word.contains(|c: char| c.is_ascii_lowercase())
}

fn is_version(word: &str) -> bool {
    word.trim_start_matches(['v', 'V']).bytes().all(|byte| byte.is_ascii_digit())
}

/// The licence agreements of Baichuan, Skywork and others have a Chinese name.
fn is_chinese_license(stem: &str) -> bool {
    ["许可", "許可"].iter().any(|word| stem.contains(word))
}

fn scope(words: &[&str], folder: &str) -> Scope {
    let has = |names: &[&str]| words.iter().any(|word| is_one_of(names, word));
    if has(&["model", "models", "weight", "weights"])
        || folder.eq_ignore_ascii_case("model_licenses")
        || words.iter().any(|word| word.contains("模型"))
    {
        Scope::Model
    } else if has(&["code", "software", "source"]) {
        Scope::Code
    } else if has(&["data", "dataset", "datasets"]) {
        Scope::Data
    } else {
        Scope::Any
    }
}
