use std::collections::{BTreeMap, BTreeSet};

use super::{Include, IncludeRole, Requirements, resolve_includes};
use crate::extract::manifests::testing;
use crate::extract::names;
use crate::model::{Limits, SourcePath};

const HEX: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn check(path: &str, text: &str, expected: &str) {
    let text = text.replace("HEX", HEX);
    let expected = expected.replace("HEX", HEX).replace("PYPI", "ecosystem=pypi");
    testing::check(&Requirements, path, &text, &expected);
}

#[test]
fn wants_the_usual_names() {
    for path in [
        "requirements.txt",
        "a/requirements-dev.txt",
        "dev-requirements.txt",
        "dev_requirements.txt",
        "requirements/base.txt",
        "a/requirements/base.txt",
        "constraints.txt",
    ] {
        assert!(testing::wants(&Requirements, path, ""), "{path}");
    }
    for path in ["requirements.in", "notes.txt", "requirements/base.md", "myrequirements/a.txt"] {
        assert!(!testing::wants(&Requirements, path, ""), "{path}");
    }
}

#[test]
fn reads_requirements_with_options_and_comments() {
    check(
        "requirements.txt",
        "# comment\n\nIdna==3.4 \\\n    --hash=sha256:HEX \\\n    --hash sha512:short # why\n\
         b[x, y]>=1,<2 ; os_name == 'nt'\nc\n",
        "kind: requirements.txt
         package 3-5: PYPI hashes=[sha256:HEX] name=idna scope=runtime specifier===3.4 \
         state=required stated-name=Idna version=3.4
         package 6: PYPI extras=[x, y] markers=os_name == 'nt' name=b scope=runtime \
         specifier=>=1,<2 state=required
         package 7: PYPI name=c scope=runtime state=required
         ! manifest.entry-invalid 3-5: `--hash=sha512:short` is no digest; it was left out",
    );
}

#[test]
fn reads_addresses_and_paths() {
    check(
        "requirements.txt",
        "a @ https://h.example/a-1.0.tar.gz#sha256=HEX ; os_name == 'nt'
git+https://h.example/b.git@v1#egg=b[x]&subdirectory=s
https://h.example/c-1.0-py3-none-any.whl
-e .
--editable=git+ssh://git@h.example/d#egg=d
./e_e-2.0-py3-none-any.whl[x] ; os_name == 'nt'
../folder
f-1.0.tar.gz
file:///tmp/g
",
        "kind: requirements.txt
         package 1: PYPI hashes=[sha256:HEX] markers=os_name == 'nt' name=a scope=runtime \
         source=url state=required url=https://h.example/a-1.0.tar.gz#sha256=HEX version=1.0
         package 2: PYPI name=b scope=runtime source=git state=required \
         url=git+https://h.example/b.git@v1#egg=b[x]&subdirectory=s
         package 3: PYPI name=c scope=runtime source=url state=required \
         url=https://h.example/c-1.0-py3-none-any.whl version=1.0
         package 4: PYPI scope=runtime source=path state=required url=.
         package 5: PYPI name=d scope=runtime source=git state=required \
         url=git+ssh://git@h.example/d#egg=d
         package 6: PYPI extras=[x] markers=os_name == 'nt' name=e-e scope=runtime source=path \
         state=required stated-name=e_e url=./e_e-2.0-py3-none-any.whl[x] version=2.0
         package 7: PYPI scope=runtime source=path state=required url=../folder
         package 8: PYPI name=f scope=runtime source=path state=required url=f-1.0.tar.gz version=1.0
         package 9: PYPI scope=runtime source=path state=required url=file:///tmp/g",
    );
}

#[test]
fn reads_includes_and_passes_over_options_of_pip() {
    check(
        "requirements.txt",
        "-r base.txt\n-rb.txt\n--requirement=c.txt\n-c limits.txt\n--constraint d.txt\n\
         -i https://h.example --extra-index-url=https://h.example\n--pre\n--no-binary :all:\n\
         --requirements e.txt\n",
        "kind: requirements.txt
         include 1: -r base.txt
         include 2: -r b.txt
         include 3: -r c.txt
         include 4: -c limits.txt
         include 5: -c d.txt
         ! manifest.entry-invalid 9: pip has no option `--requirements`; the line was skipped",
    );
}

#[test]
fn the_name_of_the_file_tells_what_it_is_for() {
    let development = "kind: requirements.txt
        package 1: PYPI name=a scope=development state=required";
    for path in ["requirements-dev.txt", "requirements/Docs.txt", "requirements_test_gpu.txt"] {
        check(path, "a\n", development);
    }
    let runtime = "kind: requirements.txt\npackage 1: PYPI name=a scope=runtime state=required";
    for path in ["requirements-device.txt", "docs/requirements.txt"] {
        check(path, "a\n", runtime);
    }
    let constraint = "kind: constraints.txt
        package 1: PYPI name=a scope=runtime specifier=<2 state=constraint";
    check("constraints.txt", "a<2\n", constraint);
}

#[test]
fn a_bad_line_hides_nothing_else() {
    check(
        "requirements.txt",
        "==2.3.4\na/../b==1?x=y#z\nc==1.0.x\nd ; nonsense\ne\n",
        "kind: requirements.txt
         package 3: PYPI name=c scope=runtime specifier===1.0.x state=required
         package 4: PYPI markers=nonsense name=d scope=runtime state=required
         package 5: PYPI name=e scope=runtime state=required
         ! manifest.entry-invalid 1: the line is no requirement: `==2.3.4` does not begin with a \
         package name
         ! manifest.entry-invalid 2: the line is no requirement: expected a version range after \
         `a`, found `/../b==1?x=y#z`
         ! manifest.entry-invalid 3: the requirement was taken by its name only: `==1.0.x` is not \
         a version range: after parsing `1.0`, found `.x`, which is not part of a valid version
         ! manifest.entry-invalid 4: the requirement was taken by its name only: `nonsense` is not \
         a marker: expected a comparison of a variable with a text",
    );
}

#[test]
fn an_endless_line_is_skipped() {
    check(
        "requirements.txt",
        &format!("a==1\n{}\nb==1\n", "c==1 \\\n".repeat(20_000)),
        "kind: requirements.txt
         package 1: PYPI name=a scope=runtime specifier===1 state=required version=1
         package 20003: PYPI name=b scope=runtime specifier===1 state=required version=1
         ! limit.reached 2-20002: a line with its continuations has 140001 bytes, more than \
         `fact_text_bytes` = 65536; it was not read",
    );
}

/// Reads files, joins them, and shows the edges and diagnostics.
fn check_includes(files: &[(&str, &str)], others: &[&str], expected: &[&str]) {
    let read: BTreeMap<SourcePath, Vec<Include>> = files
        .iter()
        .map(|(path, text)| {
            let limits = Limits::default();
            let said = testing::extract(&Requirements, path, text.as_bytes(), 7, &limits);
            let facts = said.facts.iter().filter(|fact| fact.name == names::MANIFEST_INCLUDE);
            (SourcePath::new(path), facts.map(|fact| Include::from_fact(fact).unwrap()).collect())
        })
        .collect();
    let others: BTreeSet<SourcePath> = others.iter().map(|path| SourcePath::new(path)).collect();
    let includes = resolve_includes(&read, |path| others.contains(path));
    let mut shown: Vec<String> = includes
        .edges
        .iter()
        .map(|edge| format!("{} {} {}", edge.from, edge.role.option(), edge.to))
        .collect();
    shown.extend(includes.diagnostics.iter().map(|diagnostic| {
        let at = &diagnostic.at.as_ref().unwrap().path;
        format!("! {at} {}: {}", diagnostic.code.as_str(), diagnostic.message)
    }));
    assert_eq!(shown, expected);
}

#[test]
fn joins_includes_relative_to_the_file() {
    check_includes(
        &[
            ("requirements.txt", "-r requirements/base.txt\n-c constraints.txt\n"),
            ("requirements/base.txt", "-r ..\\requirements-extra.txt\n"),
            ("requirements-extra.txt", "a\n"),
            ("constraints.txt", "a<2\n"),
        ],
        &[],
        &[
            "requirements.txt -r requirements/base.txt",
            "requirements.txt -c constraints.txt",
            "requirements/base.txt -r requirements-extra.txt",
        ],
    );
}

#[test]
fn reports_includes_that_lead_nowhere() {
    check_includes(
        &[(
            "a/requirements.txt",
            "-r ../../x.txt\n-c /etc/shadow\n-r gone.txt\n-r deps.txt\n-r https://h.example/x.txt\n",
        )],
        &["a/deps.txt"],
        &[
            "! a/requirements.txt manifest.include-escapes: `-r ../../x.txt` leaves the scanned tree",
            "! a/requirements.txt manifest.include-escapes: `-c /etc/shadow` leaves the scanned tree",
            "! a/requirements.txt manifest.include-missing: `-r gone.txt` names `a/gone.txt`, which \
             is not in the scanned tree",
            "! a/requirements.txt manifest.include-missing: `-r deps.txt` names a file that is \
             there but is not called like a requirements file",
            "! a/requirements.txt manifest.include-missing: `-r https://h.example/x.txt` names an \
             address, and a scan reads nothing from the network",
        ],
    );
}

#[test]
fn reports_each_loop_once() {
    check_includes(
        &[
            ("requirements.txt", "-r requirements.txt\n-r requirements.txt\n"),
            ("requirements-a.txt", "-r requirements-b.txt\n"),
            ("requirements-b.txt", "-r requirements-a.txt\n-r requirements.txt\n"),
        ],
        &[],
        &[
            "requirements-a.txt -r requirements-b.txt",
            "requirements-b.txt -r requirements-a.txt",
            "requirements-b.txt -r requirements.txt",
            "requirements.txt -r requirements.txt",
            "requirements.txt -r requirements.txt",
            "! requirements-b.txt manifest.include-loop: `requirements-b.txt` includes \
             `requirements-a.txt`, which includes it again",
            "! requirements.txt manifest.include-loop: `requirements.txt` includes \
             `requirements.txt`, which includes it again",
        ],
    );
}

#[test]
fn an_include_survives_its_fact() {
    let at = crate::model::Location::scanned(&SourcePath::new("r.txt")).at_lines(1, 1);
    for role in [IncludeRole::Requirements, IncludeRole::Constraints] {
        let include = Include { role, target: "a b.txt".to_owned(), at: at.clone() };
        let value = Include::value(role, &include.target);
        let fact = crate::model::Fact { name: names::MANIFEST_INCLUDE, value, at: at.clone() };
        assert_eq!(Include::from_fact(&fact), Some(include));
    }
}
