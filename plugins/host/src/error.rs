//! What can be wrong with a plugin.
//!
//! Every text is whole. Causes are fields and not links of [`std::error::Error::source`]: whoever
//! prints a chain would print them twice, and whoever looks for a closed pipe of its own in a chain
//! must not find one of a plugin.

use std::path::PathBuf;
use std::time::Duration;
use std::{fmt, io};

use flowdown_plugin_sdk::abi::{AbiError, SYMBOL_PREFIX};
use flowdown_plugin_sdk::check::MessageError;
use serde::{Deserialize, Serialize};

/// A plugin was not installed.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The file cannot be read, or is none.
    #[error("plugin `{path}` cannot be read: {reason}")]
    Unreadable {
        /// As the user named it.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The file is not the one that the user pinned.
    #[error(
        "plugin `{path}` was not loaded: its SHA-256 is `{found}`, the one asked for is \
         `{expected}`"
    )]
    Digest {
        /// As the user named it.
        path: PathBuf,
        /// What the user gave.
        expected: Sha256Hex,
        /// What the file has.
        found: Sha256Hex,
    },
    /// The process for the plugin cannot be started.
    #[error("plugin `{path}`: its process `{program}` cannot be started: {reason}")]
    Start {
        /// As the user named it.
        path: PathBuf,
        /// What was to be run.
        program: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The plugin does not even say what it is.
    #[error("plugin `{plugin}` cannot be used: {failure}")]
    Unusable {
        /// Path of the plugin, as the user named it, or `built-in`.
        plugin: String,
        /// Why.
        failure: Failure,
    },
    /// Two plugins have one id.
    #[error("plugins `{first}` and `{second}` both call themselves `{id}`; remove one of them")]
    SharedId {
        /// The id.
        id: String,
        /// Where the first was loaded from.
        first: String,
        /// Where the second was loaded from.
        second: String,
    },
}

/// A plugin could not answer. The texts follow the plugin's name, which whoever asked it knows.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The library cannot be loaded, breaks the contract, or says that it cannot answer.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The plugin sent a message that is not what it should be.
    #[error("its {message} is not valid {error}")]
    Message {
        /// Which message.
        message: MessageKind,
        /// Where and what.
        error: MessageError,
    },
    /// The plugin did not answer in time.
    #[error("it ran longer than {limit:?} and was ended")]
    TimedOut {
        /// The time limit of one call.
        limit: Duration,
    },
    /// The plugin's process ended by itself.
    #[error("its process ended with {status}{last_words}")]
    Died {
        /// Exit code or signal.
        status: String,
        /// What it last wrote to standard error.
        last_words: LastWords,
    },
    /// The answer is too long to be read.
    #[error("its answer has {found} bytes, the limit is {limit}; it was ended")]
    AnswerTooLarge {
        /// The limit.
        limit: u64,
        /// What was announced.
        found: u64,
    },
    /// The plugin's process sent what no host sends.
    #[error("its process sent no frame but {found}; it was ended")]
    NoFrame {
        /// What came instead.
        found: String,
    },
    /// The pipes to the plugin's process failed.
    #[error("the pipe to its process failed: {reason}")]
    Pipe {
        /// Why.
        reason: io::Error,
    },
    /// The plugin failed before.
    #[error("it is not asked again, because it failed before: {because}")]
    Stopped {
        /// The first failure.
        because: String,
    },
}

impl From<io::Error> for Failure {
    fn from(reason: io::Error) -> Self {
        Self::Pipe { reason }
    }
}

impl Failure {
    /// Whether the plugin only declined this one question and may be asked another.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Fault(Fault::Abi(AbiError::Refused { .. })))
    }
}

/// A message of a plugin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageKind {
    /// What it says of itself.
    Descriptor,
    /// What it says of artifacts.
    Answer,
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Descriptor => "descriptor",
            Self::Answer => "answer",
        })
    }
}

/// What is wrong with a library, found in the process that loads it and sent to the host.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The file cannot be read.
    #[error("the file cannot be read: {reason}")]
    Unreadable {
        /// Why.
        reason: String,
    },
    /// The file changed after its digest was taken.
    #[error("the file changed while it was loaded: its SHA-256 was `{expected}`, now `{found}`")]
    Changed {
        /// Before.
        expected: Sha256Hex,
        /// After.
        found: Sha256Hex,
    },
    /// Not an ELF, Mach-O or PE file.
    #[error("the file is no dynamic library: {reason}")]
    NotALibrary {
        /// Why.
        reason: String,
    },
    /// No symbol of a plugin.
    #[error("the library exports no symbol `{SYMBOL_PREFIX}…`; export one with `export_plugin!`")]
    NoSymbol,
    /// Several symbols of plugins.
    #[error("the library exports `{first}` and `{second}`; a library holds one plugin")]
    SeveralSymbols {
        /// One of them.
        first: String,
        /// Another.
        second: String,
    },
    /// The symbol cannot be a table.
    #[error("`{symbol}` is {found}; export data of type `Table`")]
    NotATable {
        /// Its name.
        symbol: String,
        /// What it is.
        found: String,
    },
    /// The system's loader refuses the library.
    #[error("the library cannot be loaded: {reason}")]
    Open {
        /// Why.
        reason: String,
    },
    /// A resource limit cannot be set.
    #[error("the limits of its process cannot be set: {reason}")]
    Limits {
        /// Why.
        reason: String,
    },
    /// The table or an answer breaks the contract, or the plugin cannot answer.
    #[error(transparent)]
    Abi(#[from] AbiError),
}

/// A SHA-256, written in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sha256Hex(pub [u8; 32]);

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The last lines that a process wrote to standard error, on one line and printable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastWords(pub String);

impl LastWords {
    /// From bytes that may be anything.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
        Self(lines.join(" | ").chars().map(printable).collect())
    }
}

impl fmt::Display for LastWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "; it wrote `{}`", self.0) }
    }
}
