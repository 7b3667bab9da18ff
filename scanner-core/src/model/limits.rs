//! The bounds on everything untrusted.

/// Bounds on untrusted counts, lengths and depths. Reaching one is a diagnostic that names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Entries of one source.
    pub entries: u64,
    /// Nesting of folders.
    pub folder_depth: u32,
    /// Bytes of a model card or licence text that are kept.
    pub card_bytes: u64,
    /// Bytes of a manifest or lock file that are kept.
    pub manifest_bytes: u64,
    /// Bytes of a JSON configuration file that are kept (`config.json`, shard index).
    pub config_bytes: u64,
    /// Bytes of a safetensors header. The reference reader stops at 100,000,000 too.
    pub safetensors_header_bytes: u64,
    /// Bytes of a GGUF header: key-value pairs and tensor descriptions.
    pub gguf_header_bytes: u64,
    /// Tensors of one file.
    pub tensors: u64,
    /// Metadata keys of one file.
    pub metadata_keys: u64,
    /// Bytes of one metadata value that are kept; the rest is digested only.
    pub metadata_value_bytes: u64,
    /// Nesting of JSON, YAML, TOML or GGUF arrays.
    pub nesting: u32,
    /// Bytes of one text fact.
    pub fact_text_bytes: u64,
    /// Packages of one manifest.
    pub packages: u64,
    /// Bytes that one compressed byte of an image layer may become, once it has become 64 MiB.
    pub expansion_ratio: u64,
    /// Bytes of history that a zstd frame may ask for; rounded down to a power of two.
    pub zstd_window_bytes: u64,
    /// Bytes of one manifest, index or configuration of an image.
    pub image_json_bytes: u64,
    /// Bytes of the table of contents of one layer, compressed or not.
    pub layer_table_bytes: u64,
    /// Layers of one image.
    pub layers: u64,
    /// Symbolic links on the way to one file of an image.
    pub link_depth: u32,
    /// Steps from an artifact to its farthest ancestor.
    pub lineage_depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 5_000_000,
            folder_depth: 200,
            card_bytes: 4 << 20,
            manifest_bytes: 64 << 20,
            config_bytes: 64 << 20,
            safetensors_header_bytes: 100_000_000,
            gguf_header_bytes: 1 << 30,
            tensors: 1_000_000,
            metadata_keys: 100_000,
            metadata_value_bytes: 64 << 10,
            nesting: 64,
            fact_text_bytes: 64 << 10,
            packages: 500_000,
            expansion_ratio: 200,
            zstd_window_bytes: 128 << 20,
            image_json_bytes: 8 << 20,
            layer_table_bytes: 64 << 20,
            layers: 1_000,
            link_depth: 40,
            lineage_depth: 64,
        }
    }
}
