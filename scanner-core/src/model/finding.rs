//! What is owed and absent, or contradicts itself.

use super::{ArtifactId, LicenseKey, Location, Severity};

macro_rules! rules {
    ($($variant:ident $code:literal $severity:ident;)*) => {
        /// The stable code of a finding, for example `flowdown.license-copy-missing`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "docs/codes/ has a page for each")]
        pub enum Rule { $($variant,)* }

        impl Rule {
            /// Every rule, sorted by code.
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

            /// How much it matters; fixed for each rule.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

// One line each, sorted by code.
rules! {
    AgreementAttachmentMissing "agreement.attachment-missing" Error;
    AgreementBeneficiaryMissing "agreement.beneficiary-missing" Error;
    AgreementNoticeMissing "agreement.notice-missing" Warning;
    AgreementRestrictionDiffers "agreement.restriction-differs" Warning;
    AgreementRestrictionMissing "agreement.restriction-missing" Error;
    AgreementRestrictionReworded "agreement.restriction-reworded" Warning;
    AgreementRestrictionUnverified "agreement.restriction-unverified" Warning;
    AgreementRestrictionWeakened "agreement.restriction-weakened" Error;
    AgreementTermMissing "agreement.term-missing" Warning;
    ContractAmbiguous "contract.ambiguous" Error;
    ContractDigestMismatch "contract.digest-mismatch" Error;
    ContractMatchesNothing "contract.matches-nothing" Warning;
    ContractMissing "contract.missing" Warning;
    ContractOutOfTerm "contract.out-of-term" Error;
    ContractPartyMismatch "contract.party-mismatch" Warning;
    ConveyanceForbidden "flowdown.conveyance-forbidden" Error;
    LicenseCopyMissing "flowdown.license-copy-missing" Error;
    ModelNamingMissing "flowdown.model-naming-missing" Warning;
    NoticeMissing "flowdown.notice-missing" Error;
    UseNotPermitted "flowdown.use-not-permitted" Error;
    UseRestrictionsUndeclared "flowdown.use-restrictions-undeclared" Warning;
    HiddenWeights "image.hidden-weights" Warning;
    LicenseAmbiguous "license.ambiguous" Warning;
    LicenseContradicted "license.contradicted" Error;
    TermsUnrecorded "license.terms-unrecorded" Warning;
    LicenseUnknown "license.unknown" Warning;
    AncestorUnknown "lineage.ancestor-unknown" Warning;
    BaseTermsOmitted "lineage.base-terms-omitted" Error;
    DerivativeForbidden "lineage.derivative-forbidden" Error;
    NonCommercialBase "lineage.non-commercial-base" Error;
    ParentsIrreconcilable "lineage.parents-irreconcilable" Error;
    RestrictionSimilar "lineage.restriction-similar" Warning;
    RestrictionStripped "lineage.restriction-stripped" Error;
    RestrictionWeakened "lineage.restriction-weakened" Error;
    ShareAlikeBroken "lineage.share-alike-broken" Error;
    TrainsOtherModels "lineage.trains-other-models" Error;
    VersionSkew "lineage.version-skew" Warning;
    AllowanceUnused "policy.allowance-unused" Note;
    CategoryDenied "policy.category-denied" Error;
    CategoryNotAllowed "policy.category-not-allowed" Error;
    ClarificationUnused "policy.clarification-unused" Warning;
    ConveyanceDenied "policy.conveyance-denied" Error;
    DenialUndecided "policy.denial-undecided" Warning;
    DenialUnused "policy.denial-unused" Note;
    ExceptionExpired "policy.exception-expired" Warning;
    ExceptionUnused "policy.exception-unused" Warning;
    FamilyDenied "policy.family-denied" Error;
    LicenseDenied "policy.license-denied" Error;
    LicenseNotAllowed "policy.license-not-allowed" Error;
    PolicyLicenseUnknown "policy.license-unknown" Error;
    ObligationDenied "policy.obligation-denied" Error;
    ObligationNotAllowed "policy.obligation-not-allowed" Error;
    DeclarationMissing "terms.declaration-missing" Note;
    FieldRestricted "terms.field-restricted" Error;
    TerritoryConditional "terms.territory-conditional" Warning;
    TerritoryExcluded "terms.territory-excluded" Error;
    ThresholdExceeded "terms.threshold-exceeded" Error;
}

/// Something is owed and absent, or contradicts itself: what, on whom, because of what, what to do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// The artifact; `None` when it concerns the product as a whole.
    pub artifact: Option<ArtifactId>,
    /// Which rule.
    pub rule: Rule,
    /// The licence that says so.
    pub license: Option<LicenseKey>,
    /// The clause that says so.
    pub clause: Option<String>,
    /// What is wrong, with the names that disagree.
    pub message: String,
    /// Where to look; never empty.
    pub because: Vec<Location>,
    /// What would settle it.
    pub fix: String,
}

impl Finding {
    /// The severity of its rule.
    pub const fn severity(&self) -> Severity {
        self.rule.severity()
    }
}
