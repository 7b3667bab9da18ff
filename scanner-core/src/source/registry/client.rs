//! Requests of the distribution protocol: who is asked, what is shown, when it is asked again.
//!
//! OCI distribution specification 1.1, "Pull". What is refused: plain HTTP to other machines, a
//! redirect from HTTPS to HTTP, credentials for a host that a redirect leads to, and waiting longer
//! than [`Timing`](super::Timing) says.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use ureq::http::{HeaderMap, Response, StatusCode, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy};

use super::address::{checked, is_loopback, joined, origin, shorten};
use super::credentials::Credential;
use super::pace::Paced;
use super::reference::DEFAULT_HOST;
use super::traffic::{Counted, Counter, Counters};
use super::{Options, PlainHttp, RegistryError, Timing};

/// Where Docker's own registry answers.
const DEFAULT_ENDPOINT: &str = "registry-1.docker.io";
/// Redirects that are followed for one request.
const REDIRECTS: u32 = 5;
/// Bytes of an answer that says why not, and of a token.
const WORDS_BYTES: u64 = 64 << 10;

/// A body that is read as it comes.
pub(super) type Stream = Counted<Paced<ureq::BodyReader<'static>>>;

/// A registry that has the repository: the one that is named, or a mirror of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) repository: String,
}

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// Below the repository: `manifests/latest`.
    pub(super) path: &'a str,
    /// Media types.
    pub(super) accept: &'a str,
    /// The first and the last byte.
    pub(super) range: Option<(u64, Option<u64>)>,
    /// What it is counted as.
    pub(super) counter: &'a Arc<Counter>,
}

/// An answer that is no error.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Stream,
}

impl Answer {
    pub(super) fn header(&self, name: &header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A short body: what came before a failure is taken too.
    pub(super) fn words(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = (&mut self.body).take(WORDS_BYTES).read_to_end(&mut bytes);
        bytes
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// It will not be better.
    Final(RegistryError),
    /// It may be better after a while.
    Passing { error: RegistryError, after: Option<Duration> },
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self::Final(error)
    }
}

/// Asks registries.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    /// For this machine itself, which no proxy leads to.
    direct: Agent,
    pub(super) options: Options,
    pub(super) counters: Counters,
    /// What a place was shown last.
    shown: Mutex<BTreeMap<String, String>>,
    /// What is known of the user, by host.
    pub(super) credentials: Mutex<BTreeMap<String, Option<Credential>>>,
}

/// Who sends requests to other machines, through a proxy if one is set, and who to this machine itself.
pub(in crate::source) fn agents(timing: &Timing) -> (Agent, Agent) {
    // Those of the system, or of `SSL_CERT_FILE` and `SSL_CERT_DIR`: a company's own authority
    // is among them, and in no list that could be built in.
    let trusted = rustls_native_certs::load_native_certs();
    let roots = trusted.certs.iter().map(|it| Certificate::from_der(it).to_owned());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots.collect())))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let agent = |proxy: Option<Proxy>| {
        Agent::config_builder()
            .http_status_as_error(false)
            // Followed here, because what may be shown depends on where they lead.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("flowdown/", env!("CARGO_PKG_VERSION")))
            // Digests are of the bytes as they are stored.
            .accept_encoding("identity")
            .timeout_resolve(Some(timing.connect))
            .timeout_connect(Some(timing.connect))
            .timeout_send_request(Some(timing.response))
            .timeout_recv_response(Some(timing.response))
            .timeout_per_read(Some(timing.idle))
            .tls_config(tls.clone())
            .proxy(proxy)
            .build()
            .new_agent()
    };
    (agent(Proxy::try_from_env()), agent(None))
}

impl Client {
    pub(super) fn new(options: Options) -> Self {
        let (agent, direct) = agents(&options.timing);
        Self {
            agent,
            direct,
            options,
            counters: Counters::default(),
            shown: Mutex::default(),
            credentials: Mutex::default(),
        }
    }

    /// Asks `place`, again if what is in the way may pass.
    pub(super) fn get(&self, place: &Place, wanted: &Wanted<'_>) -> Result<Answer, RegistryError> {
        let timing = &self.options.timing;
        let mut pause = timing.pause;
        let mut tries = 0;
        loop {
            let (error, after) = match self.once(place, wanted) {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Passing { error, after }) => (error, after),
            };
            tries += 1;
            let wait = after.unwrap_or(pause);
            if tries >= timing.tries || wait > timing.longest_pause {
                return Err(error);
            }
            std::thread::sleep(wait);
            pause = (pause * 2).min(timing.longest_pause);
        }
    }

    fn once(&self, place: &Place, wanted: &Wanted<'_>) -> Result<Answer, Failure> {
        let (scheme, host) = (self.scheme(&place.host), api_host(&place.host));
        let url = format!("{scheme}://{host}/v2/{}/{}", place.repository, wanted.path);
        let url: Uri = url.parse().map_err(|_| RegistryError::NoAddress(url))?;
        let key = format!("{}/{}", place.host, place.repository);
        let shown = self.shown().get(&key).cloned();
        let (mut response, mut is_own) = self.follow(&url, shown.as_deref(), wanted)?;
        if response.status() == StatusCode::UNAUTHORIZED && is_own {
            let fresh = self.authorization(place, &url, response.headers(), wanted.counter)?;
            (response, is_own) = self.follow(&url, Some(&fresh), wanted)?;
            if response.status() == StatusCode::UNAUTHORIZED && is_own {
                return Err(self.log_in(place)?.into());
            }
            self.shown().insert(key, fresh);
        }
        let mut answer = self.answer(response, wanted.counter);
        match answer.status.as_u16() {
            200 | 206 => Ok(answer),
            416 if wanted.range.is_some() => Ok(answer),
            _ => Err(self.not_good(&url, &mut answer)),
        }
    }

    fn shown(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scheme(&self, host: &str) -> &'static str {
        let is_plain = self.options.plain_http == PlainHttp::Everywhere
            || (is_loopback(host) && !host.ends_with(":443"));
        if is_plain { "http" } else { "https" }
    }

    pub(super) fn agent(&self, url: &Uri) -> &Agent {
        if url.host().is_some_and(is_loopback) { &self.direct } else { &self.agent }
    }

    /// Sends the request and follows where it is sent to. The second value tells whether the answer
    /// comes from the registry itself.
    fn follow(
        &self,
        first: &Uri,
        shown: Option<&str>,
        wanted: &Wanted<'_>,
    ) -> Result<(Response<Body>, bool), Failure> {
        let mut here = first.clone();
        for _ in 0..=REDIRECTS {
            let is_own = origin(&here) == origin(first);
            let mut request = self.agent(&here).get(&here).header(header::ACCEPT, wanted.accept);
            if let Some((from, to)) = wanted.range {
                let to = to.map_or_else(String::new, |to| to.to_string());
                request = request.header(header::RANGE, format!("bytes={from}-{to}"));
            }
            if let Some(shown) = shown.filter(|_| is_own) {
                request = request.header(header::AUTHORIZATION, shown);
            }
            wanted.counter.request();
            let response = request.call().map_err(|error| self.unreachable(&here, error))?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok((response, is_own));
            }
            let target = response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok());
            let target = joined(&here, target.unwrap_or_default());
            here = self.led_to(first, &target)?;
        }
        let why = format!("there are more than {REDIRECTS} redirects in a row");
        Err(RegistryError::Redirect { from: first.to_string(), to: here.to_string(), why }.into())
    }

    /// The address that an answer to `first` names.
    pub(super) fn led_to(&self, first: &Uri, target: &str) -> Result<Uri, RegistryError> {
        checked(first, target, self.options.plain_http).map_err(|why| RegistryError::Redirect {
            from: first.to_string(),
            to: shorten(target),
            why,
        })
    }

    pub(super) fn unreachable(&self, url: &Uri, error: ureq::Error) -> Failure {
        let timing = &self.options.timing;
        let host = url.authority().map_or("", |it| it.as_str()).to_owned();
        let (why, passes) = match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                (format!("no connection within {} s", timing.connect.as_secs_f32()), false)
            }
            ureq::Error::Timeout(_) => {
                let patience = timing.response.min(timing.idle);
                (format!("no answer within {} s", patience.as_secs_f32()), false)
            }
            ureq::Error::HostNotFound => ("there is no host with this name".to_owned(), false),
            // TLS fails within input and output, and will not be better.
            ureq::Error::Io(error) => {
                let tls = error.get_ref().and_then(|it| it.downcast_ref::<rustls::Error>());
                let help = match tls {
                    Some(rustls::Error::InvalidCertificate(_)) => {
                        "; is its authority trusted here? `SSL_CERT_FILE` may name others"
                    }
                    _ => "",
                };
                let passes = tls.is_none() && error.kind() != io::ErrorKind::ConnectionRefused;
                (format!("{error}{help}"), passes)
            }
            error => (error.to_string(), false),
        };
        let error = RegistryError::Unreachable { host, why };
        if passes { Failure::Passing { error, after: None } } else { Failure::Final(error) }
    }

    pub(super) fn answer(&self, response: Response<Body>, counter: &Arc<Counter>) -> Answer {
        let (parts, body) = response.into_parts();
        let inner = Paced::new(body.into_reader(), &self.options.timing);
        let body = Counted { inner, counter: Arc::clone(counter) };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What an answer means that is no good one.
    pub(super) fn not_good(&self, url: &Uri, answer: &mut Answer) -> Failure {
        let (url, status) = (url.to_string(), answer.status.as_u16());
        if !matches!(status, 408 | 429 | 500 | 502 | 503 | 504) {
            let words = said(&answer.words());
            return Failure::Final(RegistryError::Refused { url, status, words });
        }
        let after = answer.header(&header::RETRY_AFTER).and_then(|text| text.trim().parse().ok());
        let after = after.map(Duration::from_secs);
        let error = match after.filter(|after| *after > self.options.timing.longest_pause) {
            Some(after) => RegistryError::Busy { url, seconds: after.as_secs() },
            None => RegistryError::Refused { url, status, words: String::new() },
        };
        Failure::Passing { error, after }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorDocument {
    errors: Vec<ErrorEntry>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorEntry {
    code: String,
    message: String,
}

/// What a registry says of an error (distribution specification, "Error Codes").
fn said(bytes: &[u8]) -> String {
    let document: ErrorDocument = serde_json::from_slice(bytes).unwrap_or_default();
    document
        .errors
        .first()
        .map_or_else(String::new, |error| shorten(&format!(": {} {}", error.code, error.message)))
}

fn api_host(host: &str) -> &str {
    if host == DEFAULT_HOST { DEFAULT_ENDPOINT } else { host }
}
