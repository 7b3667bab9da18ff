//! A registry on this machine, for tests: one that behaves, and whatever a test answers instead.
//!
//! One thread for each connection, one request for each connection. The server ends with its value.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Media type of an image manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of an index of images.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Media type of a layer that is an uncompressed archive.
pub const TAR: &str = "application/vnd.oci.image.layer.v1.tar";

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// Headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
    /// How many bytes of the answer's body were taken by the network.
    pub sent: Arc<AtomicU64>,
}

impl Asked {
    /// The value of a header, empty when it was not sent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// First and last byte of the header `Range`.
    #[must_use]
    pub fn range(&self) -> Option<(usize, Option<usize>)> {
        let (from, to) = self.header("range").strip_prefix("bytes=")?.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()))
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Sent,
}

/// How a body is sent.
#[derive(Clone, Debug)]
pub enum Sent {
    /// With its length.
    Whole(Arc<[u8]>),
    /// So many bytes of it, with the length of all.
    Cut(Arc<[u8]>, usize),
    /// Without a length, and followed by zeros until nobody wants more.
    Endless(Arc<[u8]>),
    /// With its length, so many bytes at a time, with pauses.
    Slow(Arc<[u8]>, usize, Duration),
    /// Nothing, not even a head, for so long.
    Nothing(Duration),
}

impl Reply {
    /// Status 200 and a body.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::sent(Sent::Whole(bytes.into()))
    }

    /// Status 200 and a body that is sent in its own way.
    #[must_use]
    pub const fn sent(body: Sent) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::of(b"") }
    }

    /// With another header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Handler = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A server on this machine.
pub struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    is_over: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that answers with `handler`.
    ///
    /// # Panics
    ///
    /// When no port can be had.
    #[must_use]
    pub fn start(handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
        let address = listener.local_addr().expect("a bound listener has an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        let (log, over) = (Arc::clone(&asked), Arc::clone(&is_over));
        let handler: Arc<Handler> = Arc::new(handler);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                std::thread::spawn(move || {
                    // A client that hangs up is a part of most tests.
                    let _ = serve(stream, &log, &*handler);
                });
            }
        });
        Self { address, asked, is_over, accepting: Some(accepting) }
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// What was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Asked>>, handler: &Handler) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(()) };
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            None => break,
        }
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let asked = Asked { method, path, headers, body, sent: Arc::default() };
    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
    answer(stream, &handler(&asked), &asked.sent)
}

fn answer(mut stream: TcpStream, reply: &Reply, sent: &AtomicU64) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let (bytes, length) = match &reply.body {
        Sent::Whole(bytes) | Sent::Slow(bytes, ..) => (&bytes[..], Some(bytes.len())),
        Sent::Cut(bytes, count) => (&bytes[..*count], Some(bytes.len())),
        Sent::Endless(bytes) => (&bytes[..], None),
        Sent::Nothing(pause) => {
            std::thread::sleep(*pause);
            return Ok(());
        }
    };
    if let Some(length) = length {
        head.push_str(&format!("content-length: {length}\r\n"));
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    let (step, pause) = match &reply.body {
        Sent::Slow(_, step, pause) => (*step, *pause),
        _ => (64 << 10, Duration::ZERO),
    };
    for piece in bytes.chunks(step) {
        stream.write_all(piece)?;
        sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        std::thread::sleep(pause);
    }
    if matches!(reply.body, Sent::Endless(_)) {
        // Ends when the client hangs up.
        loop {
            stream.write_all(&[0; 64 << 10])?;
            sent.fetch_add(64 << 10, Ordering::Relaxed);
        }
    }
    stream.flush()
}

/// `sha256:` and the digest.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// One image of a registry, as `team/app:1`.
#[derive(Clone, Debug)]
pub struct Published {
    /// Blobs and manifests by digest.
    pub blobs: BTreeMap<String, Arc<[u8]>>,
    /// The digest of the manifest.
    pub manifest: String,
    /// The digests of the layers.
    pub layers: Vec<String>,
    /// Whether parts of blobs can be had.
    pub has_ranges: bool,
}

impl Published {
    /// An image with these layers (media type and bytes), or a model artifact.
    #[must_use]
    pub fn of(layers: &[(&str, Vec<u8>)]) -> Self {
        let mut blobs = BTreeMap::new();
        let mut keep = |bytes: Vec<u8>, media_type: &str| {
            let (name, size) = (digest(&bytes), bytes.len());
            blobs.insert(name.clone(), bytes.into());
            json!({ "mediaType": media_type, "digest": name, "size": size })
        };
        let described: Vec<Value> =
            layers.iter().map(|(media_type, bytes)| keep(bytes.clone(), media_type)).collect();
        let is_image = layers.iter().all(|(media_type, _)| media_type.starts_with(TAR));
        let layers: Vec<String> = layers.iter().map(|(_, bytes)| digest(bytes)).collect();
        let (config, media_type) = if is_image {
            let root = json!({ "type": "layers", "diff_ids": layers });
            let config = json!({ "os": "linux", "architecture": "amd64", "rootfs": root });
            (config, "application/vnd.oci.image.config.v1+json")
        } else {
            (json!({ "config": {} }), "application/vnd.docker.ai.model.config.v0.1+json")
        };
        let config = keep(config.to_string().into_bytes(), media_type);
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": described,
        });
        let manifest = manifest.to_string().into_bytes();
        let name = digest(&manifest);
        blobs.insert(name.clone(), manifest.into());
        Self { blobs, manifest: name, layers, has_ranges: true }
    }

    /// The same image, whose layer at `index` has an annotation.
    #[must_use]
    pub fn annotated(mut self, index: usize, name: &str, value: &str) -> Self {
        let manifest = self.blobs.remove(&self.manifest).unwrap_or_default();
        let mut manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
        manifest["layers"][index]["annotations"] = json!({ name: value });
        let manifest = manifest.to_string().into_bytes();
        self.manifest = digest(&manifest);
        self.blobs.insert(self.manifest.clone(), manifest.into());
        self
    }

    /// The manifest as it is served.
    #[must_use]
    pub fn document(&self) -> Reply {
        Reply::of(&self.blobs[&self.manifest])
            .with("content-type", MANIFEST)
            .with("docker-content-digest", &self.manifest)
    }

    /// The layer at `index`.
    #[must_use]
    pub fn layer(&self, index: usize) -> Arc<[u8]> {
        Arc::clone(&self.blobs[&self.layers[index]])
    }

    /// What a registry that behaves answers.
    #[must_use]
    pub fn answer(&self, asked: &Asked) -> Reply {
        let Some(path) = asked.path.strip_prefix("/v2/team/app/") else {
            return Reply::status(404);
        };
        if let Some(name) = path.strip_prefix("manifests/") {
            return if name == "1" || name == self.manifest {
                self.document()
            } else {
                Reply::of(br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such one"}]}"#)
                    .with_status(404)
            };
        }
        let Some(bytes) = path.strip_prefix("blobs/").and_then(|name| self.blobs.get(name)) else {
            return Reply::status(404);
        };
        match asked.range().filter(|_| self.has_ranges) {
            None => Reply::of(bytes),
            Some((from, _)) if from >= bytes.len() => Reply::status(416),
            Some((from, to)) => {
                let end = to.map_or(bytes.len(), |to| bytes.len().min(to + 1));
                let range = format!("bytes {from}-{}/{}", end - 1, bytes.len());
                Reply::of(&bytes[from..end]).with_status(206).with("content-range", &range)
            }
        }
    }

    /// Writes the image as an OCI layout.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written.
    pub fn write_layout(&self, folder: &Path, name: &str) -> io::Result<()> {
        let blobs = folder.join("blobs/sha256");
        fs::create_dir_all(&blobs)?;
        for (digest, bytes) in &self.blobs {
            fs::write(blobs.join(digest.trim_start_matches("sha256:")), bytes)?;
        }
        fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
        let index = json!({ "schemaVersion": 2, "manifests": [{
            "mediaType": MANIFEST,
            "digest": self.manifest,
            "size": self.blobs[&self.manifest].len(),
            "annotations": { "org.opencontainers.image.ref.name": name },
        }]});
        fs::write(folder.join("index.json"), index.to_string())
    }
}

impl Reply {
    /// With another status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

/// A tar archive with these files.
#[must_use]
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend_from_slice(&header);
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
