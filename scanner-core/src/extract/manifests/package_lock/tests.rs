use super::PackageLock;
use crate::extract::manifests::testing;

/// SHA-1 of the empty text.
const SRI: &str = "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
const HASH: &str = "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709";

fn check(text: &str, expected: &str) {
    let expected = expected.replace("NPM", "ecosystem=npm").replace("HASH", HASH);
    testing::check(&PackageLock, "package-lock.json", &text.replace("SRI", SRI), &expected);
}

#[test]
fn wants_the_two_names() {
    assert!(testing::wants(&PackageLock, "a/package-lock.json", ""));
    assert!(testing::wants(&PackageLock, "npm-shrinkwrap.json", ""));
    assert!(!testing::wants(&PackageLock, "package.json", ""));
}

#[test]
fn reads_version_three() {
    check(
        r#"{ "name": "app", "version": "1.0.0", "lockfileVersion": 3,
"packages": {
"": { "name": "app", "version": "1.0.0", "license": "ISC", "dependencies": { "a": "^1" },
      "devDependencies": { "d": "*" } },
"node_modules/a": { "version": "1.0.0", "resolved": "https://h.example/a/-/a-1.0.0.tgz",
  "integrity": "SRI", "license": "MIT",
  "dependencies": { "@s/b": "^2", "gone": "*" }, "peerDependencies": { "absent": "*" } },
"node_modules/a/node_modules/@s/b": { "version": "2.0.0", "inBundle": true, "license": ["MIT", {"type": "BSD"}] },
"node_modules/@s/b": { "version": "1.0.0", "optional": true, "integrity": "SRI sha512-x", "resolved": "git+ssh://git@h.example/b.git#abc" },
"node_modules/d": { "version": "3.0.0", "dev": true, "license": {"type": "GPL"}, "resolved": "https://h.example/d.tgz" },
"node_modules/e": { "version": "3.0.0", "devOptional": true, "integrity": "SRI" }
} }"#,
        "kind: package-lock.json
         project 3-4: NPM license=[ISC] name=app version=1.0.0
         package 5-7: depends-on=[@s/b@2.0.0, gone] direct=yes NPM hashes=[HASH] \
         install-path=node_modules/a license=[MIT] name=a scope=runtime source=registry \
         state=locked url=https://h.example/a/-/a-1.0.0.tgz version=1.0.0
         package 8: direct=no NPM install-path=node_modules/a/node_modules/@s/b license=[MIT, BSD] \
         name=@s/b scope=runtime source=bundled state=locked version=2.0.0
         package 9: direct=no NPM hashes=[HASH] install-path=node_modules/@s/b name=@s/b \
         scope=optional source=git state=locked url=git+ssh://git@h.example/b.git#abc version=1.0.0
         package 10: direct=yes NPM install-path=node_modules/d license=[GPL] name=d \
         scope=development source=url state=locked url=https://h.example/d.tgz version=3.0.0
         package 11: direct=no NPM hashes=[HASH] install-path=node_modules/e name=e scope=optional \
         source=registry state=locked version=3.0.0
         ! manifest.entry-invalid 9: the integrity of `@s/b` is no digest: `sha512-x`",
    );
}

#[test]
fn reads_workspaces_links_and_aliases() {
    check(
        r#"{ "lockfileVersion": 3, "packages": {
"": { "name": "top", "workspaces": ["packages/*"] },
"node_modules/w": { "resolved": "packages/w", "link": true },
"packages/w": { "version": "0.1.0", "dependencies": { "a": "*", "alias": "npm:real@1" } },
"packages/@s/x": { "version": "0.2.0" },
"../out": { "name": "out", "version": "0.3.0" },
"node_modules/lost": { "resolved": "../lost", "link": true },
"node_modules/a": { "version": "1.0.0", "dependencies": { "w": "*" } },
"packages/w/node_modules/alias": { "name": "real", "version": "1.0.0" }
} }"#,
        "kind: package-lock.json
         project 2: NPM name=top
         package 4: depends-on=[a@1.0.0, real@1.0.0] NPM install-path=packages/w name=w \
         scope=runtime source=workspace state=locked url=packages/w version=0.1.0
         package 5: NPM install-path=packages/@s/x name=@s/x scope=runtime source=workspace \
         state=locked url=packages/@s/x version=0.2.0
         package 6: direct=no NPM install-path=../out name=out scope=runtime source=path \
         state=locked url=../out version=0.3.0
         package 7: direct=no NPM install-path=node_modules/lost name=lost scope=runtime \
         source=path state=locked url=../lost
         package 8: depends-on=[w@0.1.0] direct=yes NPM install-path=node_modules/a name=a \
         scope=runtime state=locked version=1.0.0
         package 9: direct=yes NPM install-path=packages/w/node_modules/alias name=real \
         scope=runtime state=locked stated-name=alias version=1.0.0",
    );
}

#[test]
fn reads_version_one() {
    check(
        r#"{ "name": "app", "version": "1.0.0", "lockfileVersion": 1, "requires": true,
"dependencies": {
"a": { "version": "1.0.0", "requires": { "b": "^2", "c": "*" }, "dependencies": {
"b": { "version": "2.0.0", "bundled": true } } },
"b": { "version": "1.0.0", "dev": true, "requires": true },
"c": { "version": "npm:@s/real@1.6.3" },
"g": { "version": "git+https://h.example/g.git#abc", "from": "g@x" }
} }"#,
        "kind: package-lock.json
         project 1: NPM name=app version=1.0.0
         package 3-4: depends-on=[@s/real@1.6.3, b@2.0.0] NPM install-path=node_modules/a name=a \
         scope=runtime state=locked version=1.0.0
         package 4: NPM install-path=node_modules/a/node_modules/b name=b scope=runtime \
         source=bundled state=locked version=2.0.0
         package 5: NPM install-path=node_modules/b name=b scope=development state=locked \
         version=1.0.0
         package 6: NPM install-path=node_modules/c name=@s/real scope=runtime state=locked \
         stated-name=c version=1.6.3
         package 7: NPM install-path=node_modules/g name=g scope=runtime source=git state=locked \
         url=git+https://h.example/g.git#abc",
    );
}

#[test]
fn packages_win_over_dependencies() {
    check(
        r#"{ "lockfileVersion": 2, "dependencies": { "old": { "version": "1" } },
"packages": { "node_modules/new": { "version": "2" } } }"#,
        "kind: package-lock.json
         package 2: NPM install-path=node_modules/new name=new scope=runtime state=locked version=2",
    );
}

#[test]
fn equal_keys_are_both_listed() {
    check(
        r#"{ "lockfileVersion": 3, "packages": {
"node_modules/a": { "version": "1", "license": "MIT" },
"node_modules/a": { "version": "2", "license": "GPL" } } }"#,
        "kind: package-lock.json
         package 2: NPM install-path=node_modules/a license=[MIT] name=a scope=runtime \
         state=locked version=1
         package 3: NPM install-path=node_modules/a license=[GPL] name=a scope=runtime \
         state=locked version=2
         ! manifest.duplicate-key 3: the key `node_modules/a` is given twice in one object",
    );
}

#[test]
fn what_stands_before_an_error_is_read() {
    check(
        "{ \"lockfileVersion\": 3, \"packages\": {\n\"node_modules/a\": { \"version\": \"1\" },\n\
         \"node_modules/b\": { \"version\": \"2\", ",
        "kind: package-lock.json
         package 2: NPM install-path=node_modules/a name=a scope=runtime state=locked version=1
         package 3: NPM install-path=node_modules/b name=b scope=runtime state=locked version=2
         ! manifest.invalid 3: the file is not valid JSON: expected a key in quotes, found the end \
         of the file",
    );
}

#[test]
fn what_is_no_lock_file_is_said_to_be_none() {
    check(
        "[1]",
        "kind: package-lock.json
         ! manifest.invalid 1: a lock file is an object, and this is an array",
    );
    check(
        "{}",
        "kind: package-lock.json
         ! manifest.invalid 1: the file has neither `packages` nor `dependencies` nor \
         `lockfileVersion`",
    );
    check(
        "{ \"name\": \"a\", \"lockfileVersion\": 3, \"packages\": {} }",
        "kind: package-lock.json
         project 1: NPM name=a",
    );
}

#[test]
fn deep_trees_stop_at_the_limit() {
    let deep = r#"{"version":"1","dependencies":{"a":"#.repeat(50_000);
    let text = format!(r#"{{"lockfileVersion":1,"dependencies":{{"a":{deep}"#);
    let told = testing::told(&PackageLock, "package-lock.json", &text);
    assert!(told.contains("! limit.reached 1: objects and arrays are nested deeper than 64"));
}

#[test]
fn an_inherited_name_cannot_multiply() {
    // 20,000 children of a package with a name of 1 MB would make 20 GB of places.
    let children: String = (0..20_000).map(|i| format!(r#""b{i}":{{"version":"1"}},"#)).collect();
    let long = "a".repeat(1 << 20);
    let text = format!(
        r#"{{"lockfileVersion":1,"dependencies":{{"{long}":{{"version":"1","dependencies":{{{children}"c":{{}}}}}}}}}}"#
    );
    let told = testing::told(&PackageLock, "package-lock.json", &text);
    assert!(told.contains("has 1048589 bytes, more than 1024; the package was not listed"));
    assert_eq!(told.matches("\npackage ").count(), 0);
}
