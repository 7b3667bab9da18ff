//! Generates what is generated, and checks that it is current: `cargo xtask`.

#![forbid(unsafe_code)]

mod facts;
mod generated;
mod profiles;
mod schemas;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Generates files of the repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

// One file each, sorted by name.
#[derive(Subcommand)]
enum Task {
    /// `docs/facts.md`, from the list of fact names
    Facts(generated::Arguments),
    /// Fingerprints of licence texts, from texts that stay outside of the repository
    Profiles(profiles::ProfileArguments),
    /// `schemas/`, from the types that read and write the documents
    Schemas(generated::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Facts(arguments) => arguments.settle(&facts::files()),
        Task::Profiles(arguments) => arguments.settle(),
        Task::Schemas(arguments) => arguments.settle(&schemas::files()),
    }
}
