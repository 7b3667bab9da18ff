//! The stable codes of diagnostics. Each has a page under `docs/codes/`; a test compares the two.

use super::Severity;

/// Whether a diagnostic means that something was not looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Completeness {
    /// Everything was read; what was read is doubtful.
    Complete,
    /// Something was not read: the exit code says "incomplete".
    Incomplete,
}

macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $completeness:ident;)*) => {
        /// The stable code of a diagnostic, for example `gguf.header-truncated`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "docs/codes/ has a page for each")]
        pub enum Code { $($variant,)* }

        impl Code {
            /// Every code, sorted.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Its page: a heading, what it means, an example, what to do. Markdown.
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$variant =>
                        include_str!(concat!("../../../docs/codes/", $code, ".md")),)*
                }
            }

            /// How much it matters; fixed for each code.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Whether it leaves the scan incomplete.
            pub const fn completeness(self) -> Completeness {
                match self { $(Self::$variant => Completeness::$completeness,)* }
            }
        }
    };
}

// One line each, sorted by code.
codes! {
    BomFilesSkipped "bom.files-skipped" Note Complete;
    CacheDiscarded "cache.discarded" Note Complete;
    CacheUnreachable "cache.unreachable" Note Complete;
    CardsDisagree "card.disagree" Warning Complete;
    CardDuplicateKey "card.duplicate-key" Warning Complete;
    CardFieldInvalid "card.field-invalid" Warning Complete;
    CardFrontMatterInvalid "card.front-matter-invalid" Warning Incomplete;
    CardFrontMatterUnterminated "card.front-matter-unterminated" Warning Incomplete;
    CardLicenseUnnamed "card.license-unnamed" Warning Complete;
    CardOddity "card.oddity" Warning Complete;
    ConfigDuplicateKey "config.duplicate-key" Warning Complete;
    ConfigFieldInvalid "config.field-invalid" Warning Complete;
    ConfigInvalid "config.invalid" Warning Incomplete;
    ConfigOddity "config.oddity" Warning Complete;
    EncodingNotUtf8 "encoding.not-utf8" Warning Complete;
    FileTooLarge "file.too-large" Error Incomplete;
    FileUnreadable "file.unreadable" Error Incomplete;
    GgufDuplicateKey "gguf.duplicate-key" Warning Complete;
    GgufDuplicateTensor "gguf.duplicate-tensor" Error Complete;
    GgufHeaderInvalid "gguf.header-invalid" Error Incomplete;
    GgufHeaderTruncated "gguf.header-truncated" Error Incomplete;
    GgufLimitReached "gguf.limit-reached" Error Incomplete;
    GgufOddity "gguf.oddity" Warning Complete;
    GgufTensorInvalid "gguf.tensor-invalid" Error Complete;
    GgufUnknownTensorType "gguf.unknown-tensor-type" Warning Complete;
    GgufVersionUnknown "gguf.version-unknown" Error Incomplete;
    ImageAttachmentsUnread "image.attachments-unread" Note Complete;
    ImageDigestMismatch "image.digest-mismatch" Error Incomplete;
    ImageLayerBroken "image.layer-broken" Error Incomplete;
    ImageLayerForeign "image.layer-foreign" Warning Incomplete;
    ImageLayerNotRead "image.layer-not-read" Warning Incomplete;
    ImageLayerUnsupported "image.layer-unsupported" Error Incomplete;
    ImageLinkUnread "image.link-unread" Warning Incomplete;
    ImageManifestInvalid "image.manifest-invalid" Error Incomplete;
    ImagePathEscapes "image.path-escapes" Warning Complete;
    ImageTableMismatch "image.table-mismatch" Warning Complete;
    ImageTableTrusted "image.table-trusted" Note Complete;
    LfsPointer "lfs.pointer" Warning Complete;
    LicenseFileNotText "license-file.not-text" Warning Incomplete;
    LicenseTagUnknown "license.tag-unknown" Warning Complete;
    LicenseTextNearMiss "license.text-near-miss" Warning Complete;
    LicenseTextUnknown "license.text-unknown" Warning Complete;
    LimitReached "limit.reached" Error Incomplete;
    LineageCycle "lineage.cycle" Warning Complete;
    ManifestDuplicateKey "manifest.duplicate-key" Warning Complete;
    ManifestEntryInvalid "manifest.entry-invalid" Warning Complete;
    ManifestIncludeEscapes "manifest.include-escapes" Warning Incomplete;
    ManifestIncludeLoop "manifest.include-loop" Warning Complete;
    ManifestIncludeMissing "manifest.include-missing" Warning Incomplete;
    ManifestInvalid "manifest.invalid" Error Incomplete;
    PluginFailed "plugin.failed" Error Incomplete;
    PluginRemark "plugin.remark" Warning Complete;
    PluginResponseInvalid "plugin.response-invalid" Error Incomplete;
    ProductComponentDiffers "product.component-differs" Warning Complete;
    ProductComponentUnused "product.component-unused" Warning Complete;
    SafetensorsDuplicateKey "safetensors.duplicate-key" Error Complete;
    SafetensorsHeaderInvalid "safetensors.header-invalid" Error Incomplete;
    SafetensorsHeaderTruncated "safetensors.header-truncated" Error Incomplete;
    SafetensorsIndexMismatch "safetensors.index-mismatch" Error Complete;
    SafetensorsLimitReached "safetensors.limit-reached" Error Incomplete;
    SafetensorsOddity "safetensors.oddity" Warning Complete;
    SafetensorsTensorInvalid "safetensors.tensor-invalid" Error Complete;
    SafetensorsUnknownDtype "safetensors.unknown-dtype" Warning Complete;
    SignatureInvalid "signature.invalid" Warning Complete;
    SignatureMismatch "signature.mismatch" Error Complete;
    SignatureUnverified "signature.unverified" Note Complete;
    SourceEntrySkipped "source.entry-skipped" Note Complete;
    SourceLinkBroken "source.link-broken" Warning Complete;
    SourceLinkEscapes "source.link-escapes" Warning Complete;
    WeightsDataMissing "weights.data-missing" Error Complete;
    WeightsEmptyFile "weights.empty-file" Warning Complete;
    WeightsHeaderUnread "weights.header-unread" Note Complete;
    WeightsShardMissing "weights.shard-missing" Warning Complete;
}
