//! What the child does to itself before it loads a plugin.

use std::fs::File;
use std::io;
use std::process::exit;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::process::{
    Resource, Rlimit, Signal, getpgrp, getpid, getrlimit, kill_current_process_group, setrlimit,
};
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
    let requests = File::from(fcntl_dupfd_cloexec(io::stdin(), 3)?);
    let answers = File::from(fcntl_dupfd_cloexec(io::stdout(), 3)?);
    dup2_stdin(File::open("/dev/null")?)?;
    dup2_stdout(io::stderr())?;
    Ok(Pipes { requests, answers })
}

/// Ends this process when the host is gone, even if the plugin hangs then: a host that is killed
/// cannot end it, and a plugin that waits uses no processor time that would run out.
pub(super) fn end_with_host(requests: &File) -> io::Result<()> {
    let requests = requests.try_clone()?;
    thread::Builder::new().name("host-watch".to_owned()).spawn(move || {
        // Nothing is asked for, so only the end of the pipe is told.
        let mut watched = [PollFd::new(&requests, PollFlags::empty())];
        while matches!(poll(&mut watched, None), Ok(0) | Err(Errno::INTR)) {}
        // With what the plugin started, unless somebody runs this by hand in a group of theirs.
        if getpgrp() == getpid() {
            let _ = kill_current_process_group(Signal::KILL);
        }
        exit(1);
    })?;
    Ok(())
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
