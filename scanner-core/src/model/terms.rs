//! What a licence says: the catalogue record, see `docs/licenses.md`.

use std::collections::BTreeMap;

use super::LicenseKey;

/// How rights reach the customer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Conveyance {
    /// Every recipient holds a licence from the licensor.
    DirectLicense,
    /// The vendor may relicense; use restrictions must flow down into every agreement.
    SublicenseWithFlowdown,
    /// The vendor's contract says what its own contracts must say.
    CommercialFlowdown,
    /// Rights may not be passed on.
    NoConveyance,
}

impl Conveyance {
    /// The word used in records and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DirectLicense => "direct-license",
            Self::SublicenseWithFlowdown => "sublicense-with-flowdown",
            Self::CommercialFlowdown => "commercial-flowdown",
            Self::NoConveyance => "no-conveyance",
        }
    }
}

/// Whether the licensor licenses each recipient itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Directness {
    /// The text says so.
    Explicit,
    /// It follows from how rights are granted.
    Implied,
    /// Not once a vendor has relicensed.
    NoneAfterRelicense,
    /// The licensee only, personally.
    ExplicitPersonal,
    /// No.
    None,
    /// The record is not sure.
    Unsure,
}

impl Directness {
    /// The word used in records and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Implied => "implied",
            Self::NoneAfterRelicense => "none-after-relicense",
            Self::ExplicitPersonal => "explicit-personal",
            Self::None => "none",
            Self::Unsure => "unsure",
        }
    }
}

/// Whether a model trained on outputs is a derivative under a licence's definition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Distillation {
    /// The definition reaches it.
    Reached,
    /// Outputs, and with them what is trained on them, are left out.
    OutputsExcluded,
    /// The text does not say, or that was not read.
    Silent,
}

impl Distillation {
    /// The word used in records and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::OutputsExcluded => "outputs-excluded",
            Self::Silent => "silent",
        }
    }
}

/// How a record was verified against the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verified {
    /// The full text was read.
    Read,
    /// The main clauses were read.
    Partial,
    /// From other sources.
    Secondary,
    /// A template, not a licence of somebody.
    Seed,
    /// A name in a table only.
    NameOnly,
}

impl Verified {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Partial => "partial",
            Self::Secondary => "secondary",
            Self::Seed => "seed",
            Self::NameOnly => "name-only",
        }
    }
}

/// What files can show about an obligation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EvidenceClass {
    /// Files decide.
    Mechanical,
    /// Files decide a part.
    MechanicalPartial,
    /// The wording of an agreement or card decides.
    Semi,
    /// Only the vendor can say (users, revenue, regions).
    Declared,
    /// Only a contract can say.
    Contract,
    /// A right of the licensor; nothing to do.
    Flag,
    /// Behaviour; not visible in a product.
    None,
}

impl EvidenceClass {
    /// The word used in records and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mechanical => "mechanical",
            Self::MechanicalPartial => "mechanical-partial",
            Self::Semi => "semi",
            Self::Declared => "declared",
            Self::Contract => "contract",
            Self::Flag => "flag",
            Self::None => "none",
        }
    }
}

/// The mental element of a restriction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mental {
    /// The act itself.
    None,
    /// Only if intended.
    Intent,
    /// Only if it has the effect.
    Effect,
    /// Intended, or with the effect.
    IntentOrEffect,
    /// Only if known.
    Knowledge,
}

impl Mental {
    /// The word used in records and documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Intent => "intent",
            Self::Effect => "effect",
            Self::IntentOrEffect => "intent-or-effect",
            Self::Knowledge => "knowledge",
        }
    }
}

/// How rights are granted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// How rights reach the customer.
    pub conveyance: Conveyance,
    /// Whether the licensor licenses each recipient.
    pub directness: Directness,
    /// `by-use`, `by-exercise` or `signed`.
    pub acceptance: String,
    /// Where the text says by what it binds; `None` when it has no such sentence, or that was not
    /// read.
    pub acceptance_clause: Option<String>,
    /// Whether rights may be sublicensed.
    pub sublicensable: bool,
    /// Under what a derivative may be licensed (`free-with-flowdown`, `same-licence`, …).
    pub relicense_derivatives: String,
    /// Whether a model trained on outputs is a derivative.
    pub distillation: Distillation,
    /// The clauses that say so.
    pub clause: String,
    /// `copyright`, `patent`, `contract`, …
    pub legal_basis: Vec<String>,
    /// Whether and when the grant can be ended.
    pub revocable: String,
    /// What it covers: `model`, `derivatives`, `source-code`, …
    pub covers: Vec<String>,
    /// What it leaves out.
    pub excludes: Vec<String>,
    /// Whether hosting counts as distribution, with the clause; empty when the text is silent.
    pub hosting_is_distribution: String,
    /// What is said of outputs.
    pub outputs: String,
    /// `any`, `non-commercial`, `non-commercial-research`, …
    pub permitted_use: String,
    /// Governing law, with the clause; empty when the text is silent.
    pub governing_law: String,
}

/// A size above which other terms apply.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Threshold {
    /// `mau`, `annual-revenue`, …
    pub metric: String,
    /// The number.
    pub value: u64,
    /// `>` or `>=`.
    pub operator: String,
    /// Over which time.
    pub window: String,
    /// What follows.
    pub effect: String,
    /// Where it stands.
    pub clause: String,
    /// Who is exempt.
    pub exempt: Option<String>,
    /// Currency of a money metric.
    pub currency: Option<String>,
}

/// Something a licence makes somebody do, or lets the licensor do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Obligation {
    /// A kind of the vocabulary, for example `copy-of-licence`.
    pub kind: String,
    /// Where it stands.
    pub clause: String,
    /// What triggers it: `distribute`, `host`, `modify+distribute`, …
    pub triggers: Vec<String>,
    /// What files can show.
    pub evidence: EvidenceClass,
    /// Details, by name.
    pub params: BTreeMap<String, String>,
}

/// A use that a licence forbids.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UseRestriction {
    /// The clause label as the text prints it, for display.
    pub label: String,
    /// Categories of the vocabulary, for example `medical-advice`.
    pub categories: Vec<String>,
    /// The mental element.
    pub mental: Mental,
    /// Exceptions, for example `with-consent`.
    pub exceptions: Vec<String>,
    /// What is special about the wording, in our words.
    pub note: Option<String>,
}

/// What one version of one licence says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseTerms {
    /// Its key.
    pub key: LicenseKey,
    /// Its title.
    pub name: String,
    /// Its date or version, as far as known.
    pub date: Option<String>,
    /// Who licenses.
    pub licensor: Option<String>,
    /// `openrail-m`, `behavioural-use-community`, `oss-permissive`, …
    pub family: String,
    /// How the record was verified.
    pub verified: Verified,
    /// The SPDX id, or `LicenseRef-…`.
    pub spdx: String,
    /// Remarks on the record, among them where it is unsure.
    pub notes: Vec<String>,
    /// How rights are granted.
    pub grant: Grant,
    /// Sizes above which other terms apply.
    pub thresholds: Vec<Threshold>,
    /// What must be done.
    pub obligations: Vec<Obligation>,
    /// What must not be done.
    pub restrictions: Vec<UseRestriction>,
}

impl LicenseTerms {
    /// Whether it is a pattern that contracts follow: terms of nobody, from which nothing follows.
    pub fn is_pattern(&self) -> bool {
        self.verified == Verified::Seed
    }

    /// Whether `spdx` names a licence of the SPDX License List.
    pub fn is_listed(&self) -> bool {
        !self.spdx.starts_with("LicenseRef-")
    }
}
