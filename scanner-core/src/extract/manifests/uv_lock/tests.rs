use super::UvLock;
use crate::extract::manifests::testing;

fn check(text: &str, expected: &str) {
    testing::check(&UvLock, "uv.lock", text, expected);
}

#[test]
fn tells_apart_what_the_project_needs_and_why() {
    check(
        r#"version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "run" }, { name = "both", extra = ["x"] }]
[package.optional-dependencies]
fast = [{ name = "opt" }]
[package.dev-dependencies]
dev = [{ name = "test" }, { name = "shared" }]

[[package]]
name = "both"
version = "1"
source = { registry = "https://h.example/simple" }
[package.optional-dependencies]
x = [{ name = "shared" }]
y = [{ name = "idle" }]

[[package]]
name = "idle"
version = "1"
[[package]]
name = "opt"
version = "1"
[[package]]
name = "run"
version = "1"
[[package]]
name = "shared"
version = "1"
[[package]]
name = "test"
version = "1"
dependencies = [{ name = "deep" }]
[[package]]
name = "deep"
version = "1"
dependencies = [{ name = "test" }]
"#,
        "kind: uv.lock
         project 2-10: ecosystem=pypi name=app version=0.1.0
         package 2-10: depends-on=[both@1, run@1] ecosystem=pypi name=app scope=runtime \
         source=workspace state=locked url=. version=0.1.0
         package 12-18: direct=yes ecosystem=pypi name=both scope=runtime source=registry \
         state=locked url=https://h.example/simple version=1
         package 20-22: direct=no ecosystem=pypi name=idle scope=runtime state=locked version=1
         package 23-25: direct=yes ecosystem=pypi name=opt scope=optional state=locked version=1
         package 26-28: direct=yes ecosystem=pypi name=run scope=runtime state=locked version=1
         package 29-31: direct=yes ecosystem=pypi name=shared scope=runtime state=locked version=1
         package 32-35: depends-on=[deep@1] direct=yes ecosystem=pypi name=test scope=development \
         state=locked version=1
         package 36-39: depends-on=[test@1] direct=no ecosystem=pypi name=deep scope=development \
         state=locked version=1",
    );
}

#[test]
fn follows_forks_by_version() {
    check(
        r#"[[package]]
name = "app"
source = { editable = "." }
dependencies = [{ name = "t", version = "2" }]
[package.dev-dependencies]
dev = [{ name = "t", version = "1" }]
[[package]]
name = "t"
version = "1"
resolution-markers = ["b == '1'", "a == '1'"]
source = { git = "https://h.example/t?rev=1#abc" }
[[package]]
name = "t"
version = "2"
resolution-markers = ["a == '2'"]
source = { url = "https://h.example/t.whl" }
"#,
        "kind: uv.lock
         project 1-6: ecosystem=pypi name=app
         package 1-6: depends-on=[t@2] ecosystem=pypi name=app scope=runtime source=workspace \
         state=locked url=.
         package 7-11: direct=yes ecosystem=pypi markers=(a == '1') or (b == '1') name=t \
         scope=development source=git state=locked url=https://h.example/t?rev=1#abc version=1
         package 12-16: direct=yes ecosystem=pypi markers=a == '2' name=t scope=runtime source=url \
         state=locked url=https://h.example/t.whl version=2",
    );
}

#[test]
fn members_of_a_workspace_are_the_project() {
    check(
        r#"[manifest]
members = ["top", "My.Lib"]
[[package]]
name = "my-lib"
version = "1"
source = { editable = "packages/my_lib" }
[[package]]
name = "other"
version = "1"
source = { directory = "vendor/other" }
[[package]]
name = "top"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "my-lib" }]
"#,
        "kind: uv.lock
         package 3-6: ecosystem=pypi name=my-lib scope=runtime source=workspace state=locked \
         url=packages/my_lib version=1
         package 7-10: direct=no ecosystem=pypi name=other scope=runtime source=path state=locked \
         url=vendor/other version=1
         project 11-15: ecosystem=pypi name=top version=1
         package 11-15: depends-on=[my-lib@1] ecosystem=pypi name=top scope=runtime \
         source=workspace state=locked url=. version=1",
    );
}

#[test]
fn without_a_root_nothing_counts_as_development() {
    check(
        "[[package]]\nname = 'a'\nversion = '1'\n[package.dev-dependencies]\nd = [{name = 'b'}]\n\
         [[package]]\nname = 'b'\nversion = '1'\nwheels = [{hash = 'sha256:x'}]\n[[package]]\n",
        "kind: uv.lock
         package 1-5: ecosystem=pypi name=a scope=runtime state=locked version=1
         package 6-9: ecosystem=pypi name=b scope=runtime state=locked version=1
         ! manifest.entry-invalid 6: a digest of `b` is none: `sha256:x`
         ! manifest.entry-invalid 10: a package has no `name`; it was not listed",
    );
}

#[test]
fn many_packages_of_one_name_take_no_quadratic_time() {
    // Each of 20,000 packages asks for all of them by name: 400 million steps if all were taken.
    let package = "[[package]]\nname='a'\nversion='1'\ndependencies=[{name='a'}]\n";
    let text = format!("[manifest]\nmembers=['a']\n{}", package.repeat(20_000));
    let start = std::time::Instant::now();
    let told = testing::told(&UvLock, "uv.lock", &text);
    assert_eq!(told.lines().count(), 20_001);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
