//! `flowdown explain`

use std::io::Write as _;

use flowdown_plugin_sdk::message::Descriptor;

use crate::args::{ExplainArguments, ExplainFormat};
use crate::exit::{Exit, pipe_may_close};
use crate::settings::{self, Files};
use crate::terminal::explain as text;
use crate::{explain, install};

pub(crate) fn run(arguments: &ExplainArguments) -> anyhow::Result<Exit> {
    let files = Files { config: arguments.config.as_deref(), ..Files::default() };
    let settings = settings::read(files)?;
    let ready = install::install(&settings.plugins, &arguments.plugin)?;
    let descriptors: Vec<&Descriptor> =
        ready.iter().map(|ready| &*ready.installed.descriptor).collect();
    let mut out = anstream::stdout().lock();
    let written = match (&arguments.what, arguments.list, arguments.format) {
        (Some(what), _, ExplainFormat::Text) => {
            text::subject(&explain::find(what, &descriptors)?, &mut out)
        }
        (Some(what), _, ExplainFormat::Json) => {
            let json = explain::json(&explain::find(what, &descriptors)?)?;
            writeln!(out, "{json}")
        }
        (None, list, ExplainFormat::Text) => {
            text::list(list.unwrap_or(explain::List::Licenses), &descriptors, &mut out)
        }
        (None, list, ExplainFormat::Json) => {
            let list = list.unwrap_or(explain::List::Licenses);
            let json = explain::json_list(list, &descriptors)?;
            writeln!(out, "{json}")
        }
    };
    pipe_may_close(written.map_err(Into::into))?;
    Ok(Exit::Clean)
}
