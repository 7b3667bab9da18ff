//! Reads the lines of a pointer.

use super::super::problems::Problems;
use super::POINTER_BYTES;
use crate::extract::text::shown;
use crate::extract::{Extraction, Need, Parser, Probe, names};
use crate::model::{Code, Digest, Fact};

/// Reads one pointer.
pub(super) struct PointerParser {
    problems: Problems,
    text: Vec<u8>,
}

/// What a pointer says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pointer {
    oid: Digest,
    size: u64,
}

impl PointerParser {
    pub(super) fn begin(probe: &Probe<'_>) -> Self {
        Self { problems: Problems::of(probe.path), text: Vec::new() }
    }
}

impl Parser for PointerParser {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        let room = (POINTER_BYTES as usize).saturating_sub(self.text.len());
        self.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if self.text.len() as u64 == POINTER_BYTES { Need::Done } else { Need::More }
    }

    fn finish(mut self: Box<Self>) -> Extraction {
        let at = self.problems.location();
        let mut facts = vec![Fact::new(names::WEIGHTS_FORMAT, "git-lfs-pointer", at.clone())];
        match read(&self.text) {
            Ok(pointer) => {
                facts.push(Fact::new(names::LFS_OID, pointer.oid, at.clone().at_key("oid")));
                facts.push(Fact::new(names::LFS_SIZE, pointer.size, at.at_key("size")));
                let message = format!(
                    "the file is a git-LFS pointer of `{}` bytes to content of `{}` bytes with \
                     `{}`, which is not here",
                    self.text.len(),
                    pointer.size,
                    pointer.oid
                );
                let help = "run `git lfs pull` and scan again; until then the content is unknown";
                self.problems.file(Code::LfsPointer, message, help);
            }
            Err(reason) => {
                let message = format!("the file begins like a git-LFS pointer, but {reason}");
                let help = "check the file out again: neither content nor its digest is known";
                self.problems.file(Code::LfsPointer, message, help);
            }
        }
        Extraction { facts, diagnostics: self.problems.finish(), ..Extraction::default() }
    }
}

/// Reads a pointer strictly: a text that git-LFS itself would not take is no evidence of a digest.
fn read(text: &[u8]) -> Result<Pointer, String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
    let lines = text.strip_suffix('\n').ok_or("its last line does not end in a line feed")?;
    let (mut oid, mut size) = (None, None);
    let mut previous: Option<&str> = None;
    for line in lines.split('\n').skip(1) {
        let (key, value) = line
            .split_once(' ')
            .ok_or_else(|| format!("`{}` is no `key value` line", shown(line)))?;
        if previous.is_some_and(|previous| previous >= key) {
            return Err(format!("the key `{}` is repeated or out of order", shown(key)));
        }
        previous = Some(key);
        match key {
            "oid" => oid = Some(digest(value)?),
            "size" => size = Some(number(value)?),
            _ => {}
        }
    }
    let oid = oid.ok_or("it has no `oid` line")?;
    let size = size.ok_or("it has no `size` line")?;
    Ok(Pointer { oid, size })
}

fn digest(value: &str) -> Result<Digest, String> {
    let is_lower = !value.bytes().any(|byte| byte.is_ascii_uppercase());
    Digest::parse(value)
        .filter(|_| is_lower && value.starts_with("sha256:"))
        .ok_or_else(|| format!("its `oid` is `{}`, not `sha256:` and 64 digits", shown(value)))
}

fn number(value: &str) -> Result<u64, String> {
    let is_decimal = value.bytes().all(|byte| byte.is_ascii_digit());
    value
        .parse()
        .ok()
        .filter(|_| is_decimal)
        .ok_or_else(|| format!("its `size` is `{}`, not a decimal number", shown(value)))
}
