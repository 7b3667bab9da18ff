//! Whether the descriptions of the tensors agree with each other and with the file.

use super::super::problems::Problems;
use super::super::tensors::elements;
use super::dtype;
use super::header::Entry;
use crate::extract::Region;
use crate::extract::text::{is_unprintable, shown};
use crate::model::{Code, Tensor};

const ASK: &str = "do not load this file: ask the publisher for an intact one";
const POLYGLOT: &str =
    "the reference reader refuses this file; bytes that no tensor owns can hide another format";
/// No library writes longer names; a message or a table cannot show them.
const LONG_NAME_BYTES: usize = 1024;

/// Where the data of the file lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The first byte after the header.
    pub(super) data_start: u64,
    /// The size of the file.
    pub(super) file_size: u64,
}

impl Layout {
    /// Bytes behind the header.
    const fn data_bytes(self) -> u64 {
        self.file_size.saturating_sub(self.data_start)
    }
}

/// Turns entries into tensors, and tells their regions when no two of them overlap.
pub(super) fn tensors(
    entries: Vec<Entry>,
    layout: Layout,
    problems: &mut Problems,
) -> (Vec<Tensor>, Vec<Region>) {
    let tensors: Vec<Tensor> =
        entries.into_iter().map(|entry| tensor(entry, layout, problems)).collect();
    let regions = regions(&tensors, layout, problems);
    (tensors, regions)
}

fn tensor(entry: Entry, layout: Layout, problems: &mut Problems) -> Tensor {
    check_name(&entry.name, problems);
    let bytes = entry.offsets.and_then(|offsets| place(&entry, offsets, layout, problems));
    Tensor {
        name: entry.name,
        dtype: entry.dtype.unwrap_or_else(|| "unknown".to_owned()),
        shape: entry.shape.unwrap_or_default(),
        bytes,
        digest: None,
    }
}

fn check_name(name: &str, problems: &mut Problems) {
    let help = "names are kept as they are; check what wrote them";
    if name.contains(is_unprintable) {
        let message = format!("the tensor name `{}` holds control characters", shown(name));
        problems.key(Code::SafetensorsOddity, name, message, help);
    }
    if name.len() > LONG_NAME_BYTES {
        let message = format!(
            "the tensor name `{}` has `{}` bytes, more than `{LONG_NAME_BYTES}`",
            shown(name),
            name.len()
        );
        problems.key(Code::SafetensorsOddity, name, message, help);
    }
}

/// The absolute byte range of a tensor, when its description agrees with itself.
fn place(
    entry: &Entry,
    (start, end): (u64, u64),
    layout: Layout,
    problems: &mut Problems,
) -> Option<std::ops::Range<u64>> {
    let name = &entry.name;
    let mut invalid = |message: String| {
        problems.key(Code::SafetensorsTensorInvalid, name, message, ASK);
    };
    let Some(length) = end.checked_sub(start) else {
        invalid(format!("`{}` ends at `{end}`, before it begins at `{start}`", shown(name)));
        return None;
    };
    let Some(data_end) = layout.data_start.checked_add(end) else {
        invalid(format!("`{}` ends at offset `{end}`, beyond what 64 bits hold", shown(name)));
        return None;
    };
    let range = layout.data_start + start..data_end;
    let (Some(dtype), Some(shape)) = (&entry.dtype, &entry.shape) else {
        return Some(range);
    };
    let Some(bits) = dtype::bits(dtype) else {
        let message = format!(
            "`{}` has the data type `{}`, whose size this version does not know",
            shown(name),
            shown(dtype)
        );
        let help = "the tensor is listed with its byte range; its size was not checked";
        problems.key(Code::SafetensorsUnknownDtype, name, message, help);
        return Some(range);
    };
    let Some(needed) = elements(shape).and_then(|count| count.checked_mul(bits)) else {
        invalid(format!("the shape of `{}` multiplies to more than 64 bits hold", shown(name)));
        return None;
    };
    if needed % 8 != 0 {
        invalid(format!("`{}` takes `{needed}` bits, not a whole number of bytes", shown(name)));
        return None;
    }
    if needed / 8 != length {
        invalid(format!(
            "`{}` takes `{}` bytes by shape and `{dtype}`, its offsets say `{length}`",
            shown(name),
            needed / 8
        ));
        return None;
    }
    Some(range)
}

/// The regions of all tensors inside the file, sorted; none when two overlap.
fn regions(tensors: &[Tensor], layout: Layout, problems: &mut Problems) -> Vec<Region> {
    let placed = tensors.iter().enumerate().filter_map(|(tensor, description)| {
        Some(Region { bytes: description.bytes.clone()?, tensor })
    });
    let mut regions: Vec<Region> = placed.collect();
    regions.sort_unstable_by_key(|region| (region.bytes.start, region.bytes.end, region.tensor));

    let mut covered = layout.data_start;
    let mut overlaps = false;
    for region in &regions {
        let (name, start) = (&tensors[region.tensor].name, region.bytes.start);
        let (at, expected) = (start - layout.data_start, covered - layout.data_start);
        if start > covered {
            let message = format!(
                "`{}` begins at offset `{at}`, the tensor before it ends at `{expected}`",
                shown(name)
            );
            problems.key(Code::SafetensorsOddity, name, message, POLYGLOT);
        } else if start < covered {
            overlaps = true;
            let message = format!(
                "`{}` begins at offset `{at}`, inside a tensor that ends at `{expected}`",
                shown(name)
            );
            problems.key(Code::SafetensorsTensorInvalid, name, message, ASK);
        }
        covered = covered.max(region.bytes.end);
    }
    // A tensor without a place may own the bytes that look missing or left over.
    if regions.len() == tensors.len() {
        check_end(covered - layout.data_start, layout, problems);
    }
    if overlaps {
        return Vec::new();
    }
    regions.retain(|region| region.bytes.end <= layout.file_size);
    regions
}

fn check_end(described: u64, layout: Layout, problems: &mut Problems) {
    let present = layout.data_bytes();
    if described > present {
        let message = format!(
            "the tensors take `{described}` bytes, the file has `{present}` after its header"
        );
        let help = "the file was cut: fetch it again and compare its digest with the publisher's";
        problems.file(Code::WeightsDataMissing, message, help);
    } else if described < present {
        let message = format!("`{}` bytes follow the last tensor", present - described);
        problems.file(Code::SafetensorsOddity, message, POLYGLOT);
    }
}
