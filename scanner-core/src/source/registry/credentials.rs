//! Who the user is to a registry: what `docker login` and `podman login` have left.
//!
//! Files are looked for in the user's home and in the places that variables name, never in what is
//! scanned. Programs are run only if such a file names them. Nothing of a secret is ever shown.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::reference::DEFAULT_HOST;

/// Bytes of a file with credentials.
const FILE_BYTES: u64 = 1 << 20;
/// Bytes that a helper program may answer.
const ANSWER_BYTES: u64 = 64 << 10;
/// The name that Docker keeps its own registry under.
const DEFAULT_KEY: &str = "https://index.docker.io/v1/";
/// How often a helper program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// What a registry is shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A user and a password.
    Password { user: String, secret: String },
    /// A token that is exchanged for others (`identitytoken`).
    Identity(String),
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential")
    }
}

impl Credential {
    /// The header of basic authentication (RFC 7617); a token that must be exchanged has none.
    pub(super) fn basic(&self) -> Option<String> {
        match self {
            Self::Password { user, secret } => {
                Some(format!("Basic {}", STANDARD.encode(format!("{user}:{secret}"))))
            }
            Self::Identity(_) => None,
        }
    }
}

/// The files of credentials that count, the first that knows a registry wins.
pub fn credential_files(variable: impl Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let folder = |name: &str| variable(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let home = folder("HOME");
    let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let docker = folder("DOCKER_CONFIG").or_else(|| below_home(".docker"));
    let config = folder("XDG_CONFIG_HOME").or_else(|| below_home(".config"));
    [
        folder("REGISTRY_AUTH_FILE"),
        docker.map(|it| it.join("config.json")),
        folder("XDG_RUNTIME_DIR").map(|it| it.join("containers/auth.json")),
        config.map(|it| it.join("containers/auth.json")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is found for the repository `repository` of `host`.
///
/// # Errors
/// When a file that is there cannot be understood, or a helper program fails.
pub(super) fn find(
    files: &[PathBuf],
    host: &str,
    repository: &str,
    patience: Duration,
) -> Result<Option<Credential>, String> {
    for path in files {
        let Some(file) = read(path).map_err(|why| wrong(path, &why))? else { continue };
        if let Some(program) = file.helper(host) {
            let keys = if host == DEFAULT_HOST { DEFAULT_KEY } else { host };
            if let Some(found) = ask(program, keys, patience).map_err(|why| wrong(path, &why))? {
                return Ok(Some(found));
            }
        }
        if let Some(found) = file.entry(host, repository).map_err(|why| wrong(path, &why))? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn wrong(path: &Path, why: &str) -> String {
    format!("the credentials of `{}` cannot be used: {why}", path.display())
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct AuthFile {
    auths: BTreeMap<String, Entry>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

/// What a helper program answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

fn read(path: &Path) -> Result<Option<AuthFile>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let mut bytes = Vec::new();
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(format!("it has more than {FILE_BYTES} bytes"));
    }
    // The words of the parser may quote what it read: only the place is told.
    let parsed = serde_json::from_slice(&bytes).map_err(|error| {
        format!("it is not what it should be, in line {} column {}", error.line(), error.column())
    })?;
    Ok(Some(parsed))
}

impl AuthFile {
    /// The helper for a host: its own, else the one for all.
    fn helper(&self, host: &str) -> Option<&str> {
        let own = self.cred_helpers.iter().find(|(key, _)| same_host(key, host));
        own.map(|(_, program)| program).or(self.creds_store.as_ref()).map(String::as_str)
    }

    /// The entry for the repository, or for the longest part of its name that has one.
    fn entry(&self, host: &str, repository: &str) -> Result<Option<Credential>, String> {
        let whole = format!("{host}/{repository}");
        let mut name = whole.as_str();
        loop {
            if let Some(entry) = self.auths.get(name) {
                return entry.credential();
            }
            match name.rsplit_once('/') {
                Some((shorter, _)) => name = shorter,
                None => break,
            }
        }
        let found = self.auths.iter().find(|(key, _)| same_host(key, host));
        found.map_or(Ok(None), |(_, entry)| entry.credential())
    }
}

/// Whether `key`, a host or the address of a registry, means `host`.
fn same_host(key: &str, host: &str) -> bool {
    if host == DEFAULT_HOST && key == DEFAULT_KEY {
        return true;
    }
    let key = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    let end = key.find('/').unwrap_or(key.len());
    matches!(&key[end..], "" | "/" | "/v1" | "/v1/" | "/v2" | "/v2/")
        && key[..end].eq_ignore_ascii_case(host)
}

impl Entry {
    fn credential(&self) -> Result<Option<Credential>, String> {
        let filled = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
        if let Some(token) = filled(&self.identitytoken) {
            return Ok(Some(Credential::Identity(token)));
        }
        if let (Some(user), Some(secret)) = (filled(&self.username), filled(&self.password)) {
            return Ok(Some(Credential::Password { user, secret }));
        }
        let Some(auth) = filled(&self.auth) else { return Ok(None) };
        let decoded = STANDARD.decode(auth.trim()).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = text.as_deref().and_then(|text| text.trim_end_matches('\0').split_once(':'));
        let (user, secret) = pair.ok_or("an entry of `auths` is no `user:password` in base64")?;
        Ok(Some(Credential::Password { user: user.to_owned(), secret: secret.to_owned() }))
    }
}

/// Asks `docker-credential-<name>` for the credentials of a registry.
fn ask(name: &str, key: &str, patience: Duration) -> Result<Option<Credential>, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(
            "the name of a credential helper may have letters, digits, `.`, `_` and `-`".to_owned()
        );
    }
    let program = format!("docker-credential-{name}");
    let cannot = |what: &str| format!("the credential helper `{program}` {what}");
    let mut child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| cannot(&format!("cannot be started: {error}")))?;
    let (answer, is_good) = talk(&mut child, key, patience)
        .ok_or_else(|| cannot(&format!("did not answer within {} s", patience.as_secs())))?;
    if !is_good {
        // "Not found" is said in words, with a code that says "failed".
        let is_absent = String::from_utf8_lossy(&answer).contains("credentials not found");
        return if is_absent { Ok(None) } else { Err(cannot("failed; run it by hand")) };
    }
    let answer: Answer = serde_json::from_slice(&answer)
        .map_err(|_| cannot("answered something else than user and secret"))?;
    if answer.secret.is_empty() {
        return Ok(None);
    }
    Ok(Some(match answer.username.as_str() {
        "<token>" => Credential::Identity(answer.secret),
        _ => Credential::Password { user: answer.username, secret: answer.secret },
    }))
}

/// What the program says, and whether it ended well; `None` when it takes too long.
fn talk(child: &mut Child, key: &str, patience: Duration) -> Option<(Vec<u8>, bool)> {
    if let Some(mut input) = child.stdin.take() {
        // A program that closes its input has read enough.
        let _ = input.write_all(key.as_bytes());
    }
    let (sender, receiver) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        // The thread is left alone when time is up: a program of the program may hold the pipe open.
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = output.take(ANSWER_BYTES).read_to_end(&mut bytes);
            let _ = sender.send(read.map(|_| bytes).unwrap_or_default());
        });
    }
    let deadline = Instant::now() + patience;
    let answer = receiver.recv_timeout(patience);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return answer.ok().map(|bytes| (bytes, status.success())),
            Ok(None) if answer.is_ok() && Instant::now() < deadline => std::thread::sleep(POLL),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests;
