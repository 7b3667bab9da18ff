//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use flowdown_core::model::Severity;

/// Bills of materials for AI products, with the bundle of licences that every customer receives.
///
/// Reports what licence terms say and where; it gives no legal advice.
#[derive(Parser, Debug)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// When to use colours; `NO_COLOR` is honoured.
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Scan a directory: what is in it, under which licence, and what must be passed on.
    Scan(ScanArguments),
    /// Check a directory against a policy: exit code 1 when it objects.
    Check(CheckArguments),
    /// Write the bundle of licences that every customer of a product receives.
    Bundle(BundleArguments),
    /// Say what a licence, a category of use restrictions, an obligation or a code means.
    Explain(ExplainArguments),
    /// Show the plugins that resolve licences.
    Plugins(PluginsArguments),
    /// Print a completion script for a shell.
    Completions(CompletionsArguments),
    /// Run one plugin for a parent process (internal).
    #[command(hide = true)]
    PluginHost {
        /// The library.
        library: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ScanArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// Write a document: `agreement`, `cyclonedx`, `flow`, `json`, `spdx`, `spdx-3` or
    /// `spdx-tag-value`, then `=` and a file (`-` is standard output). Repeatable. The files
    /// themselves are not scanned.
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,

    /// Read headers of weight files only: no file digests, identities rest on headers.
    #[arg(long)]
    pub(crate) quick: bool,

    /// The file whose `[product]` table describes the product.
    #[arg(long, value_name = "FILE")]
    pub(crate) product: Option<PathBuf>,

    /// The file whose `[policy]` table says what is acceptable.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Exit with 1 when there is a finding of this severity or above.
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,

    /// Print no summary.
    #[arg(short = 'q', long)]
    pub(crate) no_summary: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// The file whose `[policy]` table says what is acceptable. Without one, errors are not.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// The file whose `[product]` table describes the product.
    #[arg(long, value_name = "FILE")]
    pub(crate) product: Option<PathBuf>,

    /// Exit with 1 when there is a new finding of this severity or above, whatever the policy says.
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,

    /// Write the findings to this file as the baseline of later runs, and count them as known.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Write a document: `cyclonedx`, `json`, `spdx`, `spdx-3` or `spdx-tag-value`, then `=` and a
    /// file (`-` is standard output). Repeatable. The files themselves are not scanned.
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,

    /// Read headers of weight files only: no file digests, identities rest on headers.
    #[arg(long)]
    pub(crate) quick: bool,
}

#[derive(Args, Debug)]
pub(crate) struct BundleArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// The file whose `[product]` table describes the product.
    #[arg(long, value_name = "FILE")]
    pub(crate) product: PathBuf,

    /// The directory to write; it must not exist or be empty.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,

    /// Exit with 1 when there is a finding of this severity or above.
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,
}

/// What every command that scans takes.
#[derive(Args, Debug)]
pub(crate) struct InputArguments {
    /// A directory, or a single file; `dir:PATH` says so explicitly.
    pub(crate) source: String,

    /// Settings file with the tables `[product]`, `[policy]`, `[[plugins]]` and `[limits]`. Never
    /// looked for in what is scanned.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Run this plugin too, in a process of its own. Repeatable.
    #[arg(long, value_name = "PATH")]
    pub(crate) plugin: Vec<PathBuf>,

    /// Leave out what this glob matches, as in `.gitignore`: `*.gguf` and `node_modules` in any
    /// folder, `models/old` and `/out` from the source on; a folder stands for everything in it,
    /// and `**` for any folders. Repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// Compute no digests of single tensors.
    #[arg(long)]
    pub(crate) no_tensor_digests: bool,

    /// Number of threads; all processors by default.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// A licence (catalogue key, SPDX id, `LicenseRef-…`, Hugging Face tag or other name), a category
    /// (`medical-advice`), a kind of obligation (`copy-of-licence`) or a code
    /// (`lineage.restriction-stripped`).
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    pub(crate) what: Option<String>,

    /// List what can be explained.
    #[arg(
        long,
        value_name = "OF",
        value_enum,
        num_args = 0..=1,
        default_missing_value = "licenses"
    )]
    pub(crate) list: Option<crate::explain::List>,

    /// As text for people, or as JSON with the records as they are.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,

    /// Settings file with `[[plugins]]`.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Ask this plugin too. Repeatable.
    #[arg(long, value_name = "PATH")]
    pub(crate) plugin: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum ExplainFormat {
    Text,
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct PluginsArguments {
    #[command(subcommand)]
    pub(crate) command: PluginsCommand,
}

#[derive(Subcommand, Debug)]
pub(crate) enum PluginsCommand {
    /// List every plugin that a scan would ask.
    List {
        /// Include this plugin. Repeatable.
        #[arg(long, value_name = "PATH")]
        plugin: Vec<PathBuf>,
        /// Settings file with `[[plugins]]`.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Show what one plugin says of itself.
    Inspect {
        /// The id of a built-in plugin, or the path of a library.
        plugin: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it the choice for both streams.
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Clone, Copy, ValueEnum, Debug)]
pub(crate) enum FailOn {
    Note,
    Warning,
    Error,
}

impl From<FailOn> for Severity {
    fn from(value: FailOn) -> Self {
        match value {
            FailOn::Note => Self::Note,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
        }
    }
}

/// A document to write: its format, and where to.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) format: String,
    pub(crate) file: Destination,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    StandardOutput,
    File(PathBuf),
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || {
            flowdown_core::report::reporters()
                .map(|reporter| format!("`{}`", reporter.format()))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let (format, file) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` is not FORMAT=FILE; formats are {}", known()))?;
        if flowdown_core::report::by_format(format).is_none() {
            return Err(format!("`{format}` is no format; formats are {}", known()));
        }
        let file = match file {
            "" => return Err(format!("`{text}` names no file; `-` is standard output")),
            "-" => Destination::StandardOutput,
            path => Destination::File(PathBuf::from(path)),
        };
        Ok(Self { format: format.to_owned(), file })
    }
}
