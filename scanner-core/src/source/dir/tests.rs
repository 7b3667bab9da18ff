use std::fs;

use super::Directory;
use crate::model::{Code, Limits, SourcePath};
use crate::source::Source as _;

fn check(build: impl FnOnce(&std::path::Path), paths: &[&str], codes: &[Code]) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tree");
    fs::create_dir(&root).unwrap();
    build(&root);
    let source =
        Directory::open(&root, &Limits { entries: 4, folder_depth: 3, ..Limits::default() })
            .unwrap();
    let listing = source.list(&source.units()[0], &|_| false);
    let found: Vec<&str> = listing.files.iter().map(SourcePath::as_str).collect();
    assert_eq!(found, paths);
    let found: Vec<Code> = listing.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(found, codes);
    for path in &listing.files {
        let file = source.open(&source.units()[0], path).unwrap();
        let mut bytes = vec![0; 64];
        assert_eq!(file.content.read_at(0, &mut bytes).unwrap() as u64, file.size);
    }
}

#[test]
fn files_are_listed_in_path_order() {
    check(
        |root| {
            fs::create_dir(root.join("b")).unwrap();
            fs::write(root.join("b/x"), "1").unwrap();
            fs::write(root.join("a"), "").unwrap();
        },
        &["a", "b/x"],
        &[],
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_and_reported_outside() {
    use std::os::unix::fs::symlink;
    check(
        |root| {
            fs::write(root.join("blob"), "weights").unwrap();
            symlink("blob", root.join("link")).unwrap();
            symlink("..", root.join("up")).unwrap();
            symlink("self", root.join("self")).unwrap();
            fs::create_dir(root.join("d")).unwrap();
            symlink("../d", root.join("d/loop")).unwrap();
        },
        &["blob", "link"],
        &[Code::SourceLinkBroken, Code::SourceLinkEscapes],
    );
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_can_be_opened() {
    use std::os::unix::ffi::OsStrExt as _;
    check(
        |root| {
            fs::write(root.join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "x").unwrap();
        },
        &["caf%E9"],
        &[],
    );
}

#[test]
fn limits_are_named() {
    check(
        |root| {
            for name in ["a", "b", "c", "d", "e"] {
                fs::write(root.join(name), "").unwrap();
            }
        },
        &["a", "b", "c", "d"],
        &[Code::LimitReached],
    );
}

#[test]
fn deep_folders_are_named() {
    check(
        |root| {
            fs::create_dir_all(root.join("1/2/3/4/5")).unwrap();
            fs::write(root.join("1/2/3/x"), "x").unwrap();
            fs::write(root.join("1/2/3/4/y"), "y").unwrap();
        },
        &["1/2/3/x"],
        &[Code::LimitReached],
    );
}

#[test]
fn a_single_file_is_a_source() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.gguf"), "GGUF").unwrap();
    let source = Directory::open(&folder.path().join("m.gguf"), &Limits::default()).unwrap();
    let listing = source.list(&source.units()[0], &|_| false);
    assert_eq!(listing.files.len(), 1);
    assert_eq!(listing.files[0].as_str(), "m.gguf");
    assert_eq!(source.identity().name, "m.gguf");
}

#[test]
fn excluded_folders_are_not_entered() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("out/1/2/3")).unwrap();
    fs::write(folder.path().join("out/1/2/3/x"), "").unwrap();
    fs::write(folder.path().join("in"), "").unwrap();
    let limits = Limits { folder_depth: 1, ..Limits::default() };
    let source = Directory::open(folder.path(), &limits).unwrap();
    let listing = source.list(&source.units()[0], &|path| path.as_str() == "out");
    assert_eq!(listing.files.len(), 1);
    assert_eq!(listing.diagnostics, []);
}

#[test]
fn a_cache_knows_its_repository() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("models--org--name/snapshots/abc");
    fs::create_dir_all(&snapshot).unwrap();
    let repository = |path: &std::path::Path| {
        Directory::open(path, &Limits::default()).unwrap().hugging_face_snapshot()
    };
    assert_eq!(repository(&snapshot), Some(("org/name".into(), Some("abc".into()))));
    let whole = folder.path().join("models--org--name");
    assert_eq!(repository(&whole), Some(("org/name".into(), None)));
    assert_eq!(repository(folder.path()), None);
}

#[cfg(unix)]
#[test]
fn cached_blobs_are_listed_under_the_names_that_snapshots_give_them() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("models--org--name");
    fs::create_dir_all(repository.join("snapshots/abc")).unwrap();
    fs::create_dir(repository.join("blobs")).unwrap();
    let digest = "5b".repeat(32);
    fs::write(repository.join("blobs").join(&digest), "weights").unwrap();
    fs::write(repository.join("blobs/456.incomplete"), "wei").unwrap();
    fs::write(repository.join("blobs/requirements.txt"), "x").unwrap();
    symlink("../../blobs/requirements.txt", repository.join("snapshots/abc/z")).unwrap();
    let link = repository.join("snapshots/abc/model.safetensors");
    symlink(format!("../../blobs/{digest}"), &link).unwrap();
    let listed = |path: &std::path::Path| {
        let source = Directory::open(path, &Limits::default()).unwrap();
        let listing = source.list(&source.units()[0], &|_| false);
        assert_eq!(listing.diagnostics, []);
        let paths = listing.files.into_iter().map(|path| path.to_string());
        paths.collect::<Vec<_>>()
    };
    let below = |folder: &str| {
        [
            "blobs/456.incomplete",
            "blobs/requirements.txt",
            "snapshots/abc/model.safetensors",
            "snapshots/abc/z",
        ]
        .map(|path| format!("{folder}{path}"))
    };
    assert_eq!(listed(&repository), below(""));
    assert_eq!(listed(folder.path()), below("models--org--name/"));
    assert_eq!(listed(&link), ["model.safetensors"]);
    let single = Directory::open(&link, &Limits::default()).unwrap();
    assert_eq!(single.identity().name, "model.safetensors");
    assert_eq!(single.hugging_face_snapshot(), Some(("org/name".into(), Some("abc".into()))));
}

#[cfg(unix)]
#[test]
fn a_device_is_no_source() {
    let error = Directory::open(std::path::Path::new("/dev/null"), &Limits::default());
    assert!(error.unwrap_err().to_string().contains("pipe, socket or device"));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.gguf");
    fs::write(&path, "GGUF").unwrap();
    let source = Directory::open(folder.path(), &Limits::default()).unwrap();
    let unit = &source.units()[0];
    let listing = source.list(unit, &|_| false);
    fs::remove_file(&path).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let error = source.open(unit, &listing.files[0]).err().unwrap();
    assert_eq!(error.to_string(), "it is no longer a regular file");
}
