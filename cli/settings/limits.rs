//! Table `[limits]`: bounds on everything untrusted.

use flowdown_core::model::Limits;
use schemars::JsonSchema;
use serde::Deserialize;

macro_rules! limits_table {
    ($($field:ident: $kind:ty,)*) => {
        /// Bounds on everything that comes from scanned files.
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct LimitsTable { $($field: Option<$kind>,)* }

        impl LimitsTable {
            pub(super) fn over(self, mut limits: Limits) -> Limits {
                $(if let Some(value) = self.$field { limits.$field = value; })*
                limits
            }
        }

        #[cfg(test)]
        pub(super) fn every_limit(limits: Limits) {
            // Fails to compile when a limit is added and cannot be set.
            let Limits { $($field: _,)* } = limits;
        }
    };
}

limits_table! {
    entries: u64,
    folder_depth: u32,
    card_bytes: u64,
    manifest_bytes: u64,
    config_bytes: u64,
    safetensors_header_bytes: u64,
    gguf_header_bytes: u64,
    tensors: u64,
    metadata_keys: u64,
    metadata_value_bytes: u64,
    nesting: u32,
    fact_text_bytes: u64,
    packages: u64,
    expansion_ratio: u64,
    zstd_window_bytes: u64,
    image_json_bytes: u64,
    layer_table_bytes: u64,
    layers: u64,
    link_depth: u32,
    lineage_depth: u32,
}
