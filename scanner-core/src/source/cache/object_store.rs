//! Facts of layers in a bucket of an object store that speaks the protocol of Amazon S3, so that machines
//! can share them. Requests are signed with AWS Signature Version 4, in the address.
//!
//! Whoever may write to the bucket says what layers hold: it has to be as trusted as the program itself.

use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use ureq::Agent;
use ureq::http::{StatusCode, Uri};

use crate::source::registry::{Timing, agents, is_loopback};

/// No value is longer.
const MOST_BYTES: u64 = 256 << 20;
/// A signed address holds this long.
const SIGNED_FOR: Duration = Duration::from_secs(300);

/// Why there is no object store.
#[derive(Debug, thiserror::Error)]
pub enum ObjectStoreError {
    /// The address is none.
    #[error("`{0}` is no address of a bucket; it is `s3://BUCKET` or `s3://BUCKET/PREFIX`")]
    NoAddress(String),
    /// The endpoint is none.
    #[error("`{0}` is no address of an object store")]
    NoEndpoint(String),
    /// A variable of the environment is not set.
    #[error("the variable `{0}` is not set")]
    NotSet(&'static str),
    /// The store would be asked without TLS.
    #[error("`{0}` would be asked without TLS, which is for this machine only")]
    NoTls(String),
}

/// A bucket, and where in it.
pub struct ObjectStore {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    agent: Agent,
    /// Why it is not asked any more.
    failure: Mutex<Option<String>>,
}

impl ObjectStore {
    /// The bucket at `address`, `s3://BUCKET/PREFIX`. `variable` gives variables of the environment:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION` (else
    /// `AWS_DEFAULT_REGION`), `AWS_ENDPOINT_URL_S3` (else `AWS_ENDPOINT_URL`).
    ///
    /// # Errors
    /// When the address or the endpoint is none, or no credentials are set.
    pub fn open(
        address: &str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ObjectStoreError> {
        let no_address = || ObjectStoreError::NoAddress(address.to_owned());
        let place = address.strip_prefix("s3://").ok_or_else(no_address)?;
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        if name.is_empty() {
            return Err(no_address());
        }
        let either = |one: &str, other: &str| variable(one).or_else(|| variable(other));
        let region = either("AWS_REGION", "AWS_DEFAULT_REGION");
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let endpoint = either("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
        let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let no_endpoint = || ObjectStoreError::NoEndpoint(endpoint.clone());
        let uri: Uri = endpoint.parse().map_err(|_| no_endpoint())?;
        let host = uri.host().ok_or_else(no_endpoint)?;
        let is_here = is_loopback(host);
        if uri.scheme_str() != Some("https") && !is_here {
            return Err(ObjectStoreError::NoTls(endpoint));
        }
        let set = |name: &'static str| variable(name).ok_or(ObjectStoreError::NotSet(name));
        let key = set("AWS_ACCESS_KEY_ID")?;
        let secret = set("AWS_SECRET_ACCESS_KEY")?;
        let credentials = match variable("AWS_SESSION_TOKEN") {
            Some(token) => Credentials::new_with_token(key, secret, token),
            None => Credentials::new(key, secret),
        };
        let url = endpoint.parse().map_err(|_| no_endpoint())?;
        let bucket =
            Bucket::new(url, UrlStyle::Path, name.to_owned(), region).map_err(|_| no_endpoint())?;
        let timing = Timing {
            connect: Duration::from_secs(5),
            response: Duration::from_secs(20),
            idle: Duration::from_secs(20),
            ..Timing::default()
        };
        let (agent, direct) = agents(&timing);
        Ok(Self {
            bucket,
            credentials,
            prefix: prefix.trim_end_matches('/').to_owned(),
            agent: if is_here { direct } else { agent },
            failure: Mutex::default(),
        })
    }

    fn name(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) }
    }

    /// What is kept under `key`; `None` too when the store does not answer.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        if self.failure().is_some() {
            return None;
        }
        let name = self.name(key);
        let url = self.bucket.get_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
        let response = match self.agent.get(url.as_str()).call() {
            Ok(response) => response,
            Err(error) => return self.give_up(&error),
        };
        match response.status() {
            StatusCode::OK => {}
            // Without the right to list, a store does not say that there is nothing.
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => return None,
            status => return self.give_up(&format!("status `{status}`")),
        }
        let mut bytes = Vec::new();
        let body = response.into_body().into_reader();
        match body.take(MOST_BYTES).read_to_end(&mut bytes) {
            Ok(_) => Some(bytes),
            Err(error) => self.give_up(&error),
        }
    }

    /// Keeps `bytes` under `key`; a store that does not take them is not asked again.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        if self.failure().is_some() || bytes.len() as u64 > MOST_BYTES {
            return;
        }
        let name = self.name(key);
        let url = self.bucket.put_object(Some(&self.credentials), &name).sign(SIGNED_FOR);
        match self.agent.put(url.as_str()).send(bytes) {
            Ok(response) if response.status().is_success() => {}
            Ok(response) => drop(self.give_up::<()>(&format!("status `{}`", response.status()))),
            Err(error) => drop(self.give_up::<()>(&error)),
        }
    }

    /// Why the store is not asked any more.
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn give_up<T>(&self, why: &dyn std::fmt::Display) -> Option<T> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert_with(|| why.to_string());
        None
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectStore;

    #[track_caller]
    fn check(address: &str, set: &[(&str, &str)], expected: Result<(), &str>) {
        let variable = |name: &str| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        let opened = ObjectStore::open(address, variable).map(drop).map_err(|it| it.to_string());
        match (&opened, expected) {
            (Ok(()), Ok(())) => {}
            (Err(error), Err(words)) if error.contains(words) => {}
            _ => panic!("{address}: {opened:?}, not {expected:?}"),
        }
    }

    #[test]
    fn what_is_set_is_checked() {
        let keys = [("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s")];
        let with = |name, value| [keys[0], keys[1], (name, value)];
        check("s3://bucket/some/where", &keys, Ok(()));
        check("https://bucket", &keys, Err("no address of a bucket"));
        check("s3://", &keys, Err("no address of a bucket"));
        check("s3://bucket", &keys[..1], Err("`AWS_SECRET_ACCESS_KEY` is not set"));
        check("s3://bucket", &with("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"), Ok(()));
        check("s3://bucket", &with("AWS_ENDPOINT_URL_S3", "http://s.example"), Err("without TLS"));
        check("s3://bucket", &with("AWS_ENDPOINT_URL", "no url"), Err("no address of an object"));
    }
}
