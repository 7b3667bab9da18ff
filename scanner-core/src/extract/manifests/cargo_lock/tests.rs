use super::CargoLock;
use crate::extract::manifests::testing;

const CHECKSUM: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn check(text: &str, expected: &str) {
    let text = text.replace("SUM", CHECKSUM);
    testing::check(&CargoLock, "Cargo.lock", &text, &expected.replace("SUM", CHECKSUM));
}

#[test]
fn wants_the_name_only() {
    assert!(testing::wants(&CargoLock, "a/Cargo.lock", ""));
    assert!(!testing::wants(&CargoLock, "a/cargo.lock.orig", ""));
}

#[test]
fn reads_versions_three_and_four() {
    check(
        r#"version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "b",
 "c 2.0.0",
 "c 1.0.0 (registry+https://h.example/index)",
]

[[package]]
name = "b"
version = "1.0.0-rc.1+x"
source = "git+https://h.example/b?rev=1#abc"

[[package]]
name = "c"
version = "2.0.0"
source = "sparse+https://h.example/index/"
checksum = "SUM"
"#,
        "kind: Cargo.lock
         package 3-10: depends-on=[b@1.0.0-rc.1+x, c@1.0.0, c@2.0.0] ecosystem=cargo name=app \
         scope=runtime source=path state=locked version=0.1.0
         package 12-15: ecosystem=cargo name=b scope=runtime source=git state=locked \
         url=https://h.example/b?rev=1#abc version=1.0.0-rc.1+x
         package 17-21: ecosystem=cargo hashes=[sha256:SUM] name=c scope=runtime source=registry \
         state=locked url=https://h.example/index/ version=2.0.0
         project 3-10: ecosystem=cargo name=app version=0.1.0",
    );
}

#[test]
fn reads_version_one_with_its_root_and_common_checksums() {
    check(
        r#"[root]
name = "app"
version = "0.1.0"

[[package]]
name = "b"
version = "1.0.0"
source = "registry+https://h.example/index"

[metadata]
"checksum b 1.0.0 (registry+https://h.example/index)" = "SUM"
"checksum c 1.0.0 (registry+https://h.example/index)" = "<none>"
"#,
        "kind: Cargo.lock
         package 1-3: ecosystem=cargo name=app scope=runtime source=path state=locked version=0.1.0
         package 5-8: ecosystem=cargo hashes=[sha256:SUM] name=b scope=runtime source=registry \
         state=locked url=https://h.example/index version=1.0.0
         project 1-3: ecosystem=cargo name=app version=0.1.0",
    );
}

#[test]
fn two_packages_without_source_leave_the_project_open() {
    let told = testing::told(
        &CargoLock,
        "Cargo.lock",
        "[[package]]\nname='a'\nversion='1'\n[[package]]\nname='b'\nversion='1'\n",
    );
    assert_eq!(told.matches("package ").count(), 2, "{told}");
    assert!(!told.contains("project"), "{told}");
}

#[test]
fn what_cannot_be_read_hides_nothing_else() {
    check(
        r#"[[package]]
version = "1"
[[package]]
name = "a"
source = "ftp://h.example"
checksum = "short"
[[package]]
name = "b"
version = 1.2.3
[[package]]
name = "c"
version = "1"
source = "registry+https://h.example"
"#,
        "kind: Cargo.lock
         package 3-6: ecosystem=cargo name=a scope=runtime state=locked
         package 7-9: ecosystem=cargo name=b scope=runtime source=path state=locked
         package 10-13: ecosystem=cargo name=c scope=runtime source=registry state=locked \
         url=https://h.example version=1
         project 7-9: ecosystem=cargo name=b
         ! manifest.invalid 9: the file is not valid TOML: invalid float, expected nothing
         ! manifest.entry-invalid 1: a package has no `name`; it was not listed
         ! manifest.entry-invalid 3: the package `a` has no version
         ! manifest.entry-invalid 3: the source of `a` is none that Cargo writes: \
         `ftp://h.example`
         ! manifest.entry-invalid 3: the checksum of `a` is not a SHA-256: `short`
         ! manifest.entry-invalid 7: the package `b` has no version",
    );
}

#[test]
fn a_cycle_is_kept_as_it_is() {
    check(
        "[[package]]\nname='a'\nversion='1'\ndependencies=['b']\nsource='registry+x'\n\
         [[package]]\nname='b'\nversion='1'\ndependencies=['a']\nsource='registry+x'\n",
        "kind: Cargo.lock
         package 1-5: depends-on=[b@1] ecosystem=cargo name=a scope=runtime source=registry \
         state=locked url=x version=1
         package 6-10: depends-on=[a@1] ecosystem=cargo name=b scope=runtime source=registry \
         state=locked url=x version=1",
    );
}

#[test]
fn depth_equal_keys_and_counts_are_bounded() {
    let told = |text: &str| testing::told(&CargoLock, "Cargo.lock", text);
    let deep = told(&format!("a = {}", "[".repeat(100_000)));
    assert!(deep.contains("! manifest.invalid 1: the file is not valid TOML: cannot recurse"));
    let twice = told("[[package]]\nname = 'a'\nname = 'b'\n");
    assert!(twice.contains("! manifest.duplicate-key 3: the key `name` is given twice"), "{twice}");
    let many = told(&format!("a = [{}]", "{},".repeat(500_001)));
    assert!(many.contains("! limit.reached 1: the file has 500002 tables"), "{many}");
}

/// The crate that cargo's own tools use reads the same packages, dependencies and checksums.
#[test]
fn agrees_with_the_cargo_lock_crate() {
    use std::str::FromStr as _;

    let text = include_str!("../../../../../Cargo.lock");
    let lockfile = cargo_lock::Lockfile::from_str(text).unwrap();
    let expected: Vec<String> = lockfile
        .packages
        .iter()
        .map(|package| {
            let mut needs: Vec<String> = package
                .dependencies
                .iter()
                .map(|dependency| format!("{}@{}", dependency.name, dependency.version))
                .collect();
            needs.sort();
            let checksum = package.checksum.as_ref().map(|sum| format!("sha256:{sum}"));
            format!("{}@{} {needs:?} {checksum:?}", package.name, package.version)
        })
        .collect();
    let limits = crate::model::Limits::default();
    let read = testing::extract(&CargoLock, "Cargo.lock", text.as_bytes(), 4096, &limits);
    let found: Vec<String> = read
        .facts
        .iter()
        .filter(|fact| fact.name == crate::extract::names::MANIFEST_PACKAGE)
        .map(|fact| crate::extract::manifests::entry::PackageEntry::from_fact(&fact.value).unwrap())
        .map(|entry| {
            let (name, version) = (entry.name.unwrap(), entry.version.unwrap());
            format!("{name}@{version} {:?} {:?}", entry.depends_on, entry.hashes.first())
        })
        .collect();
    assert!(expected.len() > 100);
    assert_eq!(found, expected);
}
