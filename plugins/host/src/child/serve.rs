//! The child's side: `flowdown plugin-host PATH`.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use flowdown_plugin_sdk::abi::{AbiError, Operation, Output, Plugin};

use super::confine::{self, Pipes};
use super::frame::{self, Kind, Start};
use crate::error::Fault;
use crate::library;

/// Loads a plugin and answers the host until it hangs up. This is what `flowdown plugin-host PATH`
/// runs; nobody else has a use for it.
///
/// Limits the whole process and moves its standard streams, so nothing else may run in it.
pub fn child_main(path: &Path) -> ExitCode {
    match serve(path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails too.
            let _ = writeln!(io::stderr(), "the pipe to the host failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(path: &Path) -> io::Result<()> {
    let Pipes { mut requests, mut answers } = confine::take_standard_streams()?;
    confine::end_with_host(&requests)?;
    let Some((Kind::Start, start)) = frame::read(&mut requests)? else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let start: Start = serde_json::from_slice(&start)?;
    let plugin = match load(path, &start) {
        Ok(plugin) => plugin,
        Err(fault) => return write_fault(&mut answers, &fault),
    };
    write_answer(&mut answers, plugin.describe())?;
    while let Some((kind, request)) = frame::read(&mut requests)? {
        if kind != Kind::Resolve {
            return Err(io::ErrorKind::InvalidData.into());
        }
        write_answer(&mut answers, plugin.call(Operation::RESOLVE, &request))?;
    }
    Ok(())
}

fn load(path: &Path, start: &Start) -> Result<Plugin, Fault> {
    confine::limit_resources(start).map_err(|error| Fault::Limits { reason: error.to_string() })?;
    // SAFETY: the host starts this process for a file that the user named as a plugin, and this
    // process exists to contain what that file does.
    unsafe { library::load(path, start.sha256) }
}

fn write_answer(pipe: &mut impl io::Write, answer: Result<Output, AbiError>) -> io::Result<()> {
    match answer {
        Ok(output) => frame::write(pipe, Kind::Answer, &output),
        Err(error) => write_fault(pipe, &Fault::Abi(error)),
    }
}

fn write_fault(pipe: &mut impl io::Write, fault: &Fault) -> io::Result<()> {
    frame::write(pipe, Kind::Fault, &serde_json::to_vec(fault)?)
}
