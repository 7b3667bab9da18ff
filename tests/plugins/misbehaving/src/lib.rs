//! A plugin that breaks the contract: it does what the first artifact of a request is called.
//!
//! Tables and answers that the SDK cannot make are in `tables.c` beside this crate.

#![forbid(unsafe_code)]

use std::io::{self, Read as _, Write as _};
use std::thread;

use flowdown_plugin_sdk::message::{
    Descriptor, Phase, PluginDiagnostic, Resolution, ResolveRequest, ResolveResponse,
};
use flowdown_plugin_sdk::{ResolveError, Resolver};

/// Does what it is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Misbehaving;

impl Resolver for Misbehaving {
    fn describe(&self) -> Descriptor {
        Descriptor {
            id: "misbehaving".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            families: vec![],
            phase: Phase::License,
            needs: vec![],
            tags: vec![],
            terms: vec![],
            listed: vec![],
            profiles: vec![],
            phrases: vec![],
        }
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        let Some(artifact) = request.artifacts.first() else {
            return Ok(ResolveResponse::default());
        };
        let name = artifact.name.as_deref().unwrap_or_default();
        if let Some(path) = name.strip_prefix("write:") {
            let written = std::fs::write(path, "x");
            return Ok(answer(&artifact.id, format!("{written:?}")));
        }
        let message = match name {
            "abort" => std::process::abort(),
            "allocate" => allocate(),
            "exit" => std::process::exit(7),
            "hang" => loop {
                thread::park();
            },
            "huge" => "x".repeat(2 << 20),
            "leave-child" => leave_child()?,
            "noise" => loop {
                // Fills the pipe of standard error again and again.
                let _ = writeln!(io::stderr(), "{}\u{1b}[2J", "noise ".repeat(100));
            },
            "panic" => panic!("told to"),
            "probe" => probe(),
            "refuse" => return Err(ResolveError("told to".into())),
            "spin" => loop {
                std::hint::spin_loop();
            },
            "stack" => recurse(0).to_string(),
            "stranger" => return Ok(answer("model:nobody", String::new())),
            _ => String::new(),
        };
        Ok(answer(&artifact.id, message))
    }
}

fn answer(id: &str, message: String) -> ResolveResponse {
    let diagnostic = PluginDiagnostic { message, help: None, evidence: vec![] };
    let diagnostics = vec![diagnostic];
    ResolveResponse {
        artifacts: vec![Resolution { id: id.into(), diagnostics, ..Resolution::default() }],
    }
}

/// Takes memory until the process has no more.
fn allocate() -> String {
    let mut blocks = Vec::new();
    loop {
        blocks.push(std::hint::black_box(vec![1_u8; 16 << 20]));
    }
}

fn recurse(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 512]);
    if depth == u64::MAX { 0 } else { recurse(depth + 1) + frame[0] }
}

/// Leaves a process behind that holds the pipes of standard error, and dies.
fn leave_child() -> Result<String, ResolveError> {
    let spawned = std::process::Command::new("/bin/sleep").arg("600").spawn();
    let child = spawned.map_err(|error| ResolveError(error.to_string()))?;
    let _ = writeln!(io::stderr(), "left {}", child.id());
    std::process::abort();
}

/// Prints where the frames once were, and says what it sees of the world.
fn probe() -> String {
    let printed = io::stdout().write_all(b"\x03not a frame\n").and_then(|()| io::stdout().flush());
    let mut input = Vec::new();
    let read = io::stdin().read_to_end(&mut input);
    format!(
        "stdout {}, stdin {:?}, environment {}, folder {}",
        if printed.is_ok() { "taken" } else { "closed" },
        read.ok(),
        std::env::vars_os().count(),
        std::env::current_dir()
            .map_or_else(|error| error.to_string(), |path| path.display().to_string()),
    )
}

flowdown_plugin_sdk::export_plugin!(misbehaving, Misbehaving);
