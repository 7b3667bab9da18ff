//! What commands cost, for benchmarks.

use std::env;
use std::error::Error;
use std::fs;
use std::process::{Child, Command};
use std::time::Duration;

/// What one command cost.
#[derive(Clone, Debug)]
pub struct Cost {
    /// User and system time of the command and all that it started.
    pub cpu_seconds: f64,
    /// Elapsed time.
    pub wall_seconds: f64,
    /// Its standard output.
    pub output: String,
}

/// Runs a command under the timer of `bash`, which counts the CPU time of the child alone.
///
/// # Errors
/// When it cannot be run or fails.
pub fn cost(command: &[&str]) -> Result<Cost, Box<dyn Error>> {
    let script = r#"TIMEFORMAT="%U %S %R"; time "$@""#;
    let output = Command::new("bash").args(["-c", script, "bash"]).args(command).output()?;
    let errors = String::from_utf8(output.stderr)?;
    if !output.status.success() {
        return Err(format!("{command:?}: {errors}").into());
    }
    let times = errors.lines().last().unwrap_or_default().split(' ').map(str::parse::<f64>);
    match times.collect::<Result<Vec<_>, _>>()?[..] {
        [user, system, wall_seconds] => {
            let output = String::from_utf8(output.stdout)?;
            Ok(Cost { cpu_seconds: user + system, wall_seconds, output })
        }
        _ => Err(format!("{command:?}: no times: {errors}").into()),
    }
}

/// The middle of some values; infinite without any.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::INFINITY)
}

/// The number in an environment variable.
pub fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The peak memory of a process in KiB, looked at every few milliseconds until it ends.
///
/// # Errors
/// When it fails.
pub fn peak_kib(child: &mut Child) -> Result<u64, Box<dyn Error>> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    loop {
        if let Ok(text) = fs::read_to_string(&status)
            && let Some(line) = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))
        {
            peak_kib = line.trim().trim_end_matches(" kB").parse()?;
        }
        match child.try_wait()? {
            Some(exit) if exit.success() => return Ok(peak_kib),
            Some(exit) => return Err(format!("it ended with {exit}").into()),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}
