//! The host's side of the pipes: asks and listens until an answer, a death or the deadline.
//!
//! All three pipes are non-blocking and watched together. Nothing that the child does or leaves
//! undone — not reading, not writing, writing to standard error without end, closing a pipe,
//! leaving a grandchild behind that holds one — makes the host wait past the deadline.

use std::io::{self, Read as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{Pid, Signal, kill_process_group};

use super::frame::Kind;
use super::transfer::{Incoming, Outgoing, PIPE_BYTES, Received, Sending, is_temporary};
use super::{ChildLimits, HostCommand};
use crate::error::{Failure, Fault, LastWords};

/// How much of the end of standard error is kept.
const STDERR_BYTES: usize = 4096;
/// How long the system is asked to wait at once.
const ROUND: Duration = Duration::from_secs(3600);

/// A running child. Dropping it ends the child and all of its process group.
pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    /// `None` once the child has closed it.
    stderr: Option<ChildStderr>,
    last_words: Vec<u8>,
    /// How it ended, once it was waited for.
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts a child for the library at `whole_path`, without environment, in `/`.
    pub(crate) fn spawn(command: &HostCommand, whole_path: &Path) -> io::Result<Self> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .arg(whole_path)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own, so that what the plugin starts can be ended with it.
            .process_group(0)
            .spawn()?;
        let process = Self {
            stdin: child.stdin.take().expect("standard input was piped"),
            stdout: child.stdout.take().expect("standard output was piped"),
            stderr: Some(child.stderr.take().expect("standard error was piped")),
            last_words: Vec::new(),
            ended: None,
            child,
        };
        for pipe in process.pipes() {
            ioctl_fionbio(pipe, true)?;
        }
        Ok(process)
    }

    fn pipes(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let stderr = self.stderr.iter().map(AsFd::as_fd);
        [self.stdin.as_fd(), self.stdout.as_fd()].into_iter().chain(stderr)
    }

    /// Sends a frame and returns the payload of the answer.
    pub(super) fn exchange(
        &mut self,
        kind: Kind,
        payload: &[u8],
        limits: &ChildLimits,
    ) -> Result<Vec<u8>, Failure> {
        let asked = Instant::now();
        let mut question = Outgoing::new(kind, payload);
        let mut answer = Incoming::default();
        loop {
            let ready = self.wait(asked, limits, question.sending())?;
            if ready.stderr {
                self.hear_last_words();
            }
            if ready.stdin {
                question.send(&mut self.stdin)?;
            }
            if ready.stdout {
                match answer.receive(&mut self.stdout, limits.answer_bytes)? {
                    Received::Part => {}
                    Received::Frame(Kind::Answer, payload) => return Ok(payload),
                    Received::Frame(Kind::Fault, payload) => return Err(fault(&payload)),
                    Received::Frame(kind, _) => {
                        return Err(Failure::NoFrame { found: format!("one of kind {kind:?}") });
                    }
                    Received::NoFrame(first) => {
                        return Err(Failure::NoFrame { found: format!("the byte {first:#04x}") });
                    }
                    Received::TooLarge(found) => {
                        return Err(Failure::AnswerTooLarge { limit: limits.answer_bytes, found });
                    }
                    Received::End => return Err(self.died()),
                }
            }
        }
    }

    fn wait(
        &self,
        asked: Instant,
        limits: &ChildLimits,
        sending: Sending,
    ) -> Result<Ready, Failure> {
        let left = limits.call_time.checked_sub(asked.elapsed());
        let left = left.ok_or(Failure::TimedOut { limit: limits.call_time })?;
        // In rounds, because the system's type for a time holds less than ours.
        let round = Timespec::try_from(left.min(ROUND)).expect("an hour fits any type for times");
        let mut watched = Vec::with_capacity(3);
        watched.push(PollFd::new(&self.stdout, PollFlags::IN));
        if sending == Sending::Pending {
            watched.push(PollFd::new(&self.stdin, PollFlags::OUT));
        }
        if let Some(stderr) = &self.stderr {
            watched.push(PollFd::new(stderr, PollFlags::IN));
        }
        match poll(&mut watched, Some(&round)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(io::Error::from(error).into()),
        }
        let mut ready = watched.iter().map(|pipe| !pipe.revents().is_empty());
        Ok(Ready {
            stdout: ready.next().unwrap_or(false),
            stdin: sending == Sending::Pending && ready.next().unwrap_or(false),
            stderr: self.stderr.is_some() && ready.next().unwrap_or(false),
        })
    }

    /// Takes what is in the pipe, at most one pipe full, and keeps the end of it.
    fn hear_last_words(&mut self) {
        let Some(stderr) = &mut self.stderr else { return };
        let mut buffer = [0; PIPE_BYTES];
        match stderr.read(&mut buffer) {
            Ok(0) => self.stderr = None,
            Ok(read) => {
                self.last_words.extend_from_slice(&buffer[..read]);
                let excess = self.last_words.len().saturating_sub(STDERR_BYTES);
                self.last_words.drain(..excess);
            }
            Err(error) if is_temporary(&error) => {}
            Err(_) => self.stderr = None,
        }
    }

    fn died(&mut self) -> Failure {
        // A child that only closed its pipe is ended; one that died keeps its own status.
        let status = self.end();
        self.hear_last_words();
        Failure::Died {
            status: status.map_or_else(|error| error.to_string(), describe),
            last_words: LastWords::of(&self.last_words),
        }
    }

    /// Ends the child with all that it started, unless that was done before.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.ended {
            return Ok(status);
        }
        // Before anybody waits for the child its id cannot belong to another process, even if the
        // child itself is dead; and a child that is dead keeps the status that it died with.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It fails only when nothing is left to end.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let status = self.child.wait()?;
        self.ended = Some(status);
        Ok(status)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that the child is gone.
        let _ = self.end();
    }
}

/// Which pipes to look at.
struct Ready {
    stdin: bool,
    stdout: bool,
    stderr: bool,
}

fn fault(payload: &[u8]) -> Failure {
    match serde_json::from_slice::<Fault>(payload) {
        Ok(fault) => Failure::Fault(fault),
        Err(error) => Failure::NoFrame { found: format!("a fault that cannot be read: {error}") },
    }
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}
