//! Where the tensors lie, and whether their descriptions agree with each other and with the file.

use std::collections::HashSet;
use std::ops::Range;

use super::super::problems::Problems;
use super::super::tensors::elements;
use super::types::{self, Storage};
use crate::extract::Region;
use crate::extract::text::shown;
use crate::model::{Code, Tensor};

/// What ggml allows.
const MAX_DIMENSIONS: usize = 4;
const MAX_NAME_BYTES: usize = 64;
const ASK: &str = "do not load this file: ask the publisher for an intact one";
const SIZE_FROM_OFFSETS: &str = "its size is taken from where the next tensor begins";

/// A tensor description.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Outermost dimension first.
    pub(super) shape: Vec<u64>,
    pub(super) type_id: u32,
    /// From the beginning of the data.
    pub(super) offset: u64,
}

impl Entry {
    /// The tensor without its place.
    pub(super) fn tensor(self) -> Tensor {
        let dtype = types::tensor_type(self.type_id)
            .map_or_else(|| format!("type {}", self.type_id), |known| known.name.to_owned());
        Tensor { name: self.name, dtype, shape: self.shape, bytes: None, digest: None }
    }
}

/// Where the data of the file lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The first byte after the header, before padding.
    pub(super) header_end: u64,
    /// A power of two.
    pub(super) alignment: u64,
    /// The size of the file.
    pub(super) file_size: u64,
}

impl Layout {
    /// `position` moved up to the alignment.
    fn padded(self, position: u64) -> Option<u64> {
        position.checked_next_multiple_of(self.alignment)
    }
}

/// Turns entries into tensors, and tells their regions when no two of them overlap.
pub(super) fn tensors(
    entries: Vec<Entry>,
    layout: Layout,
    problems: &mut Problems,
) -> (Vec<Tensor>, Vec<Region>) {
    check_names(&entries, problems);
    let sizes: Vec<Size> = entries.iter().map(|entry| size(entry, problems)).collect();
    let ranges = place(&entries, &sizes, layout, problems);
    let mut tensors: Vec<Tensor> = entries.into_iter().map(Entry::tensor).collect();
    for (tensor, bytes) in tensors.iter_mut().zip(ranges) {
        tensor.bytes = bytes;
    }
    let regions = regions(&tensors, layout, problems);
    (tensors, regions)
}

fn check_names(entries: &[Entry], problems: &mut Problems) {
    let mut seen = HashSet::new();
    for Entry { name, .. } in entries {
        if !seen.insert(&**name) {
            let message = format!("two tensors are called `{}`", shown(name));
            problems.key(Code::GgufDuplicateTensor, name, message, ASK);
        }
        if name.len() > MAX_NAME_BYTES {
            let message = format!(
                "the tensor name `{}` has `{}` bytes, the format allows `{MAX_NAME_BYTES}`",
                shown(name),
                name.len()
            );
            problems.key(Code::GgufOddity, name, message, "llama.cpp refuses this file");
        }
    }
}

/// How many bytes a tensor takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Size {
    Bytes(u64),
    /// Up to the next tensor.
    FromOffsets,
    /// Its description contradicts itself.
    Invalid,
}

fn size(entry: &Entry, problems: &mut Problems) -> Size {
    let name = &entry.name;
    let mut invalid = |message: String| {
        problems.key(Code::GgufTensorInvalid, name, message, ASK);
        Size::Invalid
    };
    if entry.shape.len() > MAX_DIMENSIONS {
        return invalid(format!(
            "`{}` has `{}` dimensions, the format allows `{MAX_DIMENSIONS}`",
            shown(name),
            entry.shape.len()
        ));
    }
    let Some(count) = elements(&entry.shape).filter(|count| i64::try_from(*count).is_ok()) else {
        return invalid(format!(
            "the dimensions of `{}` multiply to more than 63 bits hold",
            shown(name)
        ));
    };
    let row = entry.shape.last().copied().unwrap_or(1);
    match types::tensor_type(entry.type_id).map(|known| (known.name, known.storage)) {
        Some((dtype, Storage::Blocks { elements, bytes })) => {
            if row % elements != 0 {
                return invalid(format!(
                    "a row of `{}` has `{row}` elements, `{dtype}` packs `{elements}` at a time",
                    shown(name)
                ));
            }
            match (count / elements).checked_mul(bytes) {
                Some(size) => Size::Bytes(size),
                None => invalid(format!("`{}` takes more bytes than 64 bits hold", shown(name))),
            }
        }
        known => {
            let what = match known {
                Some((dtype, Storage::Removed)) => {
                    format!("type `{dtype}`, which was removed from the format")
                }
                Some((dtype, _)) => format!("type `{dtype}`, whose block size is not settled"),
                None => format!("type id `{}`, which this version does not know", entry.type_id),
            };
            let message = format!("`{}` has the {what}", shown(name));
            problems.key(Code::GgufUnknownTensorType, name, message, SIZE_FROM_OFFSETS);
            Size::FromOffsets
        }
    }
}

/// The byte range of each tensor. Offsets must be the running sum of the padded sizes.
fn place(
    entries: &[Entry],
    sizes: &[Size],
    layout: Layout,
    problems: &mut Problems,
) -> Vec<Option<Range<u64>>> {
    let Some(data_start) = layout.padded(layout.header_end) else {
        let message = format!("the header ends too late to be aligned to `{}`", layout.alignment);
        problems.file(Code::GgufHeaderInvalid, message, ASK);
        return vec![None; entries.len()];
    };
    let mut offsets: Vec<u64> = entries.iter().map(|entry| entry.offset).collect();
    offsets.sort_unstable();
    let next_offset = |offset: u64| offsets.get(offsets.partition_point(|other| *other <= offset));

    let mut expected = Some(0_u64);
    let mut ranges = Vec::with_capacity(entries.len());
    for (entry, size) in entries.iter().zip(sizes) {
        check_offset(entry, expected, layout, problems);
        let range = match size {
            Size::Bytes(size) => range(data_start, entry.offset, *size),
            Size::FromOffsets => {
                let end = match next_offset(entry.offset) {
                    Some(next) => data_start.checked_add(*next),
                    None => Some(layout.file_size),
                };
                let start = data_start.checked_add(entry.offset);
                start.zip(end).filter(|(start, end)| start <= end).map(|(start, end)| start..end)
            }
            Size::Invalid => None,
        };
        if *size != Size::Invalid && range.is_none() {
            let message = format!(
                "`{}` begins at offset `{}`, the file ends at byte `{}`",
                shown(&entry.name),
                entry.offset,
                layout.file_size
            );
            problems.key(Code::GgufTensorInvalid, &entry.name, message, ASK);
        }
        expected = range.as_ref().and_then(|range| layout.padded(range.end - data_start));
        ranges.push(range);
    }
    ranges
}

/// Compares a tensor's offset with the alignment, and with where the tensors before it end.
fn check_offset(entry: &Entry, expected: Option<u64>, layout: Layout, problems: &mut Problems) {
    let (name, offset) = (&entry.name, entry.offset);
    if offset % layout.alignment != 0 {
        let message = format!(
            "`{}` begins at offset `{offset}`, which is not a multiple of the alignment `{}`",
            shown(name),
            layout.alignment
        );
        problems.key(Code::GgufTensorInvalid, name, message, ASK);
    } else if let Some(expected) = expected
        && expected != offset
    {
        let message = format!(
            "`{}` begins at offset `{offset}`, the tensors before it end at `{expected}`",
            shown(name)
        );
        let help = "llama.cpp refuses this file; bytes that no tensor owns can hide anything";
        problems.key(Code::GgufOddity, name, message, help);
    }
}

fn range(data_start: u64, offset: u64, size: u64) -> Option<Range<u64>> {
    let start = data_start.checked_add(offset)?;
    Some(start..start.checked_add(size)?)
}

/// The regions of all tensors inside the file, sorted; none when two overlap.
fn regions(tensors: &[Tensor], layout: Layout, problems: &mut Problems) -> Vec<Region> {
    let placed = tensors.iter().enumerate().filter_map(|(tensor, description)| {
        Some(Region { bytes: description.bytes.clone()?, tensor })
    });
    let mut regions: Vec<Region> = placed.collect();
    regions.sort_unstable_by_key(|region| (region.bytes.start, region.bytes.end, region.tensor));

    let mut overlaps = false;
    let mut covered: Option<(u64, usize)> = None;
    for region in &regions {
        if let Some((end, earlier)) = covered
            && region.bytes.start < end
        {
            overlaps = true;
            let name = &tensors[region.tensor].name;
            let message = format!(
                "`{}` begins at byte `{}`, inside `{}`, which ends at `{end}`",
                shown(name),
                region.bytes.start,
                shown(&tensors[earlier].name)
            );
            problems.key(Code::GgufTensorInvalid, name, message, ASK);
        }
        if covered.is_none_or(|(end, _)| end < region.bytes.end) {
            covered = Some((region.bytes.end, region.tensor));
        }
    }
    // A tensor without a place may own the bytes that look missing or left over.
    if regions.len() == tensors.len() {
        check_end(covered.map_or(layout.header_end, |(end, _)| end), layout, problems);
    }
    if overlaps {
        return Vec::new();
    }
    regions.retain(|region| region.bytes.end <= layout.file_size);
    regions
}

/// Compares the end of the last tensor with that of the file, which may be padded or not.
fn check_end(end: u64, layout: Layout, problems: &mut Problems) {
    let size = layout.file_size;
    if end > size {
        let message = format!("the tensors end at byte `{end}`, the file at `{size}`");
        let help = "the file was cut: fetch it again and compare its digest with the publisher's";
        problems.file(Code::WeightsDataMissing, message, help);
    } else if layout.padded(end).is_some_and(|padded| padded < size) {
        let message = format!("`{}` bytes follow the last tensor", size - end);
        let help = "bytes that no tensor owns can hide another format, for example an archive";
        problems.file(Code::GgufOddity, message, help);
    }
}
