use super::OsRelease;
use crate::extract::manifests::testing;

#[test]
fn reads_assignments() {
    testing::check(
        &OsRelease,
        "usr/lib/os-release",
        "# a comment\nID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"A \\\"B\\\" \\$C\"\nNAME='it \\ is'\nno line\n1x=2\nID=last\n",
        "kind: os-release
         os.release: id=last name=it \\ is pretty-name=A \"B\" $C version-id=12",
    );
    testing::check(&OsRelease, "etc/os-release", "", "kind: os-release");
}

#[test]
fn wants_its_places() {
    let wants = |path: &str| testing::wants(&OsRelease, path, "");
    assert!(wants("etc/os-release") && wants("r/usr/lib/os-release"));
    assert!(!wants("os-release") && !wants("doc/os-release") && !wants("xetc/os-release"));
}
