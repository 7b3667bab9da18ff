//! A plugin in a process of its own.

mod confine;
mod frame;
mod process;
mod serve;
mod transfer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{env, io};

use flowdown_plugin_sdk::message::{Descriptor, ResolveRequest, ResolveResponse};
use flowdown_plugin_sdk::{ResolveError, Resolver, check};

use self::frame::{Kind, Start};
use crate::error::{Failure, MessageKind};

pub(crate) use self::process::Process;
pub use self::serve::child_main;

/// What the process of a plugin may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChildLimits {
    /// Time for one answer, loading included.
    pub call_time: Duration,
    /// Bytes of one answer.
    pub answer_bytes: u64,
    /// Bytes of address space.
    pub memory_bytes: u64,
    /// Seconds of processor time over the life of the process.
    pub cpu_seconds: u64,
}

impl Default for ChildLimits {
    fn default() -> Self {
        Self {
            call_time: Duration::from_secs(30),
            answer_bytes: 256 << 20,
            memory_bytes: 4 << 30,
            cpu_seconds: 600,
        }
    }
}

/// How to start a process that runs [`child_main`]; the library's path is appended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments before the path.
    pub arguments: Vec<String>,
}

impl HostCommand {
    /// `plugin-host` of the running program.
    ///
    /// # Errors
    /// When the system does not tell which program is running.
    pub fn of_this_program() -> io::Result<Self> {
        Ok(Self { program: env::current_exe()?, arguments: vec!["plugin-host".to_owned()] })
    }
}

/// A plugin in a process of its own. Dropping it ends the process.
pub(crate) struct Child {
    limits: ChildLimits,
    descriptor: Arc<Descriptor>,
    state: Mutex<State>,
}

enum State {
    Running(Process),
    /// It failed, for this reason, and its process was ended.
    Stopped(String),
}

impl Child {
    /// Lets a process load its library and asks for the descriptor.
    pub(crate) fn start(
        mut process: Process,
        sha256: [u8; 32],
        limits: ChildLimits,
    ) -> Result<Self, Failure> {
        let start =
            Start { sha256, memory_bytes: limits.memory_bytes, cpu_seconds: limits.cpu_seconds };
        let start = serde_json::to_vec(&start).expect("numbers are always JSON");
        let answer = process.exchange(Kind::Start, &start, &limits)?;
        let descriptor = check::decode(&answer)
            .and_then(|descriptor| check::descriptor(&descriptor).map(|()| descriptor))
            .map_err(|error| Failure::Message { message: MessageKind::Descriptor, error })?;
        let (descriptor, state) = (Arc::new(descriptor), Mutex::new(State::Running(process)));
        Ok(Self { limits, descriptor, state })
    }

    pub(crate) fn descriptor(&self) -> &Arc<Descriptor> {
        &self.descriptor
    }

    fn call(&self, request: &ResolveRequest) -> Result<ResolveResponse, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = match &mut *state {
            State::Running(process) => ask(process, request, &self.limits),
            State::Stopped(because) => return Err(Failure::Stopped { because: because.clone() }),
        };
        if let Err(failure) = &outcome
            && !failure.is_refusal()
        {
            // Dropping the process ends it.
            *state = State::Stopped(failure.to_string());
        }
        outcome
    }
}

impl Resolver for Child {
    fn describe(&self) -> Descriptor {
        Descriptor::clone(&self.descriptor)
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        self.call(request).map_err(|failure| ResolveError(failure.to_string()))
    }
}

fn ask(
    process: &mut Process,
    request: &ResolveRequest,
    limits: &ChildLimits,
) -> Result<ResolveResponse, Failure> {
    let json = serde_json::to_vec(request).expect("a request has text keys only");
    let answer = process.exchange(Kind::Resolve, &json, limits)?;
    check::decode(&answer)
        .and_then(|response| check::response(request, &response).map(|()| response))
        .map_err(|error| Failure::Message { message: MessageKind::Answer, error })
}
