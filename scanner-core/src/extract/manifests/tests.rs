//! What holds for every extractor of this folder.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::testing::{extract, show};
use super::{ALL, entry};
use crate::model::{Code, Limits};

/// A file that each extractor wants, by the extractor's id.
const FILES: &[(&str, &str, &str)] = &[
    ("apk", "lib/apk/db/installed", "P:a\nV:1.0-r0\nA:x86_64\nL:MIT\n"),
    ("cargo_lock", "Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n"),
    ("dist_info", "a-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: a\nVersion: 1\n"),
    (
        "dpkg",
        "var/lib/dpkg/status",
        "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1.0\n",
    ),
    ("os_release", "etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
    (
        "package_lock",
        "package-lock.json",
        "{\"lockfileVersion\": 3, \"packages\": {\"node_modules/a\": {\"version\": \"1.0.0\"}}}",
    ),
    ("poetry_lock", "poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1.0\"\n"),
    ("pyproject", "pyproject.toml", "[project]\nname = \"b\"\ndependencies = [\"a==1.0\"]\n"),
    ("requirements", "requirements.txt", "a==1.0 \\\n  --hash=sha256:00\n-r b.txt\n"),
    ("uv_lock", "uv.lock", "[[package]]\nname = \"a\"\nversion = \"1.0\"\n"),
];

#[test]
fn the_list_is_sorted_and_matches_the_folders() {
    let ids: Vec<&str> = ALL.iter().map(|extractor| extractor.id()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/extract/manifests");
    let folders: BTreeSet<String> = std::fs::read_dir(here)
        .unwrap()
        .map(|item| item.unwrap())
        .filter(|item| item.file_type().unwrap().is_dir())
        .map(|item| item.file_name().into_string().unwrap())
        .collect();
    assert_eq!(ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>(), folders);
    assert_eq!(ids, FILES.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
}

#[test]
fn each_states_its_kind_first_and_only_declared_facts() {
    for (extractor, (_, path, text)) in ALL.iter().zip(FILES) {
        let extraction = extract(*extractor, path, text.as_bytes(), 7, &Limits::default());
        let names: Vec<&str> = extraction.facts.iter().map(|fact| fact.name.as_str()).collect();
        assert_eq!(names[0], "manifest.kind", "{path}");
        let states = if *path == "etc/os-release" { "os.release" } else { "manifest.package" };
        assert!(names.contains(&states), "{path}: {names:?}");
        for fact in &extraction.facts {
            assert!(extractor.facts().contains(&fact.name), "{path}: {}", fact.name.as_str());
        }
    }
}

#[test]
fn an_entry_survives_its_fact() {
    for (extractor, (_, path, text)) in ALL.iter().zip(FILES) {
        let extraction = extract(*extractor, path, text.as_bytes(), 7, &Limits::default());
        for fact in extraction.facts.iter().filter(|f| f.name.as_str() == "manifest.package") {
            let read = entry::PackageEntry::from_fact(&fact.value).unwrap();
            assert_eq!(read.name.as_deref(), Some("a"), "{path}");
            assert_eq!(read.into_fact(u64::MAX), fact.value, "{path}");
        }
    }
}

#[test]
fn a_file_beyond_the_limit_is_a_named_gap() {
    for (extractor, (_, path, text)) in ALL.iter().zip(FILES) {
        let limits = Limits { manifest_bytes: text.len() as u64 - 1, ..Limits::default() };
        let extraction = extract(*extractor, path, text.as_bytes(), 7, &limits);
        let codes: Vec<Code> = extraction.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!((extraction.facts.len(), codes), (0, vec![Code::FileTooLarge]), "{path}");
    }
}

#[test]
fn a_pointer_of_git_lfs_is_no_manifest() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    for (extractor, (_, path, _)) in ALL.iter().zip(FILES) {
        let extraction = extract(*extractor, path, pointer, 7, &Limits::default());
        assert_eq!(show(&extraction), "", "{path}");
    }
}

#[test]
fn more_packages_than_the_limit_are_reported() {
    let limits = Limits { packages: 2, ..Limits::default() };
    let text = "a==1\nb==1\nc==1\nd==1\n";
    let extraction =
        extract(&super::requirements::Requirements, "r.txt", text.as_bytes(), 7, &limits);
    assert_eq!(
        show(&extraction).lines().skip(2).collect::<Vec<_>>(),
        [
            "package 2: ecosystem=pypi name=b scope=runtime specifier===1 state=required version=1",
            "! limit.reached 3: the manifest has more than `packages` = 2 entries; the rest was \
             not read",
        ]
    );
}

#[test]
fn the_number_of_diagnostics_is_bounded() {
    let last = |lines: usize| {
        let text = "==\n".repeat(lines);
        let requirements = &super::requirements::Requirements;
        let extraction = extract(requirements, "r.txt", text.as_bytes(), 4096, &Limits::default());
        assert_eq!(extraction.diagnostics.len(), 101);
        show(&extraction).lines().last().unwrap().to_owned()
    };
    assert_eq!(last(200), "! manifest.entry-invalid: 100 more problems than the 100 listed");
    assert_eq!(
        last(600_000),
        "! limit.reached: 500001 more problems than the 100 listed; that is more than `packages`, \
         and the rest was not read"
    );
}

#[test]
fn text_in_other_encodings_is_read() {
    let check = |bytes: &[u8], expected: &[&str]| {
        let limits = Limits::default();
        let told = extract(&super::requirements::Requirements, "r.txt", bytes, 1, &limits);
        let told = show(&told);
        assert_eq!(told.lines().skip(1).collect::<Vec<_>>(), expected, "{bytes:?}");
    };
    let package = "package 1: ecosystem=pypi name=a scope=runtime specifier===1 state=required \
                   version=1";
    let utf16: Vec<u8> = "\u{FEFF}a==1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let noted = |order: &str| {
        format!(
            "! encoding.not-utf8: the file is UTF-16 with {order}-endian byte order mark, not UTF-8"
        )
    };
    check(&utf16, &[package, &noted("little")]);
    let utf16: Vec<u8> = "\u{FEFF}a==1\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&utf16, &[package, &noted("big")]);
    check(b"\xEF\xBB\xBFa==1", &[package]);
    let lossy = "! encoding.not-utf8 1: the file is not UTF-8: byte `0xe9` on line 1 starts no \
                 character";
    check(b"a==1 #\xE9\n", &[package, lossy]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Bytes that are nearly right reach further into a parser than random ones: each case changes
    /// a valid file at a few places.
    #[test]
    fn no_bytes_make_a_parser_panic_and_no_chunking_changes_its_words(
        file in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        signs in "[\\[\\]{}\"'=:,;#@ \\\\\n.a0-]{0,40}",
        chunk in 1_usize..64,
    ) {
        let (_, path, text) = FILES[file];
        let mut bytes = [text.as_bytes(), signs.as_bytes()].concat();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let limits = Limits::default();
        let whole = extract(ALL[file], path, &bytes, usize::MAX, &limits);
        let pieces = extract(ALL[file], path, &bytes, chunk, &limits);
        prop_assert_eq!(show(&whole), show(&pieces));
        prop_assert_eq!(whole.facts, pieces.facts);
    }

    #[test]
    fn requirements_of_any_text_do_not_panic(text in "\\PC{0,200}") {
        let limits = Limits::default();
        extract(&super::requirements::Requirements, "r.txt", text.as_bytes(), usize::MAX, &limits);
    }
}
