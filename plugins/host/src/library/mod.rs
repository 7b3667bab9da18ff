//! A plugin's library, loaded into this process. Only the child process does this.

mod symbol;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flowdown_plugin_sdk::abi::{Plugin, Table};
use sha2::{Digest as _, Sha256};

use crate::error::{Fault, Sha256Hex};

/// How large a library may be.
const LIBRARY_BYTES: u64 = 1 << 30;

/// SHA-256 of a library's file.
pub(crate) fn digest(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Loads a library whose digest is known, for the life of this process.
///
/// # Safety
/// Runs code of the file in this process. The file is one that the user named as a plugin, and a
/// plugin promises a [`Table`] under its symbol whose functions obey the contract.
pub(crate) unsafe fn load(path: &Path, sha256: [u8; 32]) -> Result<Plugin, Fault> {
    let unreadable = |error: io::Error| Fault::Unreadable { reason: error.to_string() };
    let mut image = Vec::new();
    open(path).and_then(|mut file| file.read_to_end(&mut image)).map_err(unreadable)?;
    let found: [u8; 32] = Sha256::digest(&image).into();
    if found != sha256 {
        return Err(Fault::Changed { expected: Sha256Hex(sha256), found: Sha256Hex(found) });
    }
    let symbol = symbol::find(&image)?;
    drop(image);

    let refused = |error: libloading::Error| Fault::Open { reason: error.to_string() };
    // SAFETY: the caller promises that the user named this file as a plugin.
    let library = unsafe { libloading::Library::new(path) }.map_err(refused)?;
    // SAFETY: the symbol is data, as `symbol::find` saw, and only its address is taken here.
    let table = *unsafe { library.get::<*const Table>(symbol.as_bytes()) }.map_err(refused)?;
    // Unloading would leave dangling functions, threads and thread-local destructors.
    std::mem::forget(library);
    if table.is_null() {
        return Err(Fault::NotATable { symbol, found: "at address zero".to_owned() });
    }
    // SAFETY: not null, in a library that stays loaded, and the caller promises a table there.
    Ok(unsafe { Plugin::new(table) }?)
}

/// Opens a regular file that is not too large, and never waits for a pipe or a device.
fn open(path: &Path) -> io::Result<io::Take<File>> {
    let metadata = path.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let found = metadata.len();
    if found > LIBRARY_BYTES {
        let problem = format!("the file has {found} bytes, the limit is {LIBRARY_BYTES}");
        return Err(io::Error::other(problem));
    }
    Ok(File::open(path)?.take(LIBRARY_BYTES))
}
