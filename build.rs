//! Compiles the page of every code into the program, for `flowdown explain`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    // The one way to talk to Cargo.
    io::Write::write_all(&mut io::stdout(), b"cargo::rerun-if-changed=docs/codes\n")?;
    let mut pages: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&folder)? {
        pages.push(entry?.path());
    }
    pages.sort();
    let mut source = String::from("&[\n");
    for page in pages {
        let code = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // Writing to a String cannot fail.
        let _ = writeln!(source, "    ({code:?}, include_str!({page:?})),");
    }
    source.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("codes.rs"), source)
}
