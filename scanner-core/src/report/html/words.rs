//! Words of the model with the tone in which a page shows them. A tone never makes what is unknown
//! look fine: it has a look of its own.

use serde::Serialize;

use crate::model::{
    ArtifactKind, Certainty, ConveyanceRule, DutyVerdict, LicenseStatus, Matter, ObligationStatus,
    RestrictionVerdict, Severity,
};

/// A word and its tone: `good`, `fair`, `doubt`, `bad`, `unknown` or `plain`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Word {
    pub(super) text: &'static str,
    pub(super) tone: &'static str,
}

const fn word(text: &'static str, tone: &'static str) -> Word {
    Word { text, tone }
}

/// Every licence status, best known first.
pub(super) const STATUSES: [LicenseStatus; 5] = [
    LicenseStatus::Concluded,
    LicenseStatus::Detected,
    LicenseStatus::Declared,
    LicenseStatus::Contradicted,
    LicenseStatus::Unknown,
];

/// Every kind of artifact, in the order of inventories.
pub(super) const KINDS: [ArtifactKind; 6] = [
    ArtifactKind::Model,
    ArtifactKind::Adapter,
    ArtifactKind::Dataset,
    ArtifactKind::Tokenizer,
    ArtifactKind::Package,
    ArtifactKind::Document,
];

pub(super) const fn license_status(status: LicenseStatus) -> Word {
    word(
        status.name(),
        match status {
            LicenseStatus::Unknown => "unknown",
            LicenseStatus::Contradicted => "bad",
            LicenseStatus::Declared => "plain",
            LicenseStatus::Detected => "fair",
            LicenseStatus::Concluded => "good",
        },
    )
}

pub(super) const fn obligation_status(status: ObligationStatus) -> Word {
    word(
        status.name(),
        match status {
            ObligationStatus::Contradicted | ObligationStatus::Missing => "bad",
            ObligationStatus::NeedsDeclaration => "doubt",
            ObligationStatus::NotEvidencable => "unknown",
            ObligationStatus::Satisfied => "good",
        },
    )
}

pub(super) const fn severity(severity: Severity) -> Word {
    word(
        severity.name(),
        match severity {
            Severity::Error => "bad",
            Severity::Warning => "doubt",
            Severity::Note => "plain",
        },
    )
}

pub(super) const fn certainty(certainty: Certainty) -> Word {
    word(
        certainty.name(),
        match certainty {
            Certainty::None => "bad",
            Certainty::Disputed | Certainty::BasisUncertain => "doubt",
            Certainty::Implied => "fair",
            Certainty::Certain => "good",
        },
    )
}

pub(super) const fn restriction_verdict(verdict: RestrictionVerdict) -> Word {
    word(
        verdict.name(),
        match verdict {
            RestrictionVerdict::Missing => "bad",
            RestrictionVerdict::Weakened => "doubt",
            RestrictionVerdict::NotComparable => "unknown",
            RestrictionVerdict::Equivalent => "fair",
            RestrictionVerdict::Verbatim => "good",
        },
    )
}

pub(super) const fn duty_verdict(verdict: DutyVerdict) -> Word {
    word(
        verdict.name(),
        match verdict {
            DutyVerdict::Contradicted | DutyVerdict::Missing => "bad",
            DutyVerdict::Open => "unknown",
            DutyVerdict::Stated => "good",
        },
    )
}

pub(super) const fn matter(matter: Matter) -> &'static str {
    match matter {
        Matter::OwnBreach => "own breach",
        Matter::FlowdownOmitted => "not passing terms on",
        Matter::DownstreamBreach => "a breach further down",
        Matter::BreachPermitted => "not stopping a breach",
        Matter::ThirdPartyClaim => "claims of others",
        Matter::SelfHelp => "restricting its use",
        Matter::WithoutBreach => "ending it without a breach",
    }
}

/// How rights travel, in a sentence.
pub(super) const fn story(rule: ConveyanceRule) -> &'static str {
    match rule {
        ConveyanceRule::DirectLicense => {
            "Every recipient of a copy holds this licence from the licensor."
        }
        ConveyanceRule::Relicense => {
            "The licensor licenses the vendor. Whoever comes after holds what was passed on to it, \
             and the restrictions must stand in every agreement."
        }
        ConveyanceRule::TermsOfUse => {
            "The restrictions must stand in every agreement, and whoever uses the material accepts \
             the licensor's own terms by that."
        }
        ConveyanceRule::Contract => {
            "What the licensor agreed with the vendor says what the vendor's own agreements must say."
        }
        ConveyanceRule::NoConveyance => "The licensor licenses the vendor only.",
    }
}
