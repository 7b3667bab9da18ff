//! Types of metadata values, and how scalars are read.

use crate::model::FactValue;

/// The order of the bytes in every number of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Little => "little",
            Self::Big => "big",
        }
    }

    /// The number in at most eight bytes.
    pub(super) fn unsigned(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, join),
            Self::Big => bytes.iter().fold(0, join),
        }
    }
}

/// The type of a metadata value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ValueType {
    Unsigned(Width),
    Signed(Width),
    Float32,
    Float64,
    Bool,
    Text,
    Array,
}

/// The width of a whole number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Width {
    One,
    Two,
    Four,
    Eight,
}

impl Width {
    const fn bytes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }
}

impl ValueType {
    /// The type with an id of `enum gguf_type`.
    pub(super) const fn of(id: u32) -> Option<Self> {
        Some(match id {
            0 => Self::Unsigned(Width::One),
            1 => Self::Signed(Width::One),
            2 => Self::Unsigned(Width::Two),
            3 => Self::Signed(Width::Two),
            4 => Self::Unsigned(Width::Four),
            5 => Self::Signed(Width::Four),
            6 => Self::Float32,
            7 => Self::Bool,
            8 => Self::Text,
            9 => Self::Array,
            10 => Self::Unsigned(Width::Eight),
            11 => Self::Signed(Width::Eight),
            12 => Self::Float64,
            _ => return None,
        })
    }

    /// Its name in the format's specification.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Unsigned(Width::One) => "uint8",
            Self::Unsigned(Width::Two) => "uint16",
            Self::Unsigned(Width::Four) => "uint32",
            Self::Unsigned(Width::Eight) => "uint64",
            Self::Signed(Width::One) => "int8",
            Self::Signed(Width::Two) => "int16",
            Self::Signed(Width::Four) => "int32",
            Self::Signed(Width::Eight) => "int64",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Bool => "bool",
            Self::Text => "string",
            Self::Array => "array",
        }
    }

    /// Its size, if every value has the same.
    pub(super) const fn fixed_bytes(self) -> Option<usize> {
        match self {
            Self::Unsigned(width) | Self::Signed(width) => Some(width.bytes()),
            Self::Float32 => Some(4),
            Self::Float64 => Some(8),
            Self::Bool => Some(1),
            Self::Text | Self::Array => None,
        }
    }

    /// The value in `bytes`, which hold exactly one of a fixed size.
    pub(super) fn scalar(self, bytes: &[u8], order: ByteOrder) -> FactValue {
        let raw = order.unsigned(bytes);
        match self {
            Self::Signed(width) => {
                let unused_bits = 64 - 8 * width.bytes() as u32;
                FactValue::Int((((raw << unused_bits) as i64) >> unused_bits).into())
            }
            Self::Float32 => f32::from_bits(raw as u32).to_string().into(),
            Self::Float64 => f64::from_bits(raw).to_string().into(),
            Self::Bool => (if raw == 0 { "false" } else { "true" }).into(),
            Self::Unsigned(_) | Self::Text | Self::Array => raw.into(),
        }
    }
}
