//! Checks the records of this crate and compiles them in.

use flowdown_plugin_sdk::catalogue::{CatalogueError, compile};

fn main() -> Result<(), CatalogueError> {
    compile()
}
