//! The words of the domain: files, facts, artifacts, claims, terms, obligations, bundles.
//!
//! Values only: no input or output, no serialisation, no plugin. Every outside format (plugin
//! messages, native JSON, CycloneDX, SPDX) has its own types and a conversion. Text and paths that
//! came from a scanned file are hostile here too; whoever prints them escapes them.

mod agreement;
mod artifact;
mod assessment;
mod bundle;
mod claim;
mod code;
mod contract;
mod declared;
mod diagnostic;
mod digest;
mod expression;
mod fact;
mod finding;
mod flow;
mod inventory;
mod license;
mod limits;
mod location;
pub mod names;
mod path;
mod policy;
mod profile;
mod purl;
mod region;
mod relation;
mod report;
mod terms;
mod time;

pub use agreement::{
    Agreement, AgreementReview, ComparedWith, DanglingReference, Difference, DutyReview,
    DutyVerdict, LicenseReview, Passage, QuotedPassage, RestrictionReview, RestrictionVerdict,
    Weakening, WordingDemand,
};
pub use artifact::{
    Artifact, ArtifactFile, ArtifactId, ArtifactKind, FileRole, Tensor, is_archive_name,
};
pub use assessment::{
    AppliedLicense, ArtifactAssessment, AssessedObligation, Assessment, Dormancy, EffectiveTerms,
    EffectiveThreshold, ObligationStatus, UnknownAncestor, UseLimit,
};
pub use bundle::{BundleEntry, BundleGap, BundleText, LicenseBundle, TextOrigin};
pub use claim::{Basis, Claim, ResolverId};
pub use code::{Code, Completeness};
pub use contract::{
    Contract, ContractCoverage, ContractDigest, ContractParticulars, ContractParty, ContractStatus,
    ContractSubject,
};
pub use declared::{Contact, DeclaredComponent, DeclaredFile, DeclaredParty};
pub use diagnostic::{Diagnostic, Severity};
pub use digest::{Algorithm, Digest, Sha512};
pub use expression::parse_expression;
pub use fact::{Fact, FactName, FactValue};
pub use finding::{Finding, Rule};
pub use flow::{
    Binding, Certainty, Clause, ConveyanceRule, Declaration, EnforcementBasis, EnforcementEdge,
    Exemption, FlowGap, FlowGapKind, FlowUnknown, Holding, Hop, HopMode, Instrument, LicenseChain,
    LicenseFlow, Matter, Party, PartyId, PartyRole, Relicensing, Remedy, Standing, Subject,
};
pub use inventory::{
    CapturedText, ConcludedAncestor, ExtraDuty, HiddenFile, Inventory, KnownAncestor,
    LicenseChange, PluginRecord, TextRole, UnclaimedFile,
};
pub use license::{
    LicenseConclusion, LicenseKey, LicenseStatement, LicenseStatus, Recognition, TextMatch,
    TextMatchKind,
};
pub use limits::Limits;
pub use location::{Location, Origin, Span, UserFile};
pub use path::SourcePath;
pub use policy::{
    Baseline, Clarification, FindingIdentity, FindingStanding, LicenseName, Policy,
    PolicyException, PolicyOutcome, PolicyRule, RuleSubject,
};
pub use profile::{Discriminator, PhraseProfile, ProfileKind, TextProfile};
pub use purl::Purl;
pub use region::{countries, countries_named_in};
pub use relation::{Relation, RelationKind, RelationTarget};
pub use report::{
    Attachment, Product, Profile, Report, ScannedImage, ShipMode, SourceIdentity, SourceKind,
};
pub use terms::{
    Conveyance, Directness, Distillation, EvidenceClass, Grant, LicenseTerms, Mental, Obligation,
    Threshold, UseRestriction, Verified,
};
pub use time::{Date, Timestamp};
