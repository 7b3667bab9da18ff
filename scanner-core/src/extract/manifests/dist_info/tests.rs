use super::DistInfo;
use crate::extract::manifests::testing;

fn check(text: &str, expected: &str) {
    testing::check(&DistInfo, "s/a-1.dist-info/METADATA", text, expected);
}

#[test]
fn wants_metadata_in_its_folder() {
    let wants = |path: &str, head: &str| testing::wants(&DistInfo, path, head);
    assert!(wants("s/a-1.dist-info/METADATA", "Metadata-Version: 2.1\n"));
    assert!(wants("s/A-1.DIST-INFO/METADATA", "metadata-version: 2.1\n"));
    assert!(wants("dist-info/METADATA", "Name: a\nMetadata-Version: 2.1\n"));
    assert!(!wants("s/a-1.dist-info/METADATA", "something else"));
    assert!(!wants("s/a-1.egg-info/METADATA", "Metadata-Version: 2.1\n"));
    assert!(!wants("s/adist-info/METADATA", "Metadata-Version: 2.1\n"));
    assert!(!wants("METADATA", "Metadata-Version: 2.1\n"));
}

#[test]
fn reads_what_pep_639_and_older_versions_say() {
    check(
        "Metadata-Version: 2.4
Name: My_Package
Version: 1.0
License-Expression: MIT OR Apache-2.0
License: BSD
License-File: LICENSE
License-File: licenses/b.txt
Classifier: License :: OSI Approved :: MIT License
Classifier: Programming Language :: Python
Requires-Dist: Idna>=2; python_version > '3'
Requires-Dist: pytest ; extra == 'test'
Requires-Dist: brotli[x] (>=1)

Name: not a header
",
        "kind: dist-info
         package 1-12: depends-on=[brotli, idna] ecosystem=pypi license=[BSD] \
         license-classifiers=[OSI Approved :: MIT License] license-expression=MIT OR Apache-2.0 \
         license-files=[LICENSE, licenses/b.txt] name=my-package scope=runtime \
         state=installed stated-name=My_Package version=1.0",
    );
}

#[test]
fn joins_continued_lines_and_drops_placeholders() {
    check(
        "Metadata-Version: 2.1\r\nName: a\r\nVersion: 1\r\nLicense: Line one\r\n        Line two\r\n       |Line three\r\nHome-page: UNKNOWN\r\n",
        "kind: dist-info
         package 1-7: ecosystem=pypi license=[Line one
         Line two
         Line three] name=a scope=runtime state=installed version=1",
    );
    check(
        "Metadata-Version: 2.1\nName: a\nVersion: 1\nLicense: UNKNOWN\n",
        "kind: dist-info
         package 1-4: ecosystem=pypi name=a scope=runtime state=installed version=1",
    );
}

#[test]
fn a_licence_file_outside_of_the_folder_is_left_out() {
    check(
        "Metadata-Version: 2.1\nName: x\nVersion: 1\nLicense-File: ../../etc/passwd\n\
         License-File: /etc/shadow\n",
        "kind: dist-info
         package 1-5: ecosystem=pypi name=x scope=runtime state=installed version=1
         ! manifest.entry-invalid 4: the licence file `../../etc/passwd` lies outside of the \
         package's folder; it was left out
         ! manifest.entry-invalid 5: the licence file `/etc/shadow` lies outside of the package's \
         folder; it was left out",
    );
}

#[test]
fn a_header_without_name_or_version_is_still_a_package() {
    check(
        "Metadata-Version: 2.1\nName: a/../b\n",
        "kind: dist-info
         package 1-2: ecosystem=pypi scope=runtime state=installed
         ! manifest.entry-invalid 1-2: the metadata names no package: `a/../b`
         ! manifest.entry-invalid 1-2: the metadata has no `Version`",
    );
    check(
        "",
        "kind: dist-info
         package 1: ecosystem=pypi scope=runtime state=installed
         ! manifest.entry-invalid 1: the metadata has no `Name`
         ! manifest.entry-invalid 1: the metadata has no `Version`",
    );
}
