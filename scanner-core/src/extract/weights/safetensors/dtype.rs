//! Data types of safetensors.

/// Bits of one element by data type, sorted by name.
const BITS: &[(&str, u64)] = &[
    ("BF16", 16),
    ("BOOL", 8),
    ("C64", 64),
    ("F16", 16),
    ("F32", 32),
    ("F4", 4),
    ("F64", 64),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("F8_E4M3", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2", 8),
    ("F8_E5M2FNUZ", 8),
    ("F8_E8M0", 8),
    ("I16", 16),
    ("I32", 32),
    ("I64", 64),
    ("I8", 8),
    ("U16", 16),
    ("U32", 32),
    ("U64", 64),
    ("U8", 8),
];

/// Bits of one element; `None` for a data type that this version does not know.
pub(super) fn bits(dtype: &str) -> Option<u64> {
    BITS.binary_search_by_key(&dtype, |(name, _)| name).ok().map(|index| BITS[index].1)
}
