//! `flowdown man`

use std::fs;
use std::io::{self, Write as _};

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::args::{Arguments, ManArguments};
use crate::exit::{Exit, pipe_may_close};

pub(crate) fn run(arguments: &ManArguments) -> anyhow::Result<Exit> {
    let command = Arguments::command();
    match &arguments.folder {
        Some(folder) => {
            fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(command, folder))
                .with_context(|| format!("`{}` cannot be written to", folder.display()))?;
        }
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            pipe_may_close(io::stdout().write_all(&page).map_err(Into::into))?;
        }
    }
    Ok(Exit::Clean)
}
