//! Contracts between the vendor and a licensor, which the settings name, and what they cover.

use std::collections::BTreeMap;

use super::{ArtifactId, Date, Digest, LicenseKey, LicenseTerms, Location, Purl, UserFile};

/// A contract that the settings name: the terms under which the vendor holds some artifacts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contract {
    /// What it says, as the record of any licence does.
    pub terms: LicenseTerms,
    /// What it covers; never empty.
    pub applies_to: Vec<ContractSubject>,
    /// Licences in whose place it stands for what it covers.
    pub replaces: Vec<LicenseKey>,
    /// What only its parties may read; `None` in what customers receive.
    pub particulars: Option<ContractParticulars>,
}

/// What only the parties of a contract may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContractParticulars {
    /// Its file.
    pub declared_in: UserFile,
    /// Who licenses.
    pub licensor: ContractParty,
    /// Who is licensed: the vendor.
    pub licensee: ContractParty,
    /// Title of the agreement that governs it.
    pub agreement: Option<String>,
    /// Number of the order under that agreement.
    pub order: Option<String>,
    /// When it takes effect.
    pub effective: Option<Date>,
    /// First day of its term; else the day on which it takes effect.
    pub from: Option<Date>,
    /// Last day of its term.
    pub until: Option<Date>,
    /// Documents that the vendor names as evidence, by kind of obligation.
    pub evidence: BTreeMap<String, UserFile>,
}

impl ContractParticulars {
    /// The first day on which it is in force, as far as it says.
    pub fn begins(&self) -> Option<Date> {
        self.from.max(self.effective)
    }

    /// Whether it is in force on `day`. Without dates it is.
    pub fn status(&self, day: Date) -> ContractStatus {
        if self.begins().is_some_and(|first| day < first) {
            ContractStatus::NotYet
        } else if self.until.is_some_and(|last| day > last) {
            ContractStatus::Ended
        } else {
            ContractStatus::InForce
        }
    }

    /// One key of its file, as evidence.
    pub fn at(&self, key: impl Into<String>) -> Location {
        Location::user_file(&self.declared_in).at_key(key)
    }
}

/// A party of a contract.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContractParty {
    /// Its name.
    pub name: String,
    /// Companies that stand beside it.
    pub affiliates: Vec<String>,
}

impl ContractParty {
    /// Whether `name` is the party or one of its affiliates; case and spaces around do not count.
    pub fn includes(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        let mut names = std::iter::once(&self.name).chain(&self.affiliates);
        names.any(|known| known.trim().to_lowercase() == name)
    }
}

/// What a contract says it covers: by any of these an artifact is known to be it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContractSubject {
    /// Its content.
    pub digest: Option<ContractDigest>,
    /// Its package URL; without a version, every version.
    pub purl: Option<Purl>,
    /// Its name, in which `*` is any run of characters but `/`, and `?` is one.
    pub name: Option<String>,
}

/// The content that a contract names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ContractDigest {
    /// SHA-256 of a file.
    File(Digest),
    /// The id of an artifact.
    Artifact(ArtifactId),
}

/// Whether a contract is in force on the day of the report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ContractStatus {
    /// It is.
    InForce,
    /// Its term has not begun.
    NotYet,
    /// Its term is over.
    Ended,
}

impl ContractStatus {
    /// The word used in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::NotYet => "not-yet",
            Self::Ended => "ended",
        }
    }
}

/// What one contract was found to cover.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContractCoverage {
    /// Whether it is in force.
    pub status: ContractStatus,
    /// Artifacts of the scan, each with the index of the first entry of `applies_to` that names it.
    pub artifacts: BTreeMap<ArtifactId, usize>,
    /// Ancestors outside the scan by the name that relations state, with the same index.
    pub ancestors: BTreeMap<String, usize>,
}

impl ContractCoverage {
    /// Whether it covers anything here.
    pub fn is_empty(&self) -> bool {
        self.artifacts.is_empty() && self.ancestors.is_empty()
    }
}
