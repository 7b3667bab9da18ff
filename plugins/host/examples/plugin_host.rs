//! The child process of the host, on its own: what `flowdown plugin-host PATH` does.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args_os().nth(1) {
        Some(path) => flowdown_plugin_host::child_main(Path::new(&path)),
        None => ExitCode::from(2),
    }
}
