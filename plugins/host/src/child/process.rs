//! The host's side of the pipes: asks and listens until an answer, a death or the deadline.
//!
//! All three pipes are non-blocking and watched together. Nothing that the child does or leaves
//! undone — not reading, not writing, writing to standard error without end, closing a pipe,
//! leaving a grandchild behind that holds one — makes the host wait past the deadline.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use rustix::process::{Pid, Signal, kill_process_group};

use super::frame::{HEADER_BYTES, Header, Kind};
use super::{ChildLimits, HostCommand};
use crate::error::{Fault, HostError, LastWords};

/// How much of the end of standard error is kept.
const STDERR_BYTES: usize = 4096;
/// How much is moved at once: what a pipe of Linux holds.
const PIPE_BYTES: usize = 64 << 10;

/// A running child. Dropping it ends the child and all of its process group.
pub(super) struct Process {
    path: PathBuf,
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
    pub(super) fn spawn(
        command: &HostCommand,
        path: &Path,
        whole_path: &Path,
    ) -> Result<Self, HostError> {
        let failed = |source| HostError::Start {
            path: path.to_owned(),
            program: command.program.clone(),
            source,
        };
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
            .spawn()
            .map_err(failed)?;
        let process = Self {
            path: path.to_owned(),
            stdin: child.stdin.take().expect("standard input was piped"),
            stdout: child.stdout.take().expect("standard output was piped"),
            stderr: Some(child.stderr.take().expect("standard error was piped")),
            last_words: Vec::new(),
            ended: None,
            child,
        };
        for pipe in process.pipes() {
            ioctl_fionbio(pipe, true).map_err(|error| failed(error.into()))?;
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
    ) -> Result<Vec<u8>, HostError> {
        let deadline = Instant::now() + limits.call_time;
        let mut question = Outgoing::new(kind, payload);
        let mut answer = Incoming::default();
        loop {
            let ready = self.wait(deadline, limits, question.is_pending())?;
            if ready.stderr {
                self.hear_last_words();
            }
            if ready.stdin {
                question.send(&mut self.stdin).map_err(|source| self.broken(source))?;
            }
            if ready.stdout {
                match answer.receive(&mut self.stdout, limits.answer_bytes) {
                    Ok(Received::Part) => {}
                    Ok(Received::Frame(Kind::Answer, payload)) => return Ok(payload),
                    Ok(Received::Frame(Kind::Fault, payload)) => {
                        return Err(self.fault(&payload));
                    }
                    Ok(Received::Frame(kind, _)) => {
                        return Err(self.no_frame(format!("one of kind {kind:?}")));
                    }
                    Ok(Received::NoFrame(first)) => {
                        return Err(self.no_frame(format!("the byte {first:#04x}")));
                    }
                    Ok(Received::TooLarge(found)) => {
                        let (path, limit) = (self.path.clone(), limits.answer_bytes);
                        return Err(HostError::AnswerTooLarge { path, limit, found });
                    }
                    Ok(Received::End) => return Err(self.died()),
                    Err(source) => return Err(self.broken(source)),
                }
            }
        }
    }

    fn wait(
        &self,
        deadline: Instant,
        limits: &ChildLimits,
        sending: Sending,
    ) -> Result<Ready, HostError> {
        let timed_out = || HostError::TimedOut { path: self.path.clone(), limit: limits.call_time };
        let left = deadline.checked_duration_since(Instant::now()).ok_or_else(timed_out)?;
        let left = Timespec::try_from(left).map_err(|_| timed_out())?;
        let mut watched = Vec::with_capacity(3);
        watched.push(PollFd::new(&self.stdout, PollFlags::IN));
        if sending == Sending::Pending {
            watched.push(PollFd::new(&self.stdin, PollFlags::OUT));
        }
        if let Some(stderr) = &self.stderr {
            watched.push(PollFd::new(stderr, PollFlags::IN));
        }
        match poll(&mut watched, Some(&left)) {
            Ok(0) => return Err(timed_out()),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(self.broken(error.into())),
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

    fn fault(&self, payload: &[u8]) -> HostError {
        match serde_json::from_slice::<Fault>(payload) {
            Ok(fault) => HostError::fault(&self.path, fault),
            Err(error) => self.no_frame(format!("a fault that cannot be read: {error}")),
        }
    }

    fn no_frame(&self, found: String) -> HostError {
        HostError::NoFrame { path: self.path.clone(), found }
    }

    fn broken(&self, source: io::Error) -> HostError {
        HostError::Pipe { path: self.path.clone(), source }
    }

    fn died(&mut self) -> HostError {
        // A child that only closed its pipe is ended; one that died keeps its own status.
        let status = self.end();
        self.hear_last_words();
        HostError::Died {
            path: self.path.clone(),
            status: status.map_or_else(|error| error.to_string(), describe),
            stderr: LastWords::of(&self.last_words),
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

/// Whether there is something left to send.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sending {
    Pending,
    Finished,
}

/// A frame on its way to the child.
struct Outgoing<'a> {
    header: [u8; HEADER_BYTES],
    payload: &'a [u8],
    sent: usize,
}

impl<'a> Outgoing<'a> {
    fn new(kind: Kind, payload: &'a [u8]) -> Self {
        Self { header: Header::of(kind, payload).to_bytes(), payload, sent: 0 }
    }

    fn rest(&self) -> &[u8] {
        match self.sent.checked_sub(HEADER_BYTES) {
            None => &self.header[self.sent..],
            Some(sent) => &self.payload[sent..],
        }
    }

    fn is_pending(&self) -> Sending {
        if self.rest().is_empty() { Sending::Finished } else { Sending::Pending }
    }

    fn send(&mut self, pipe: &mut impl Write) -> io::Result<()> {
        match pipe.write(self.rest()) {
            Ok(written) => self.sent += written,
            Err(error) if is_temporary(&error) => {}
            // The child reads no more; standard output will tell why.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.sent = HEADER_BYTES + self.payload.len();
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// A frame on its way from the child.
#[derive(Default)]
struct Incoming {
    header: Vec<u8>,
    payload: Vec<u8>,
}

enum Received {
    /// There is more to come.
    Part,
    Frame(Kind, Vec<u8>),
    /// The first byte is no kind of frame.
    NoFrame(u8),
    /// More bytes are announced than the limit allows.
    TooLarge(u64),
    /// The child closed the pipe.
    End,
}

impl Incoming {
    fn receive(&mut self, pipe: &mut impl Read, limit: u64) -> io::Result<Received> {
        let mut buffer = [0; PIPE_BYTES];
        let missing_of_header = HEADER_BYTES - self.header.len();
        let wanted = match self.announced() {
            None => missing_of_header,
            Some(header) => {
                let missing = header.payload_bytes - self.payload.len() as u64;
                usize::try_from(missing).unwrap_or(PIPE_BYTES).min(PIPE_BYTES)
            }
        };
        let read = match pipe.read(&mut buffer[..wanted]) {
            Ok(0) => return Ok(Received::End),
            Ok(read) => read,
            Err(error) if is_temporary(&error) => return Ok(Received::Part),
            Err(error) => return Err(error),
        };
        // The payload grows with what arrives, never with what was announced.
        let part = if missing_of_header > 0 { &mut self.header } else { &mut self.payload };
        part.extend_from_slice(&buffer[..read]);
        if self.header.len() < HEADER_BYTES {
            return Ok(Received::Part);
        }
        Ok(match self.announced() {
            None => Received::NoFrame(self.header[0]),
            Some(header) if header.payload_bytes > limit => {
                Received::TooLarge(header.payload_bytes)
            }
            Some(header) if header.payload_bytes == self.payload.len() as u64 => {
                Received::Frame(header.kind, std::mem::take(&mut self.payload))
            }
            Some(_) => Received::Part,
        })
    }

    fn announced(&self) -> Option<Header> {
        Header::from_bytes(self.header.as_slice().try_into().ok()?)
    }
}

fn is_temporary(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}
