//! The `flowdown` command.
//!
//! The only place that sees everything: it opens sources, installs plugins, runs the engine and
//! writes documents. Data goes to standard output, everything else to standard error.

#![forbid(unsafe_code)]

mod args;
mod boms;
mod commands;
mod exit;
mod explain;
mod install;
mod settings;
mod source;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Arguments, Command};
use crate::exit::Exit;

/// Reports of large products are millions of small values: the allocator decides how long a scan of them
/// takes (`docs/adr/0009-allocator.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.write_global();
    let result = match arguments.command {
        Command::Scan(arguments) => commands::scan::run(&arguments),
        Command::Bundle(arguments) => commands::bundle::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Plugins(arguments) => commands::plugins::run(arguments),
        Command::Validate(arguments) => commands::validate::run(&arguments),
        Command::Diff(arguments) => commands::diff::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Schema(arguments) => commands::schema::run(&arguments),
        Command::Man(arguments) => commands::man::run(&arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::PluginHost { library } => return flowdown_plugin_host::child_main(&library),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal::failure(&error);
            Exit::of_error(&error).into()
        }
    }
}
