//! Tensor types and file types, by their ids in `ggml.h` and `llama.h`.

/// How many bytes a tensor type takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Storage {
    /// `elements` in a row share `bytes`.
    Blocks { elements: u64, bytes: u64 },
    /// Its size is not settled: this version of Flowdown does not know it, or the sources
    /// disagree (`Q8_1` has 36 bytes a block in `ggml.h`, 40 in the Python package).
    Unsettled,
    /// The type was removed from the format.
    Removed,
}

/// A tensor type.
#[derive(Clone, Copy, Debug)]
pub(super) struct TensorType {
    id: u32,
    pub(super) name: &'static str,
    pub(super) storage: Storage,
}

const fn blocks(id: u32, name: &'static str, elements: u64, bytes: u64) -> TensorType {
    TensorType { id, name, storage: Storage::Blocks { elements, bytes } }
}

const fn unsettled(id: u32, name: &'static str) -> TensorType {
    TensorType { id, name, storage: Storage::Unsettled }
}

const fn removed(id: u32, name: &'static str) -> TensorType {
    TensorType { id, name, storage: Storage::Removed }
}

/// Every known type, sorted by id.
pub(super) const TENSOR_TYPES: &[TensorType] = &[
    blocks(0, "F32", 1, 4),
    blocks(1, "F16", 1, 2),
    blocks(2, "Q4_0", 32, 18),
    blocks(3, "Q4_1", 32, 20),
    removed(4, "Q4_2"),
    removed(5, "Q4_3"),
    blocks(6, "Q5_0", 32, 22),
    blocks(7, "Q5_1", 32, 24),
    blocks(8, "Q8_0", 32, 34),
    unsettled(9, "Q8_1"),
    blocks(10, "Q2_K", 256, 84),
    blocks(11, "Q3_K", 256, 110),
    blocks(12, "Q4_K", 256, 144),
    blocks(13, "Q5_K", 256, 176),
    blocks(14, "Q6_K", 256, 210),
    blocks(15, "Q8_K", 256, 292),
    blocks(16, "IQ2_XXS", 256, 66),
    blocks(17, "IQ2_XS", 256, 74),
    blocks(18, "IQ3_XXS", 256, 98),
    blocks(19, "IQ1_S", 256, 50),
    blocks(20, "IQ4_NL", 32, 18),
    blocks(21, "IQ3_S", 256, 110),
    blocks(22, "IQ2_S", 256, 82),
    blocks(23, "IQ4_XS", 256, 136),
    blocks(24, "I8", 1, 1),
    blocks(25, "I16", 1, 2),
    blocks(26, "I32", 1, 4),
    blocks(27, "I64", 1, 8),
    blocks(28, "F64", 1, 8),
    blocks(29, "IQ1_M", 256, 56),
    blocks(30, "BF16", 1, 2),
    removed(31, "Q4_0_4_4"),
    removed(32, "Q4_0_4_8"),
    removed(33, "Q4_0_8_8"),
    blocks(34, "TQ1_0", 256, 54),
    blocks(35, "TQ2_0", 256, 66),
    removed(36, "IQ4_NL_4_4"),
    removed(37, "IQ4_NL_4_8"),
    removed(38, "IQ4_NL_8_8"),
    blocks(39, "MXFP4", 32, 17),
    blocks(40, "NVFP4", 64, 36),
    blocks(41, "Q1_0", 128, 18),
    unsettled(42, "Q2_0"),
];

/// The type with an id.
pub(super) fn tensor_type(id: u32) -> Option<&'static TensorType> {
    TENSOR_TYPES.binary_search_by_key(&id, |known| known.id).ok().map(|index| &TENSOR_TYPES[index])
}

/// A value of `general.file_type`: its id, its name, and the tensor type that gives it its name.
type FileType = (u32, &'static str, &'static str);

/// Every known file type, sorted by id.
const FILE_TYPES: &[FileType] = &[
    (0, "F32", "F32"),
    (1, "F16", "F16"),
    (2, "Q4_0", "Q4_0"),
    (3, "Q4_1", "Q4_1"),
    (7, "Q8_0", "Q8_0"),
    (8, "Q5_0", "Q5_0"),
    (9, "Q5_1", "Q5_1"),
    (10, "Q2_K", "Q2_K"),
    (11, "Q3_K_S", "Q3_K"),
    (12, "Q3_K_M", "Q3_K"),
    (13, "Q3_K_L", "Q3_K"),
    (14, "Q4_K_S", "Q4_K"),
    (15, "Q4_K_M", "Q4_K"),
    (16, "Q5_K_S", "Q5_K"),
    (17, "Q5_K_M", "Q5_K"),
    (18, "Q6_K", "Q6_K"),
    (19, "IQ2_XXS", "IQ2_XXS"),
    (20, "IQ2_XS", "IQ2_XS"),
    (21, "Q2_K_S", "Q2_K"),
    (22, "IQ3_XS", "IQ3_S"),
    (23, "IQ3_XXS", "IQ3_XXS"),
    (24, "IQ1_S", "IQ1_S"),
    (25, "IQ4_NL", "IQ4_NL"),
    (26, "IQ3_S", "IQ3_S"),
    (27, "IQ3_M", "IQ3_S"),
    (28, "IQ2_S", "IQ2_XS"),
    (29, "IQ2_M", "IQ2_S"),
    (30, "IQ4_XS", "IQ4_XS"),
    (31, "IQ1_M", "IQ1_M"),
    (32, "BF16", "BF16"),
    (36, "TQ1_0", "TQ1_0"),
    (37, "TQ2_0", "TQ2_0"),
    (38, "MXFP4_MOE", "MXFP4"),
    (39, "NVFP4", "NVFP4"),
    (40, "Q1_0", "Q1_0"),
    (41, "Q2_0", "Q2_0"),
];

/// Set by llama.cpp when the file does not state its type and the loader guessed one.
const GUESSED: u32 = 1024;

/// The name of a file type and the tensor type that most of its matrices have.
pub(super) fn file_type(id: u32) -> Option<(&'static str, &'static str)> {
    let id = id & !GUESSED;
    let index = FILE_TYPES.binary_search_by_key(&id, |known| known.0).ok()?;
    Some((FILE_TYPES[index].1, FILE_TYPES[index].2))
}
