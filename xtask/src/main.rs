//! Generates what is generated, and checks that it is current: `cargo xtask`.

mod facts;
mod generated;
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
    /// `schemas/`, from the message types
    Schemas(generated::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Facts(arguments) => arguments.settle(&facts::files()),
        Task::Schemas(arguments) => arguments.settle(&schemas::files()),
    }
}
