use std::os::unix::fs::PermissionsExt as _;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// What is found for `repository` of `host` in a file with this text.
#[track_caller]
fn check(text: &str, host: &str, repository: &str) -> Result<Option<Credential>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, text).unwrap();
    let absent = folder.path().join("absent.json");
    find(&[absent, path], host, repository, PATIENCE)
}

fn password(user: &str, secret: &str) -> Result<Option<Credential>, String> {
    Ok(Some(Credential::Password { user: user.to_owned(), secret: secret.to_owned() }))
}

#[test]
fn entries_are_found_as_docker_and_podman_write_them() {
    let text = r#"{"auths": {
        "https://index.docker.io/v1/": {"auth": "aHViOnB3"},
        "localhost:5000": {"auth": "bGludXM6YTpi"},
        "localhost:5000/team/own": {"username": "own", "password": "p"},
        "http://registry.example.com/v2/": {"identitytoken": "t"},
        "other.example.com": {}
    }, "HttpHeaders": {"x": "y"}}"#;
    assert_eq!(check(text, "docker.io", "library/a"), password("hub", "pw"));
    assert_eq!(check(text, "localhost:5000", "team/app"), password("linus", "a:b"));
    assert_eq!(check(text, "localhost:5000", "team/own/x"), password("own", "p"));
    let identity = Ok(Some(Credential::Identity("t".to_owned())));
    assert_eq!(check(text, "registry.example.com", "x"), identity);
    for host in ["other.example.com", "localhost", "registry.example.com.evil.test"] {
        assert_eq!(check(text, host, "x"), Ok(None), "{host}");
    }
}

#[test]
fn a_file_that_is_wrong_says_where_and_shows_nothing() {
    for (text, words) in [
        (r#"{"auths": {"localhost": {"auth": "secret-no-base64"}}}"#, "no `user:password`"),
        (r#"{"auths": "secret"}"#, "line 1"),
        (r#"{"credsStore": "../secret"}"#, "name of a credential helper"),
        (r#"{"credsStore": "flowdown-no-such-secret"}"#, "cannot be started"),
    ] {
        let error = check(text, "localhost", "x").unwrap_err();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains("secret-no-base64"), "{error}");
    }
    let password = Credential::Password { user: "u".to_owned(), secret: "hidden".to_owned() };
    assert!(!format!("{password:?}").contains("hidden"));
}

#[test]
fn a_helper_program_is_asked_and_not_waited_for_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let run = |script: &str, patience: Duration| {
        let program = folder.path().join("helper");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        // A program that was just written may still be open in a process forked by another test.
        let spawn = || Command::new(&program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = loop {
            match spawn() {
                Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {}
                other => break other.unwrap(),
            }
        };
        talk(&mut child, "localhost:5000", patience)
    };
    assert_eq!(run("cat", PATIENCE), Some((b"localhost:5000".to_vec(), true)));
    assert_eq!(run("echo no; exit 1", PATIENCE), Some((b"no\n".to_vec(), false)));
    let start = Instant::now();
    assert_eq!(run("sleep 60", Duration::from_millis(300)), None);
    assert_eq!(run("exec >&-; exec sleep 60", Duration::from_millis(300)), None);
    assert_eq!(run("sleep 5 & exit 0", Duration::from_millis(300)), None);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    let endless = run("yes | head -c 1000000", PATIENCE).map(|(bytes, _)| bytes.len());
    assert!(endless.is_none_or(|bytes| bytes as u64 <= ANSWER_BYTES), "{endless:?}");
}

#[test]
fn files_are_those_of_docker_and_podman() {
    let variables = |name: &str| match name {
        "HOME" => Some("/home/u".to_owned()),
        "XDG_RUNTIME_DIR" => Some("/run/user/7".to_owned()),
        "XDG_CONFIG_HOME" => Some(String::new()),
        _ => None,
    };
    assert_eq!(
        credential_files(variables),
        [
            "/home/u/.docker/config.json",
            "/run/user/7/containers/auth.json",
            "/home/u/.config/containers/auth.json"
        ]
        .map(PathBuf::from)
    );
    let variables = |name: &str| match name {
        "DOCKER_CONFIG" => Some("/d".to_owned()),
        "REGISTRY_AUTH_FILE" => Some("/r.json".to_owned()),
        _ => None,
    };
    assert_eq!(credential_files(variables), ["/r.json", "/d/config.json"].map(PathBuf::from));
}
