//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use flowdown_core::model::{Profile, Severity};
use flowdown_core::source::image::{Platform, PlatformChoice};

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
    /// Check bills of materials, ours or of other tools, for what schemas do not see.
    Validate(ValidateArguments),
    /// Compare two bills of materials or sources: exit code 1 when licences, obligations or use
    /// restrictions change.
    Diff(DiffArguments),
    /// Say what a licence, a category of use restrictions, an obligation or a code means.
    Explain(ExplainArguments),
    /// Show the plugins that resolve licences.
    Plugins(PluginsArguments),
    /// Print the JSON Schema of a document or of the settings file.
    Schema(SchemaArguments),
    /// Print a completion script for a shell.
    Completions(CompletionsArguments),
    /// Print the manual page, or write a page for each command.
    Man(ManArguments),
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

    /// Write a document: a format of `docs/formats.md` (`cyclonedx`, `spdx`, `json`, `sarif`, …), then
    /// `=` and a file (`-` is standard output). Repeatable. The files themselves are not scanned.
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,

    /// Wrap every document in an in-toto statement about what was scanned, for signing. Only for
    /// formats that are JSON.
    #[arg(long)]
    pub(crate) in_toto: bool,

    /// Print which elements that CISA, BSI, the EU AI Act and others ask for are filled, instead of
    /// the summary.
    #[arg(long, conflicts_with = "no_summary")]
    pub(crate) completeness: bool,

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

    /// Write a document: a format of `docs/formats.md` (`sarif`, `cyclonedx`, …), then `=` and a file
    /// (`-` is standard output). Repeatable. The files themselves are not scanned.
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

#[derive(Args, Debug)]
pub(crate) struct ValidateArguments {
    /// Documents: CycloneDX, SPDX or our own JSON; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// As text for people, or as JSON.
    #[arg(long, value_enum, default_value_t = ValidateFormat::Text)]
    pub(crate) format: ValidateFormat,

    /// Exit with 1 when there is a problem of this severity or above.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum ValidateFormat {
    Text,
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct DiffArguments {
    /// The earlier one: a bill of materials (CycloneDX, SPDX, the `json` of `flowdown scan`; `-` is
    /// standard input), or a source to scan; `dir:` scans a single file too.
    pub(crate) old: String,

    /// The later one.
    pub(crate) new: String,

    /// As text for people, as JSON, or as Markdown for a comment on a pull request.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,

    /// When scanning an image for several platforms, the one to scan: `linux/arm64`, or `all`.
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub(crate) platform: Option<PlatformChoice>,

    /// When scanning, ask a registry without TLS. On this machine that is the default.
    #[arg(long)]
    pub(crate) plain_http: bool,

    /// Which differences give exit code 1.
    #[arg(long, value_name = "DIFFERENCES", value_enum, default_value_t = DiffFailOn::Policy)]
    pub(crate) fail_on: DiffFailOn,

    /// Settings file for scanning, with the tables `[product]`, `[[plugins]]` and `[limits]`.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// When scanning, run this plugin too, in a process of its own. Repeatable.
    #[arg(long, value_name = "PATH")]
    pub(crate) plugin: Vec<PathBuf>,

    /// When scanning, leave out what this glob matches, as in `.gitignore`. Repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// When scanning, read headers of weight files only.
    #[arg(long)]
    pub(crate) quick: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum DiffFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum DiffFailOn {
    /// Those about licences, obligations and use restrictions.
    Policy,
    /// All.
    Any,
    /// None.
    Never,
}

/// What every command that scans takes.
#[derive(Args, Debug)]
pub(crate) struct InputArguments {
    /// A directory, a single file, an image (OCI layout, `docker save` or OCI archive, or the name of
    /// one in a registry with its host), a bill of materials, or `-` for an archive or a bill of
    /// materials on standard input. `dir:`, `oci:`, `oci-archive:`, `docker-archive:`, `hf-cache:`,
    /// `lm-studio:`, `modelscope:`, `ollama:`, `registry:` and `sbom:` force what it is; the name of one image of several follows
    /// as `:NAME`.
    pub(crate) source: String,

    /// A bill of materials (CycloneDX, SPDX, the `json` of `flowdown scan`) whose components are
    /// parts of the product too. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) sbom: Vec<PathBuf>,

    /// Of an image for several platforms, the one to scan: `linux/arm64`, or `all`. That of this
    /// machine by default.
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub(crate) platform: Option<PlatformChoice>,

    /// Of an image, scan also what lower layers carry and the image does not show, below `layers/`.
    #[arg(long)]
    pub(crate) all_layers: bool,

    /// Ask a registry without TLS. On this machine that is the default.
    #[arg(long)]
    pub(crate) plain_http: bool,

    /// Read every layer of an image, whatever earlier scans read; and keep nothing.
    #[arg(long)]
    pub(crate) no_cache: bool,

    /// Settings file with the tables `[product]`, `[policy]`, `[[plugins]]`, `[limits]` and
    /// `[registry]`. Never looked for in what is scanned.
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

    /// Whose demands on a bill of materials the documents meet: `bsi` is TR-03183-2 of the German BSI,
    /// with SHA-512 and declared and concluded licences side by side.
    #[arg(long, value_name = "PROFILE", value_enum, default_value_t = DocumentProfile::Standard)]
    pub(crate) profile: DocumentProfile,

    /// Compute no digests of single tensors.
    #[arg(long)]
    pub(crate) no_tensor_digests: bool,

    /// Number of threads; all processors by default.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

fn platform(text: &str) -> Result<PlatformChoice, String> {
    match text {
        "all" => Ok(PlatformChoice::All),
        _ => Platform::parse(text).map(PlatformChoice::One).ok_or_else(|| {
            format!("`{text}` is no platform; write `linux/amd64`, `linux/arm/v7` or `all`")
        }),
    }
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

#[derive(Args, Debug)]
pub(crate) struct SchemaArguments {
    /// `settings`, `inventory`, `bundle`, …; without a name, all that there are.
    pub(crate) name: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ManArguments {
    /// Write the pages into this directory.
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
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
pub(crate) enum DocumentProfile {
    Standard,
    Bsi,
}

impl From<DocumentProfile> for Profile {
    fn from(value: DocumentProfile) -> Self {
        match value {
            DocumentProfile::Standard => Self::Standard,
            DocumentProfile::Bsi => Self::Bsi,
        }
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
    pub(crate) form: Form,
}

/// Whether a document stands alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// It does.
    Document,
    /// It is the predicate of an in-toto statement.
    Statement,
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
        Ok(Self { format: format.to_owned(), file, form: Form::Document })
    }
}
