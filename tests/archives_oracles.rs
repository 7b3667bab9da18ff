//! Our reader of tar against programs that others wrote: what GNU tar, bsdtar and Python's `tarfile`
//! write from a folder is read as what the folder has. Where a program is absent, its tests are
//! listed as ignored.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, symlink};
use std::path::Path;
use std::process::Command;

use flowdown_core::source::tar::{EntryKind, TarReader};
use flowdown_test_support::outside;
use libtest_mimic::{Arguments, Failed};
use sha2::{Digest as _, Sha256};

/// Size of the sparse file that no octal number of a header holds.
const HUGE_BYTES: u64 = 9 << 30;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = outside::trials_with_program(
        "tar",
        &[
            ("gnu_tar_in_every_format", gnu_formats as fn() -> Result<(), Failed>),
            ("gnu_tar_with_sparse_files", gnu_sparse),
        ],
    );
    trials.extend(outside::trials_with_program(
        "python3",
        &[
            ("python_in_every_format", python_formats as fn() -> Result<(), Failed>),
            ("python_writes_sizes_beyond_eight_gib", python_sizes),
        ],
    ));
    trials
        .extend(outside::trials_with_program("bsdtar", &[("bsdtar_in_every_format", bsd_formats)]));
    libtest_mimic::run(&arguments, trials).exit();
}

/// What stands at a path: kind, size and digest of a file, or where a link leads.
type Found = BTreeMap<String, String>;

/// Names that every format holds, and those that only newer ones do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Short,
    Prefixed,
    Any,
}

/// Makes a folder with what an archive can hold.
fn tree(names: Names) -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    fs::create_dir_all(root.join("a/empty"))?;
    fs::write(root.join("a/file"), "content")?;
    fs::write(root.join("a/nothing"), "")?;
    fs::write(root.join("a/block"), [b'x'; 512])?;
    fs::write(root.join("a/more"), vec![b'y'; 70_001])?;
    // With `./a/` 99 bytes, or the 100 that a header has room for.
    let length = if names == Names::Short { 95 } else { 96 };
    fs::write(root.join("a").join("e".repeat(length)), "nearly too long")?;
    symlink("../b/nowhere", root.join("a/link"))?;
    fs::hard_link(root.join("a/file"), root.join("a/second"))?;
    if names != Names::Short {
        let deep = root.join(format!("{}/{}", "p".repeat(70), "q".repeat(70)));
        fs::create_dir_all(&deep)?;
        fs::write(deep.join("deep"), "behind a prefix")?;
    }
    if names == Names::Any {
        fs::write(root.join("a").join("n".repeat(200)), "a long name")?;
        symlink("t".repeat(300), root.join("a/far"))?;
        fs::write(root.join("a/caf\u{e9}"), "not ASCII")?;
        fs::hard_link(root.join("a").join("n".repeat(200)), root.join("a").join("o".repeat(180)))?;
    }
    Ok(folder)
}

/// What the file system has, hard links aside.
fn expected(root: &Path) -> Result<Found, Failed> {
    let mut found = Found::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.strip_prefix(root)?.to_str().ok_or("a name is not UTF-8")?.to_owned();
            let metadata = path.symlink_metadata()?;
            let what = if metadata.is_dir() {
                pending.push(path);
                "folder".to_owned()
            } else if metadata.is_symlink() {
                format!("link to {}", fs::read_link(path)?.display())
            } else if metadata.len() >= HUGE_BYTES {
                format!("file of {}", metadata.len())
            } else {
                format!("file of {}: {}", metadata.len(), digest(&fs::read(path)?))
            };
            found.insert(name, what);
        }
    }
    Ok(found)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What our reader finds in an archive; a hard link is what its target is.
fn read(archive: &Path) -> Result<Found, Failed> {
    let mut tar = TarReader::new(BufReader::new(File::open(archive)?));
    let mut found = Found::new();
    while let Some(entry) = tar.next_entry()? {
        let clean = |name: &[u8]| {
            let name = String::from_utf8_lossy(name).into_owned();
            name.trim_start_matches("./").trim_end_matches('/').to_owned()
        };
        let name = clean(&entry.path);
        let what = match entry.kind {
            EntryKind::Directory => "folder".to_owned(),
            EntryKind::Symlink => format!("link to {}", String::from_utf8_lossy(&entry.link)),
            EntryKind::File if entry.size >= HUGE_BYTES => format!("file of {}", entry.size),
            EntryKind::File => {
                let mut content = Vec::new();
                tar.content().read_to_end(&mut content)?;
                format!("file of {}: {}", content.len(), digest(&content))
            }
            EntryKind::HardLink => {
                let target = clean(&entry.link);
                found.get(&target).cloned().ok_or(format!("`{target}` is not there"))?
            }
            other => return Err(format!("{name}: {other:?}").into()),
        };
        if !matches!(&*name, "" | ".") {
            found.insert(name, what);
        }
    }
    Ok(found)
}

fn compare(what: &str, root: &Path, archive: &Path) -> Result<(), Failed> {
    let (expected, found) = (expected(root)?, read(archive)?);
    for (name, entry) in &expected {
        if found.get(name) != Some(entry) {
            return Err(format!("{what}: {name}: {entry}, read as {:?}", found.get(name)).into());
        }
    }
    if found.len() != expected.len() {
        return Err(format!("{what}: {} entries of {}", found.len(), expected.len()).into());
    }
    Ok(())
}

fn write(program: &str, arguments: &[&str], root: &Path, archive: &Path) -> Result<(), Failed> {
    let mut command = Command::new(program);
    command.args(arguments).arg("-cf").arg(archive).arg("-C").arg(root).arg(".");
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(())
}

fn each_format(program: &str, formats: &[(&str, Names)]) -> Result<(), Failed> {
    for (format, names) in formats {
        let folder = tree(*names)?;
        let out = tempfile::tempdir()?;
        let archive = out.path().join("archive.tar");
        write(program, &[&format!("--format={format}")], folder.path(), &archive)?;
        compare(format, folder.path(), &archive)?;
    }
    Ok(())
}

fn gnu_formats() -> Result<(), Failed> {
    each_format(
        "tar",
        &[
            ("v7", Names::Short),
            ("ustar", Names::Prefixed),
            ("oldgnu", Names::Any),
            ("gnu", Names::Any),
            ("pax", Names::Any),
        ],
    )
}

fn bsd_formats() -> Result<(), Failed> {
    each_format(
        "bsdtar",
        &[
            ("v7", Names::Short),
            ("ustar", Names::Prefixed),
            ("gnutar", Names::Any),
            ("pax", Names::Any),
        ],
    )
}

fn gnu_sparse() -> Result<(), Failed> {
    let folder = tree(Names::Any)?;
    // More holes than a header and a block behind it have room for, and one that ends the file.
    let many = File::create(folder.path().join("many"))?;
    for at in 0..60 {
        many.write_all_at(format!("part {at}").as_bytes(), at * 70_000)?;
    }
    many.set_len(60 * 70_000 + 100_000)?;
    File::create(folder.path().join("hole"))?.set_len(3 << 20)?;
    let mut ends = File::create(folder.path().join("ends"))?;
    ends.seek(SeekFrom::Start(1 << 20))?;
    ends.write_all(b"the end")?;
    let huge = File::create(folder.path().join("huge"))?;
    huge.write_all_at(b"far", HUGE_BYTES - 3)?;
    if many.metadata()?.blocks() * 512 >= 60 * 70_000 {
        return Err("this file system has no sparse files".into());
    }
    for arguments in [
        &["--format=gnu", "--sparse"][..],
        &["--format=oldgnu", "--sparse"],
        &["--format=pax", "--sparse", "--sparse-version=0.0"],
        &["--format=pax", "--sparse", "--sparse-version=0.1"],
        &["--format=pax", "--sparse", "--sparse-version=1.0"],
    ] {
        let out = tempfile::tempdir()?;
        let archive = out.path().join("archive.tar");
        write("tar", arguments, folder.path(), &archive)?;
        if archive.metadata()?.len() > 4 << 20 {
            return Err(format!("{arguments:?} stores holes").into());
        }
        compare(&format!("{arguments:?}"), folder.path(), &archive)?;
    }
    Ok(())
}

fn python(script: &str, arguments: &[&Path]) -> Result<(), Failed> {
    let output = Command::new("python3").args(["-c", script]).args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(())
}

fn python_formats() -> Result<(), Failed> {
    for (format, names) in [("USTAR", Names::Prefixed), ("GNU", Names::Any), ("PAX", Names::Any)] {
        let folder = tree(names)?;
        let out = tempfile::tempdir()?;
        let archive = out.path().join("archive.tar");
        let script = format!(
            "import sys, tarfile\n\
             with tarfile.open(sys.argv[2], 'w', format=tarfile.{format}_FORMAT) as tar:\n\
             \x20   tar.add(sys.argv[1], arcname='.')\n"
        );
        python(&script, &[folder.path(), &archive])?;
        compare(format, folder.path(), &archive)?;
    }
    Ok(())
}

/// Headers alone: nobody needs the content to know how large it would be.
fn python_sizes() -> Result<(), Failed> {
    for (format, size) in [("GNU", HUGE_BYTES), ("PAX", HUGE_BYTES), ("GNU", 1 << 50)] {
        let out = tempfile::tempdir()?;
        let archive = out.path().join("archive.tar");
        let script = format!(
            "import sys, tarfile\n\
             entry = tarfile.TarInfo('large')\n\
             entry.size = {size}\n\
             with open(sys.argv[1], 'wb') as file:\n\
             \x20   file.write(entry.tobuf(tarfile.{format}_FORMAT))\n"
        );
        python(&script, &[&archive])?;
        let mut tar = TarReader::new(BufReader::new(File::open(&archive)?));
        let entry = tar.next_entry()?.ok_or("no entry")?;
        if (&*entry.path, entry.size) != (b"large", size) {
            return Err(format!("{format}: {entry:?} instead of {size} bytes").into());
        }
        if tar.next_entry().is_ok() {
            return Err("the content is not there".into());
        }
    }
    Ok(())
}
