//! Plugins that are ready to be asked.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flowdown_plugin_sdk::Resolver;
use flowdown_plugin_sdk::message::{Descriptor, Grams};
use sha2::{Digest as _, Sha256};

use crate::built_in::BuiltIn;
use crate::child::{Child, ChildLimits, HostCommand, Process};
use crate::error::{HostError, Sha256Hex};
use crate::library;

/// Where a plugin's code is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Loaded {
    /// In this program.
    BuiltIn,
    /// In a library, loaded by a child process.
    Process {
        /// As the user named it.
        path: PathBuf,
    },
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built-in"),
            Self::Process { path } => path.display().fmt(f),
        }
    }
}

/// A plugin that said who it is and can be asked.
pub struct Installed {
    /// What answers. Every failure becomes a [`flowdown_plugin_sdk::ResolveError`]; after one that
    /// leaves the plugin in doubt, it is not asked again.
    pub resolver: Box<dyn Resolver>,
    /// What it says of itself; checked.
    pub descriptor: Arc<Descriptor>,
    /// SHA-256 of the library; for a built-in, of what it says of itself.
    pub sha256: [u8; 32],
    /// Where its code is.
    pub loaded: Loaded,
}

impl Installed {
    /// A resolver of this program.
    ///
    /// # Errors
    /// When it panics or describes itself wrongly: defects of this program.
    pub fn built_in(resolver: Box<dyn Resolver>) -> Result<Self, HostError> {
        let resolver = BuiltIn::new(resolver).map_err(|failure| HostError::Unusable {
            plugin: Loaded::BuiltIn.to_string(),
            failure,
        })?;
        let descriptor = Arc::clone(resolver.descriptor());
        let sha256 = digest_of(&descriptor);
        Ok(Self { resolver: Box::new(resolver), descriptor, sha256, loaded: Loaded::BuiltIn })
    }

    /// A library that the user named, in a child process of this program's `plugin-host`.
    ///
    /// # Errors
    /// When it is not the expected one, cannot be loaded, or describes itself wrongly.
    pub fn child(
        path: &Path,
        expected_sha256: Option<[u8; 32]>,
        limits: ChildLimits,
    ) -> Result<Self, HostError> {
        let command = HostCommand::of_this_program().map_err(|reason| HostError::Start {
            path: path.to_owned(),
            program: PathBuf::from("plugin-host"),
            reason,
        })?;
        Self::child_of(&command, path, expected_sha256, limits)
    }

    /// As [`Installed::child`], in a child process of another program that runs
    /// [`crate::child_main`].
    ///
    /// # Errors
    /// When it is not the expected one, cannot be loaded, or describes itself wrongly.
    pub fn child_of(
        command: &HostCommand,
        path: &Path,
        expected_sha256: Option<[u8; 32]>,
        limits: ChildLimits,
    ) -> Result<Self, HostError> {
        let unreadable = |reason| HostError::Unreadable { path: path.to_owned(), reason };
        // The child runs in another folder, so it needs the whole path.
        let whole = path.canonicalize().map_err(unreadable)?;
        let sha256 = library::digest(&whole).map_err(unreadable)?;
        if let Some(expected) = expected_sha256.filter(|expected| *expected != sha256) {
            return Err(HostError::Digest {
                path: path.to_owned(),
                expected: Sha256Hex(expected),
                found: Sha256Hex(sha256),
            });
        }
        let process = Process::spawn(command, &whole).map_err(|reason| HostError::Start {
            path: path.to_owned(),
            program: command.program.clone(),
            reason,
        })?;
        let child = Child::start(process, sha256, limits).map_err(|failure| {
            HostError::Unusable { plugin: path.display().to_string(), failure }
        })?;
        let descriptor = Arc::clone(child.descriptor());
        let loaded = Loaded::Process { path: path.to_owned() };
        Ok(Self { resolver: Box::new(child), descriptor, sha256, loaded })
    }
}

impl fmt::Debug for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installed")
            .field("id", &self.descriptor.id)
            .field("sha256", &Sha256Hex(self.sha256))
            .field("loaded", &self.loaded)
            .finish_non_exhaustive()
    }
}

/// Refuses plugins that call themselves the same, since claims are attributed by id.
///
/// # Errors
/// [`HostError::SharedId`] for the first pair.
pub fn refuse_shared_ids<'a>(
    plugins: impl IntoIterator<Item = &'a Installed>,
) -> Result<(), HostError> {
    let mut seen: BTreeMap<&str, &Loaded> = BTreeMap::new();
    for plugin in plugins {
        if let Some(first) = seen.insert(&plugin.descriptor.id, &plugin.loaded) {
            return Err(HostError::SharedId {
                id: plugin.descriptor.id.clone(),
                first: first.to_string(),
                second: plugin.loaded.to_string(),
            });
        }
    }
    Ok(())
}

/// Of the descriptor as JSON. Megabytes of texts and grams are left out, and each profile's hash of all
/// words stands for them: otherwise this would take longer than everything else before a scan.
fn digest_of(descriptor: &Descriptor) -> [u8; 32] {
    #[derive(Debug)]
    struct Hasher(Sha256);

    impl Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut described = descriptor.clone();
    for profile in &mut described.profiles {
        (profile.grams, profile.frame) = (Grams::default(), Grams::default());
    }
    for listed in &mut described.listed {
        listed.text = None;
    }
    let mut writer = BufWriter::new(Hasher(Sha256::new()));
    serde_json::to_writer(&mut writer, &described).expect("a descriptor has text keys only");
    let hasher = writer.into_inner().expect("a hasher takes every byte");
    hasher.0.finalize().into()
}
