//! `flowdown schema`

use std::io::{self, Write};

use anyhow::{Context as _, bail};

use crate::args::SchemaArguments;
use crate::exit::{Exit, pipe_may_close};
use crate::settings;

/// A schema: its name, its text, and what it describes.
type Published = (&'static str, &'static str, &'static str);

macro_rules! published {
    ($($name:literal $version:literal $words:literal;)*) => {
        /// The files of `schemas/`, sorted by name; the newest version of each.
        const PUBLISHED: &[Published] = &[$((
            $name,
            include_str!(concat!("../../schemas/", $name, "/", $version, ".json")),
            $words,
        ),)*];
    };
}

published! {
    "baseline" "1" "findings that are known, of `flowdown check --write-baseline`";
    "bundle" "1" "`bundle.json` of `flowdown bundle`";
    "contract" "1" "a contract file that `product.contracts` names, as JSON";
    "diff" "1" "the format `json` of `flowdown diff`";
    "inventory" "1" "the format `json` of `flowdown scan`";
    "license-terms" "1" "the record of a licence";
    "plugin/descriptor" "1" "what a plugin says of itself";
    "plugin/resolve-request" "1" "what a plugin is asked";
    "plugin/resolve-response" "1" "what a plugin answers";
}

/// The schema that follows the program: it has no version of its own.
const SETTINGS: &str = "settings";

pub(crate) fn run(arguments: &SchemaArguments) -> anyhow::Result<Exit> {
    let mut out = io::stdout().lock();
    let written = match arguments.name.as_deref() {
        None => list(&mut out),
        Some(SETTINGS) => {
            let schema = serde_json::to_string_pretty(&settings::schema())
                .context("the schema cannot be written")?;
            writeln!(out, "{schema}")
        }
        Some(name) => {
            let Some((_, schema, _)) = PUBLISHED.iter().find(|(known, ..)| *known == name) else {
                let known = PUBLISHED.iter().map(|(known, ..)| format!("`{known}`"));
                let known = known.collect::<Vec<_>>().join(", ");
                bail!("`{name}` is no schema; there are {known} and `{SETTINGS}`");
            };
            out.write_all(schema.as_bytes())
        }
    };
    pipe_may_close(written.map_err(Into::into))?;
    Ok(Exit::Clean)
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    for (name, _, words) in PUBLISHED {
        writeln!(out, "{name:<26} stable    {words}")?;
    }
    writeln!(out, "{SETTINGS:<26} changing  the settings file `flowdown.toml`, for editors")
}
