//! Images in registries: the OCI distribution protocol, read only.
//!
//! [`Reference`] is the name of an image and always there; the rest stands behind the feature
//! `registry`, without which nothing opens a connection. A [`Registry`] is a
//! [`Store`](super::image::Store): its `index.json` is made from the manifest that was fetched, its
//! blobs are requests that stream. No body is held whole but documents up to
//! `limits.image_json_bytes`; nothing is written, here or there.

#[cfg(feature = "registry")]
mod address;
#[cfg(feature = "registry")]
mod attached;
#[cfg(feature = "registry")]
mod blob;
#[cfg(feature = "registry")]
mod challenge;
#[cfg(feature = "registry")]
mod client;
#[cfg(feature = "registry")]
mod credentials;
#[cfg(feature = "registry")]
mod login;
#[cfg(feature = "registry")]
mod pace;
#[cfg(feature = "registry")]
mod ranged;
mod reference;
#[cfg(feature = "registry")]
mod store;
#[cfg(feature = "registry")]
mod traffic;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub use reference::{Reference, ReferenceError, is_host};

#[cfg(feature = "object-store")]
pub(in crate::source) use self::{address::is_loopback, client::agents};
#[cfg(feature = "registry")]
pub use self::{credentials::credential_files, store::Registry, traffic::Traffic};

/// How registries are asked.
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// Where no TLS is asked for.
    pub plain_http: PlainHttp,
    /// Hosts that are asked before the one in the reference.
    pub mirrors: BTreeMap<String, Vec<String>>,
    /// Files that may know the user, the first that knows a registry wins.
    pub credential_files: Vec<PathBuf>,
    /// How long is waited for what.
    pub timing: Timing,
}

/// Where no TLS is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PlainHttp {
    /// On this machine.
    #[default]
    Loopback,
    /// Everywhere.
    Everywhere,
}

/// How long is waited for what.
#[derive(Clone, Debug)]
pub struct Timing {
    /// For a connection, and for the address of a name.
    pub connect: Duration,
    /// For the head of an answer.
    pub response: Duration,
    /// For the next bytes of a body.
    pub idle: Duration,
    /// A body of which less than `window_bytes` come in this time is given up.
    pub window: Duration,
    /// What must come in a window.
    pub window_bytes: u64,
    /// How often a request is made that fails for reasons which may pass.
    pub tries: u32,
    /// Before the second time; the pauses double.
    pub pause: Duration,
    /// A registry that asks for more patience is not waited for.
    pub longest_pause: Duration,
    /// For the answer of a credential helper.
    pub helper: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            response: Duration::from_secs(60),
            idle: Duration::from_secs(30),
            window: Duration::from_secs(60),
            window_bytes: 64 << 10,
            tries: 4,
            pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            helper: Duration::from_secs(30),
        }
    }
}

/// Why a registry gives no image.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// What was made of the reference is no address.
    #[error("`{0}` is no address")]
    NoAddress(String),
    /// There is no answer.
    #[error("the registry `{host}` cannot be reached: {why}")]
    Unreachable {
        /// The host.
        host: String,
        /// Why.
        why: String,
    },
    /// The registry asks who the user is, and nobody knows.
    #[error("the registry `{host}` wants to know who you are; run `docker login {host}`")]
    LogInNeeded {
        /// The host.
        host: String,
    },
    /// The registry does not accept what it was shown.
    #[error("the registry `{host}` does not accept the stored login; run `docker login {host}`")]
    LogInRefused {
        /// The host.
        host: String,
    },
    /// The user's credentials cannot be read.
    #[error("{0}")]
    Credentials(String),
    /// Another status than a good one.
    #[error("`{url}` is answered with status `{status}`{words}")]
    Refused {
        /// What was asked for.
        url: String,
        /// The status.
        status: u16,
        /// What the registry says of it.
        words: String,
    },
    /// The registry asks for more patience than there is.
    #[error("`{url}` may be asked again in `{seconds}` s; scan again then, or log in")]
    Busy {
        /// What was asked for.
        url: String,
        /// Seconds.
        seconds: u64,
    },
    /// The registry leads to where nobody follows.
    #[error("a redirect is not followed, for {why}: `{to}`, from `{from}`")]
    Redirect {
        /// What was asked for.
        from: String,
        /// Where it leads.
        to: String,
        /// Why that is not followed.
        why: String,
    },
    /// A document is not what it should be.
    #[error("`{name}` is not what it should be: {why}")]
    Invalid {
        /// What was asked for.
        name: String,
        /// What is wrong.
        why: String,
    },
}

#[cfg(feature = "registry")]
impl From<RegistryError> for std::io::Error {
    fn from(error: RegistryError) -> Self {
        Self::other(error)
    }
}
