use super::Pyproject;
use crate::extract::manifests::testing;

fn check(text: &str, expected: &str) {
    testing::check(&Pyproject, "pyproject.toml", text, expected);
}

#[test]
fn reads_the_standard_tables() {
    check(
        r#"[build-system]
requires = ["hatchling>=1"]
[project]
name = "My_App"
version = "1.0"
license = "MIT"
license-files = ["LICENSE"]
classifiers = ["License :: OSI Approved :: MIT License", "Topic :: X"]
dependencies = [
  "idna[a]==3.4; os_name == 'nt'",
  "b @ https://h.example/b-1.0-py3-none-any.whl",
]
[project.optional-dependencies]
z = ["z>=1"]
[dependency-groups]
test = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
[tool.uv]
dev-dependencies = ["old"]
"#,
        "kind: pyproject.toml
         project 3-14: ecosystem=pypi license-classifiers=[OSI Approved :: MIT License] \
         license-expression=MIT license-files=[LICENSE] name=my-app stated-name=My_App version=1.0
         package 2: direct=yes ecosystem=pypi name=hatchling scope=build specifier=>=1 \
         state=required
         package 10: direct=yes ecosystem=pypi extras=[a] markers=os_name == 'nt' name=idna \
         scope=runtime specifier===3.4 state=required version=3.4
         package 11: direct=yes ecosystem=pypi name=b scope=runtime source=url state=required \
         url=https://h.example/b-1.0-py3-none-any.whl version=1.0
         package 14: direct=yes ecosystem=pypi name=z scope=optional specifier=>=1 state=required
         package 16: direct=yes ecosystem=pypi name=pytest scope=development state=required
         package 17: direct=yes ecosystem=pypi name=ruff scope=development state=required
         package 19: direct=yes ecosystem=pypi name=old scope=development state=required",
    );
}

#[test]
fn reads_the_older_license_table() {
    check(
        "[project]\nname = 'a'\nlicense = {text = 'BSD'}\n",
        "kind: pyproject.toml
         project 1-3: ecosystem=pypi license=[BSD] name=a",
    );
    check(
        "[project]\nname = 'a'\nlicense = {file = 'COPYING'}\n",
        "kind: pyproject.toml
         project 1-3: ecosystem=pypi license-files=[COPYING] name=a",
    );
}

#[test]
fn reads_the_tables_of_poetry() {
    check(
        r#"[tool.poetry]
name = "a"
version = "2.0"
license = "GPL"
[tool.poetry.dependencies]
python = "^3.9"
caret = "^1.2"
exact = "1.2.3"
opt = { version = "*", optional = true, extras = ["x"], markers = "os_name == 'nt'" }
git = { git = "https://h.example/g", tag = "v1" }
local = { path = "../local", develop = true }
forks = [
  { version = "1.0", python = "<3" },
  { version = "2.0", python = ">=3" },
]
odd = 3
[tool.poetry.dev-dependencies]
old = "*"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = ">=7"
"#,
        "kind: pyproject.toml
         project 1-19: ecosystem=pypi license=[GPL] name=a version=2.0
         package 7: direct=yes ecosystem=pypi name=caret scope=runtime specifier=^1.2 state=required
         package 8: direct=yes ecosystem=pypi name=exact scope=runtime specifier=1.2.3 \
         state=required version=1.2.3
         package 9: direct=yes ecosystem=pypi extras=[x] markers=os_name == 'nt' name=opt \
         scope=optional specifier=* state=required
         package 10: direct=yes ecosystem=pypi name=git scope=runtime source=git state=required \
         url=https://h.example/g#v1
         package 11: direct=yes ecosystem=pypi name=local scope=runtime source=path state=required \
         url=../local
         package 13: direct=yes ecosystem=pypi name=forks scope=runtime specifier=1.0 \
         state=required version=1.0
         package 14: direct=yes ecosystem=pypi name=forks scope=runtime specifier=2.0 \
         state=required version=2.0
         package 16: direct=yes ecosystem=pypi name=odd scope=runtime state=required
         package 18: direct=yes ecosystem=pypi name=old scope=development specifier=* state=required
         package 22: direct=yes ecosystem=pypi name=sphinx scope=development specifier=>=7 \
         state=required
         ! manifest.entry-invalid 16: `odd` has neither a version range nor a table as its value",
    );
}

#[test]
fn a_bad_requirement_hides_nothing_else() {
    check(
        "[project]\ndependencies = [\n'==1',\n'a>>1',\n'b',\n]\n",
        "kind: pyproject.toml
         package 4: direct=yes ecosystem=pypi name=a scope=runtime specifier=>>1 state=required
         package 5: direct=yes ecosystem=pypi name=b scope=runtime state=required
         ! manifest.entry-invalid 3: the text is no requirement: `==1` does not begin with a \
         package name
         ! manifest.entry-invalid 4: the requirement was taken by its name only: `>>1` is not a \
         version range: no such comparison operator \">>\", must be one of ~= == != <= >= < > ===",
    );
}
