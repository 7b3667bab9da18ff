//! What the child does to itself before it loads a plugin.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::stdio::{dup2_stdin, dup2_stdout};

use super::frame::Start;

/// The pipes to the host, out of the plugin's way.
pub(super) struct Pipes {
    pub(super) requests: File,
    pub(super) answers: File,
}

/// Moves the pipes from the standard streams. What the plugin prints goes to standard error, and
/// what it reads is empty, so that neither can disturb the frames.
pub(super) fn take_standard_streams() -> io::Result<Pipes> {
    // Above the standard streams, and closed in whatever the plugin may start.
    let keep = |stream: OwnedFd| File::from(stream);
    let requests = keep(fcntl_dupfd_cloexec(io::stdin(), 3)?);
    let answers = keep(fcntl_dupfd_cloexec(io::stdout(), 3)?);
    dup2_stdin(File::open("/dev/null")?)?;
    dup2_stdout(io::stderr())?;
    Ok(Pipes { requests, answers })
}

/// Limits this process for good.
pub(super) fn limit_resources(start: &Start) -> io::Result<()> {
    let limits = [
        (Resource::As, start.memory_bytes),
        (Resource::Cpu, start.cpu_seconds),
        // No dump of what the host sent, and no files: a plugin has nothing to write.
        (Resource::Core, 0),
        (Resource::Fsize, 0),
    ];
    for (resource, limit) in limits {
        // A limit can only be lowered; whoever started the host may have set a lower one.
        let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Some(limit.min(allowed));
        setrlimit(resource, Rlimit { current: limit, maximum: limit })?;
    }
    Ok(())
}
