//! `flowdown completions`

use std::io;

use clap::CommandFactory as _;

use crate::args::{Arguments, CompletionsArguments};
use crate::exit::Exit;

pub(crate) fn run(arguments: &CompletionsArguments) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "flowdown", &mut script);
    io::Write::write_all(&mut io::stdout(), &script)?;
    Ok(Exit::Clean)
}
