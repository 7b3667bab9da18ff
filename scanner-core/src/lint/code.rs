//! The stable codes of problems. Each has a page under `docs/codes/`; a test compares the two.

use crate::model::Severity;

macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident;)*) => {
        /// The stable code of a problem, for example `bom.reference-dangling`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "docs/codes/ has a page for each")]
        pub enum LintCode { $($variant,)* }

        impl LintCode {
            /// Every code, sorted.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means and what to do, as Markdown.
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => {
                        include_str!(concat!("../../../docs/codes/", $code, ".md"))
                    })*
                }
            }

            /// How much it matters; fixed for each code.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

// One line each, sorted by code.
codes! {
    AiFieldMissing "bom.ai-field-missing" Warning;
    AiLicenseCount "bom.ai-license-count" Error;
    CitationUnattributed "bom.citation-unattributed" Error;
    DataMisplaced "bom.data-misplaced" Error;
    DependsOnMissing "bom.depends-on-missing" Note;
    ExpressionInvalid "bom.expression-invalid" Error;
    FieldNotOfVersion "bom.field-not-of-version" Error;
    HashInvalid "bom.hash-invalid" Error;
    IdentityFieldUnknown "bom.identity-field-unknown" Error;
    IdentityInvalid "bom.identity-invalid" Error;
    KeyRepeated "bom.key-repeated" Error;
    LicenseEntryAmbiguous "bom.license-entry-ambiguous" Error;
    LicenseMixed "bom.license-mixed" Error;
    LicenseSeveralExpressions "bom.license-several-expressions" Warning;
    LicenseTextMissing "bom.license-text-missing" Warning;
    LicenseUndefined "bom.license-undefined" Error;
    LicenseUnlisted "bom.license-unlisted" Error;
    PointerDangling "bom.pointer-dangling" Error;
    PropertyNotText "bom.property-not-text" Error;
    PurlInvalid "bom.purl-invalid" Error;
    ReferenceDangling "bom.reference-dangling" Error;
    ReferenceDuplicate "bom.reference-duplicate" Error;
    ReferenceEncoded "bom.reference-encoded" Warning;
    ReferenceMalformed "bom.reference-malformed" Error;
    TimestampInvalid "bom.timestamp-invalid" Error;
    VersionUnknown "bom.version-unknown" Warning;
}
