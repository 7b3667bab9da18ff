//! `flowdown plugins`

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use flowdown_plugin_sdk::message::{Descriptor, Phase};

use crate::args::{PluginsArguments, PluginsCommand};
use crate::exit::Exit;
use crate::install::{self, Ready};
use crate::settings::{self, Files};
use crate::terminal::clean;

pub(crate) fn run(arguments: PluginsArguments) -> anyhow::Result<Exit> {
    let mut out = anstream::stdout().lock();
    match arguments.command {
        PluginsCommand::List { plugin, config } => {
            let settings = settings::read(Files { config: config.as_deref(), ..Files::default() })?;
            list(&install::install(&settings.plugins, &plugin)?, &mut out)
        }
        PluginsCommand::Inspect { plugin } => inspect(&plugin, &mut out),
    }
}

fn list(ready: &[Ready], out: &mut dyn Write) -> anyhow::Result<Exit> {
    for plugin in ready {
        let record = plugin.record();
        writeln!(
            out,
            "{:<12} {:<8} {:<34} {}  {}",
            clean(&record.id),
            clean(&record.version),
            clean(&record.loaded),
            &record.sha256.hex()[..16],
            clean(&record.families.join(", "))
        )?;
    }
    Ok(Exit::Clean)
}

fn inspect(named: &str, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let path = PathBuf::from(named);
    // A library is named by a path, a built-in plugin by its id.
    let is_library = path.components().count() > 1 || path.is_file();
    let wanted = if is_library { vec![path] } else { Vec::new() };
    let ready = install::install(&[], &wanted)?;
    let plugin = if is_library {
        ready.last()
    } else {
        ready.iter().find(|ready| ready.installed.descriptor.id == named)
    };
    let plugin = plugin.with_context(|| {
        format!("`{named}` is neither the id of a built-in plugin nor the path of a library")
    })?;
    let record = plugin.record();
    let descriptor: &Descriptor = &plugin.installed.descriptor;
    let phase = match descriptor.phase {
        Phase::Lineage => "lineage",
        Phase::License => "license",
    };
    writeln!(out, "id          {}", clean(&record.id))?;
    writeln!(out, "version     {}", clean(&record.version))?;
    writeln!(out, "families    {}", clean(&record.families.join(", ")))?;
    writeln!(out, "phase       {phase}")?;
    writeln!(out, "loaded      {}", clean(&plugin.installed.loaded.to_string()))?;
    writeln!(out, "digest      {}", record.sha256)?;
    writeln!(out, "needs       {}", clean(&descriptor.needs.join(", ")))?;
    writeln!(
        out,
        "knows       {} licence records, {} listed licences, {} tags, {} text fingerprints",
        descriptor.terms.len(),
        descriptor.listed.len(),
        descriptor.tags.len(),
        descriptor.profiles.len()
    )?;
    for terms in &descriptor.terms {
        writeln!(out, "  {:<34} {}", clean(&terms.key), clean(&terms.name))?;
    }
    Ok(Exit::Clean)
}
