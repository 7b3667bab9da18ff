use super::PoetryLock;
use crate::extract::manifests::testing;

const HEX: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn check(text: &str, expected: &str) {
    let text = text.replace("HEX", HEX);
    testing::check(&PoetryLock, "poetry.lock", &text, &expected.replace("HEX", HEX));
}

#[test]
fn reads_version_two_with_groups() {
    check(
        r#"[[package]]
name = "Django"
version = "5.2"
optional = false
groups = ["dev", "main"]
markers = "python_version < \"3.9\""
files = [
    {file = "a.whl", hash = "sha256:HEX"},
    {file = "b.whl", hash = "sha256:short"},
]

[package.dependencies]
A_B = {version = ">=1", markers = "x == 'y'"}
unknown = "*"

[[package]]
name = "a-b"
version = "1.0"
optional = true
groups = ["main"]
markers = {main = "x == '1'", dev = "x == '2'"}

[[package]]
name = "pytest"
version = "8"
optional = true
groups = ["dev"]

[metadata]
lock-version = "2.1"
"#,
        "kind: poetry.lock
         package 1-14: depends-on=[a-b@1.0, unknown] ecosystem=pypi hashes=[sha256:HEX] \
         markers=python_version < \"3.9\" name=django scope=runtime source=registry \
         state=locked stated-name=Django version=5.2
         package 16-21: ecosystem=pypi markers=(x == '1') or (x == '2') name=a-b scope=optional \
         source=registry state=locked version=1.0
         package 23-27: ecosystem=pypi name=pytest scope=development source=registry state=locked \
         version=8
         ! manifest.entry-invalid 1: a digest of `Django` is none: `sha256:short`",
    );
}

#[test]
fn reads_version_one_with_categories_and_common_digests() {
    check(
        r#"[[package]]
category = "dev"
name = "PyYAML"
version = "5.1"
marker = "os_name == 'nt'"

[[package]]
category = "main"
name = "old"
version = "1"

[metadata.files]
pyyaml = [{file = "a.tar.gz", hash = "sha256:HEX"}]

[metadata.hashes]
old = ["HEX"]
"#,
        "kind: poetry.lock
         package 1-5: ecosystem=pypi hashes=[sha256:HEX] markers=os_name == 'nt' name=pyyaml \
         scope=development source=registry state=locked stated-name=PyYAML version=5.1
         package 7-10: ecosystem=pypi hashes=[sha256:HEX] name=old scope=runtime source=registry \
         state=locked version=1",
    );
}

#[test]
fn reads_sources() {
    check(
        r#"[[package]]
name = "g"
version = "1"
[package.source]
type = "git"
url = "https://h.example/g.git"
reference = "main"
resolved_reference = "abc"
[[package]]
name = "d"
version = "1"
[package.source]
type = "directory"
url = "../d"
[[package]]
name = "l"
version = "1"
[package.source]
type = "legacy"
url = "https://h.example/simple"
"#,
        "kind: poetry.lock
         package 1-8: ecosystem=pypi name=g scope=runtime source=git state=locked \
         url=https://h.example/g.git#abc version=1
         package 9-14: ecosystem=pypi name=d scope=runtime source=path state=locked url=../d \
         version=1
         package 15-20: ecosystem=pypi name=l scope=runtime source=registry state=locked \
         url=https://h.example/simple version=1",
    );
}

#[test]
fn a_name_with_two_versions_is_not_resolved() {
    check(
        r#"package = [
  {name = "a", version = "1"},
  {name = "a", version = "2"},
  {name = "b", dependencies = {a = "*"}},
  {version = "1"},
  3,
]
"#,
        "kind: poetry.lock
         package 2: ecosystem=pypi name=a scope=runtime source=registry state=locked version=1
         package 3: ecosystem=pypi name=a scope=runtime source=registry state=locked version=2
         package 4: depends-on=[a] ecosystem=pypi name=b scope=runtime source=registry state=locked
         ! manifest.entry-invalid 4: the package `b` has no version
         ! manifest.entry-invalid 5: a package has no `name`; it was not listed",
    );
}
