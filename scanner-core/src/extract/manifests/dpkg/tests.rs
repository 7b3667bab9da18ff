use super::Dpkg;
use crate::extract::manifests::testing;

#[track_caller]
fn check(text: &str, expected: &str) {
    testing::check(&Dpkg, "var/lib/dpkg/status", text, expected);
}

#[test]
fn wants_what_dpkg_writes() {
    let wants = |path: &str| testing::wants(&Dpkg, path, "Package: a\n");
    assert!(wants("var/lib/dpkg/status"));
    assert!(wants("rootfs/var/lib/dpkg/status"));
    assert!(wants("var/lib/dpkg/status.d/base-files"));
    assert!(!wants("var/lib/dpkg/status.d/base-files.md5sums"));
    assert!(!wants("var/lib/dpkg/status-old"));
    assert!(!wants("var/lib/dpkg/info/status"));
    assert!(!wants("notvar/lib/dpkg/status"));
    assert!(!wants("status"));
}

#[test]
fn reads_installed_packages() {
    check(
        "Package: libstdc++6
Status: install ok installed
Source: gcc-12 (12.2.0-14)
Maintainer: A Team <a@example.org>
Architecture: amd64
Multi-Arch: same
Version: 12.2.0-14+deb12u1
Depends: gcc-12-base (= 12.2.0-14), libc6 (>= 2.36) | libc6.1,
 libgcc-s1:any [amd64] (>= 4.2)
Pre-Depends: dpkg
Description: a library
 of more lines
 .
 Package: is no field here

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.134
",
        "kind: dpkg
         package 1-14: architecture=amd64 depends-on=[dpkg, gcc-12-base, libc6, libc6.1, libgcc-s1] \
         ecosystem=deb maintainer=A Team <a@example.org> name=libstdc++6 scope=runtime \
         source-package=gcc-12@12.2.0-14 state=installed version=12.2.0-14+deb12u1
         package 16-19: architecture=all ecosystem=deb name=adduser scope=runtime state=installed \
         version=3.134",
    );
}

#[test]
fn a_package_counts_while_its_files_are_there() {
    let status = |state: &str| {
        let text = format!("Package: a\nStatus: install ok {state}\nVersion: 1\n");
        testing::told(&Dpkg, "var/lib/dpkg/status", &text).lines().count() > 1
    };
    let there = [
        "installed",
        "unpacked",
        "half-configured",
        "half-installed",
        "triggers-pending",
        "triggers-awaited",
    ];
    assert!(there.into_iter().all(status));
    assert!(!["not-installed", "config-files"].into_iter().any(status));
    // Images without dpkg have no status.
    check(
        "Package: a\nVersion: 1\n",
        "kind: dpkg\npackage 1-2: ecosystem=deb name=a scope=runtime state=installed version=1",
    );
}

#[test]
fn what_is_wrong_is_said_and_the_rest_is_read() {
    check(
        "Package: ../a\nVersion: 1\n\nVersion: 2\n\n\nPackage: b\nno field\nVersion: 3\n\nPackage: c\nVersion: 4",
        "kind: dpkg
         package 7: ecosystem=deb name=b scope=runtime state=installed
         package 11-12: ecosystem=deb name=c scope=runtime state=installed version=4
         ! manifest.entry-invalid 1-2: `../a` is no name of a package
         ! manifest.entry-invalid 4: a paragraph has no `Package`
         ! manifest.entry-invalid 8: `no field` is no field of a package
         ! manifest.entry-invalid 7: the package `b` has no `Version`",
    );
    check("", "kind: dpkg");
    check("\n \n", "kind: dpkg");
}
